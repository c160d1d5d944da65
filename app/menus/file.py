"""The commands of the File menu."""

from __future__ import annotations

from app.actions import Command, has_clip
from app.menus.conditions import (
    can_export,
)
from app.words import QT_TRANSLATE_NOOP

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
        has_clip,
        icon="floppy-disk",
        separated=True,
    ),
    Command(
        "file.save_as",
        QT_TRANSLATE_NOOP("Commands", "Save &as…"),
        ("Ctrl+Shift+S",),
        lambda s: s.save_as(),
        has_clip,
    ),
    Command(
        "file.export",
        QT_TRANSLATE_NOOP("Commands", "&Export…"),
        ("Ctrl+E",),
        lambda s: s.ask_export(),
        can_export,
        icon="export",
        separated=True,
    ),
    Command(
        "file.quit",
        QT_TRANSLATE_NOOP("Commands", "&Quit"),
        ("Ctrl+Q",),
        lambda s: s.close(),
        separated=True,
    ),
)
