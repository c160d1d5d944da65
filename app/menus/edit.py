"""The commands of the Edit menu: undo, prompts, tools, models."""

from __future__ import annotations

from app.actions import Command, Shell
from app.menus.conditions import (
    can_delete,
    can_redo,
    can_undo,
    understands_text,
)
from app.menus.finishing import delete_shape
from app.view_state import SHAPE_TOOLS, ToolName
from app.words import QT_TRANSLATE_NOOP
from matting_core.document import edits


def delete(shell: Shell) -> None:
    """Remove the selected prompt, or else all prompts on this frame; with a shape tool, a shape."""
    editor = shell.editor
    if editor.view.tool in SHAPE_TOOLS and (editor.objects.drawing or editor.objects.shape):
        delete_shape(editor)
        return
    obj, selected, frame = editor.active, editor.view.selected, editor.view.frame
    if obj is None:
        return
    if selected is not None:
        editor.push(
            QT_TRANSLATE_NOOP("Commands", "Remove prompt"),
            lambda p: edits.remove_prompt(p, obj.id, selected),
        )
    else:
        editor.push(
            QT_TRANSLATE_NOOP("Commands", "Remove prompts"),
            lambda p: edits.clear_frame(p, obj.id, frame),
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


_STEPS = (
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
        can_delete,
        icon="trash",
        separated=True,
    ),
)

_TOOLS = (
    _tool(ToolName.SELECT, QT_TRANSLATE_NOOP("Commands", "Select and pan"), "V", "cursor"),
    _tool(ToolName.POINT, QT_TRANSLATE_NOOP("Commands", "Point"), "P", "crosshair"),
    _tool(ToolName.BOX, QT_TRANSLATE_NOOP("Commands", "Box"), "B", "bounding-box"),
    _tool(
        ToolName.GARBAGE, QT_TRANSLATE_NOOP("Commands", "Garbage shape (removes)"), "G", "polygon"
    ),
    _tool(
        ToolName.HOLDOUT,
        QT_TRANSLATE_NOOP("Commands", "Holdout shape (keeps)"),
        "Ctrl+G",
        "shield-check",
    ),
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

EDIT = (*_STEPS, *_TOOLS, *_MODELS)
