"""The commands of the File menu."""

from __future__ import annotations

from app.shell.commands import Command, has_clip
from app.shell.conditions import (
    can_collect,
    can_export,
    clip_is_missing,
    has_file,
    understands_masks,
)
from app.shell.words import QT_TRANSLATE_NOOP

FILE = (
    Command(
        "file.open",
        QT_TRANSLATE_NOOP("Commands", "&Open clip or project…"),
        ("Ctrl+O",),
        lambda s: s.ask_clip(),
        icon="folder-open",
    ),
    Command(
        "file.open_folder",
        QT_TRANSLATE_NOOP("Commands", "Open &folder of stills…"),
        ("Ctrl+Shift+O",),
        lambda s: s.ask_folder(),
    ),
    Command(
        "file.demo",
        QT_TRANSLATE_NOOP("Commands", "Open the &demo"),
        (),
        lambda s: s.editor.files.open_demo(),
    ),
    Command(
        "file.save",
        QT_TRANSLATE_NOOP("Commands", "&Save"),
        ("Ctrl+S",),
        lambda s: s.save(),
        enabled_when=has_clip,
        icon="floppy-disk",
        separated=True,
    ),
    Command(
        "file.save_as",
        QT_TRANSLATE_NOOP("Commands", "Save &as…"),
        ("Ctrl+Shift+S",),
        lambda s: s.save_as(),
        enabled_when=has_clip,
    ),
    Command(
        "file.revert",
        QT_TRANSLATE_NOOP("Commands", "&Revert to a backup…"),
        (),
        lambda s: s.file_dialogs.ask_backup(),
        enabled_when=has_file,
    ),
    Command(
        "file.unsaved",
        QT_TRANSLATE_NOOP("Commands", "&Unsaved work…"),
        (),
        lambda s: s.file_dialogs.show_unsaved(),
    ),
    Command(
        "file.find_clip",
        QT_TRANSLATE_NOOP("Commands", "Find the missing &clip…"),
        (),
        lambda s: s.file_dialogs.ask_lost_clip(),
        enabled_when=clip_is_missing,
    ),
    Command(
        "file.import_mask",
        QT_TRANSLATE_NOOP("Commands", "&Import mask…"),
        (),
        lambda s: s.file_dialogs.ask_mask(),
        enabled_when=understands_masks,
        separated=True,
    ),
    Command(
        "file.import_alpha",
        QT_TRANSLATE_NOOP("Commands", "Import a&lpha sequence…"),
        (),
        lambda s: s.file_dialogs.ask_alpha(),
        enabled_when=understands_masks,
    ),
    Command(
        "file.export",
        QT_TRANSLATE_NOOP("Commands", "&Export…"),
        ("Ctrl+E",),
        lambda s: s.ask_export(),
        enabled_when=can_export,
        icon="export",
        separated=True,
    ),
    Command(
        "file.collect",
        QT_TRANSLATE_NOOP("Commands", "Collect into a folder…"),
        (),
        lambda s: s.file_dialogs.ask_collect(),
        enabled_when=can_collect,
    ),
    Command(
        "file.quit",
        QT_TRANSLATE_NOOP("Commands", "&Quit"),
        ("Ctrl+Q",),
        lambda s: s.close(),
        separated=True,
    ),
)
