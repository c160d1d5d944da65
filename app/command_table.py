"""The table of commands."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from app.actions import Command, has_clip
from app.command_steps import (
    can_export,
    can_redo,
    can_undo,
    choose,
    delete,
    exists,
    has_active,
    prompts_here,
    remove_object,
    toggle_visible,
    understands_text,
)
from app.command_table_time import PLAYBACK, TRACK
from app.view_state import ToolName, ViewMode
from app.words import QT_TRANSLATE_NOOP

MENUS = {
    "file": QT_TRANSLATE_NOOP("Commands", "&File"),
    "edit": QT_TRANSLATE_NOOP("Commands", "&Edit"),
    "view": QT_TRANSLATE_NOOP("Commands", "&View"),
    "object": QT_TRANSLATE_NOOP("Commands", "&Object"),
    "track": QT_TRANSLATE_NOOP("Commands", "&Track"),
    "playback": QT_TRANSLATE_NOOP("Commands", "&Playback"),
    "help": QT_TRANSLATE_NOOP("Commands", "&Help"),
}
_OBJECT_KEYS = 9


def commands() -> tuple[Command, ...]:
    """All commands, in the order of their menus."""
    return (
        *_FILE,
        *_EDIT,
        *_TOOLS,
        *_MODELS,
        *_views(),
        *_ZOOM,
        *_OBJECT,
        *_object_keys(),
        *TRACK,
        *PLAYBACK,
        *_HELP,
    )


_FILE = (
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

_EDIT = (
    Command(
        "edit.undo",
        QT_TRANSLATE_NOOP("Commands", "&Undo"),
        ("Ctrl+Z",),
        lambda s: s.editor.document.stack.undo(),
        can_undo,
        icon="arrow-counter-clockwise",
    ),
    Command(
        "edit.redo",
        QT_TRANSLATE_NOOP("Commands", "&Redo"),
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        lambda s: s.editor.document.stack.redo(),
        can_redo,
        icon="arrow-clockwise",
    ),
    Command(
        "edit.delete",
        QT_TRANSLATE_NOOP("Commands", "&Delete prompt"),
        ("Del",),
        delete,
        prompts_here,
        icon="trash",
        separated=True,
    ),
)


def _tool(name: ToolName, text: str, key: str, icon: str) -> Command:
    return Command(
        f"edit.tool_{name.value}",
        text,
        (key,),
        lambda s: s.editor.view.set_tool(name),
        checked_when=lambda editor: editor.view.tool is name,
        icon=icon,
        separated=name is ToolName.SELECT,
    )


_TOOLS = (
    _tool(ToolName.SELECT, QT_TRANSLATE_NOOP("Commands", "Select and pan"), "V", "cursor"),
    _tool(ToolName.POINT, QT_TRANSLATE_NOOP("Commands", "Point"), "P", "crosshair"),
    _tool(ToolName.BOX, QT_TRANSLATE_NOOP("Commands", "Box"), "B", "bounding-box"),
    Command(
        "edit.text",
        QT_TRANSLATE_NOOP("Commands", "&Text…"),
        ("T",),
        lambda s: s.ask_text(),
        understands_text,
        icon="text-t",
    ),
)

_MODELS = (
    Command(
        "edit.models",
        QT_TRANSLATE_NOOP("Commands", "&Models…"),
        ("Ctrl+Shift+M",),
        lambda s: s.show_models(),
        separated=True,
    ),
)


def _view(mode: ViewMode, text: str, key: str) -> Command:
    return Command(
        f"view.{mode.value}",
        text,
        (key,),
        lambda s: s.editor.view.set_mode(mode),
        has_clip,
        checked_when=lambda editor: editor.view.mode is mode,
    )


def _views() -> Iterator[Command]:
    yield _view(ViewMode.SOURCE, QT_TRANSLATE_NOOP("Commands", "Source"), "F1")
    yield _view(ViewMode.OVERLAY, QT_TRANSLATE_NOOP("Commands", "Overlay"), "F2")
    yield _view(ViewMode.ALPHA, QT_TRANSLATE_NOOP("Commands", "Alpha"), "F3")
    yield _view(ViewMode.ROI, QT_TRANSLATE_NOOP("Commands", "ROI"), "F4")
    yield _view(ViewMode.TRIMAP, QT_TRANSLATE_NOOP("Commands", "Trimap"), "F5")
    yield _view(ViewMode.CHECKER, QT_TRANSLATE_NOOP("Commands", "Checker"), "F6")
    yield Command(
        "view.toggle_alpha",
        QT_TRANSLATE_NOOP("Commands", "Alpha on and off"),
        ("A",),
        lambda s: s.editor.view.toggle_mode(ViewMode.ALPHA, ViewMode.OVERLAY),
        has_clip,
        separated=True,
    )
    yield Command(
        "view.toggle_overlay",
        QT_TRANSLATE_NOOP("Commands", "Overlay on and off"),
        ("M",),
        lambda s: s.editor.view.toggle_mode(ViewMode.OVERLAY, ViewMode.SOURCE),
        has_clip,
    )


_ZOOM = (
    Command(
        "view.fit",
        QT_TRANSLATE_NOOP("Commands", "Fit to window"),
        ("F", "Ctrl+0"),
        lambda s: s.fit(),
        has_clip,
        icon="frame-corners",
        separated=True,
    ),
    Command(
        "view.actual",
        QT_TRANSLATE_NOOP("Commands", "Actual pixels"),
        ("Ctrl+1",),
        lambda s: s.zoom_to(1.0),
        has_clip,
    ),
    Command(
        "view.zoom_in",
        QT_TRANSLATE_NOOP("Commands", "Zoom in"),
        ("Ctrl++", "Ctrl+="),
        lambda s: s.zoom_by(1.25),
        has_clip,
    ),
    Command(
        "view.zoom_out",
        QT_TRANSLATE_NOOP("Commands", "Zoom out"),
        ("Ctrl+-",),
        lambda s: s.zoom_by(0.8),
        has_clip,
    ),
)

_OBJECT = (
    Command(
        "object.add",
        QT_TRANSLATE_NOOP("Commands", "&Add object"),
        ("Ctrl+N",),
        lambda s: s.editor.add_object(),
        has_clip,
        icon="plus",
    ),
    Command(
        "object.remove",
        QT_TRANSLATE_NOOP("Commands", "&Remove object"),
        ("Ctrl+Del",),
        remove_object,
        has_active,
        icon="trash",
    ),
    Command(
        "object.visible",
        QT_TRANSLATE_NOOP("Commands", "&Show or hide object"),
        ("H",),
        toggle_visible,
        has_active,
        icon="eye",
    ),
)


def _object_keys() -> Iterator[Command]:
    for number in range(_OBJECT_KEYS):
        yield Command(
            f"object.choose_{number + 1}",
            QT_TRANSLATE_NOOP("Commands", "Select object") + f" {number + 1}",
            (str(number + 1),),
            partial(choose, number=number),
            exists(number),
            separated=number == 0,
        )


_HELP = (
    Command(
        "help.keys", QT_TRANSLATE_NOOP("Commands", "&Keys"), ("Ctrl+/",), lambda s: s.show_keys()
    ),
    Command(
        "help.about", QT_TRANSLATE_NOOP("Commands", "&About Wisp"), (), lambda s: s.show_about()
    ),
)
