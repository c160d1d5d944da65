"""The commands of the File menu, but for exporting and quitting."""

from __future__ import annotations

from app.features.files.dialogs import FileDialogs
from app.shell.commands import Command
from app.shell.conditions import AllOf, HasModel, Topic, clip_ready, condition, has_clip
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.models.registry import tracker_specs


@condition(Topic.FILES, QT_TRANSLATE_NOOP("Commands", "Save the project first (Ctrl+S)."))
def has_file(owner: FileDialogs) -> bool:
    """Whether the document has a file."""
    return owner.has_file


@condition(Topic.DOCUMENT | Topic.FILES, QT_TRANSLATE_NOOP("Commands", "The clip is not missing."))
def clip_is_missing(owner: HasModel) -> bool:
    """Whether the document's clip cannot be shown."""
    return owner.model.document.clip_missing


@condition(
    Topic.TASKS,
    QT_TRANSLATE_NOOP("Commands", "Wait until the project is collected, or cancel it (Esc)."),
)
def nothing_collected(owner: FileDialogs) -> bool:
    """Whether no project is being collected now."""
    return not owner.collecting


@condition(
    Topic.DOCUMENT,
    QT_TRANSLATE_NOOP("Commands", "Choose a tracker that can be given masks (Models panel)."),
)
def reads_masks(owner: HasModel) -> bool:
    """Whether the project's tracker can be given masks."""
    spec = tracker_specs().get(owner.model.project.settings.tracker)
    return spec is not None and "mask" in spec.accepts


can_import = AllOf(clip_ready, reads_masks)
can_collect = AllOf(clip_ready, nothing_collected)

FILE: tuple[Command[FileDialogs], ...] = (
    Command(
        "file.open",
        QT_TRANSLATE_NOOP("Commands", "&Open clip or project…"),
        ("Ctrl+O",),
        FileDialogs.ask_clip,
        icon="folder-open",
    ),
    Command(
        "file.open_folder",
        QT_TRANSLATE_NOOP("Commands", "Open &folder of stills…"),
        ("Ctrl+Shift+O",),
        FileDialogs.ask_folder,
    ),
    Command(
        "file.demo",
        QT_TRANSLATE_NOOP("Commands", "Open the &demo"),
        (),
        FileDialogs.open_demo,
    ),
    Command(
        "file.save",
        QT_TRANSLATE_NOOP("Commands", "&Save"),
        ("Ctrl+S",),
        FileDialogs.save,
        enabled_when=has_clip,
        icon="floppy-disk",
        separated=True,
    ),
    Command(
        "file.save_as",
        QT_TRANSLATE_NOOP("Commands", "Save &as…"),
        ("Ctrl+Shift+S",),
        FileDialogs.ask_save,
        enabled_when=has_clip,
    ),
    Command(
        "file.revert",
        QT_TRANSLATE_NOOP("Commands", "&Revert to a backup…"),
        (),
        FileDialogs.ask_backup,
        enabled_when=has_file,
    ),
    Command(
        "file.unsaved",
        QT_TRANSLATE_NOOP("Commands", "&Unsaved work…"),
        (),
        FileDialogs.show_unsaved,
    ),
    Command(
        "file.find_clip",
        QT_TRANSLATE_NOOP("Commands", "Find the missing &clip…"),
        (),
        FileDialogs.ask_lost_clip,
        enabled_when=clip_is_missing,
    ),
    Command(
        "file.import_mask",
        QT_TRANSLATE_NOOP("Commands", "&Import mask…"),
        (),
        FileDialogs.ask_mask,
        enabled_when=can_import,
        separated=True,
    ),
    Command(
        "file.import_alpha",
        QT_TRANSLATE_NOOP("Commands", "Import a&lpha sequence…"),
        (),
        FileDialogs.ask_alpha,
        enabled_when=can_import,
    ),
)

COLLECT: tuple[Command[FileDialogs], ...] = (
    Command(
        "file.collect",
        QT_TRANSLATE_NOOP("Commands", "Collect into a folder…"),
        (),
        FileDialogs.ask_collect,
        enabled_when=can_collect,
    ),
)
