"""The commands of the Edit menu: undo, prompts, tools, models."""

from __future__ import annotations

from collections.abc import Callable

from app.features.finishing.commands import delete_shape
from app.model.brush import Brush
from app.model.tool_names import SHAPE_TOOLS, ToolName
from app.shell.commands import Command, Shell
from app.shell.conditions import (
    brushing,
    can_delete,
    can_redo,
    can_undo,
    strokes_here,
    understands_text,
)
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document import edits

_BRUSH = QT_TRANSLATE_NOOP("Commands", "Brus&hes")


def delete(shell: Shell) -> None:
    """Remove the selected prompt, or else all prompts on this frame.

    With a shape tool, remove a shape; with the Refine Edge brush, its strokes on this frame.
    """
    editor = shell.editor
    if editor.view.tool in SHAPE_TOOLS and (editor.objects.drawing or editor.objects.shape):
        delete_shape(editor)
        return
    obj, selected, frame = editor.active, editor.view.selected, editor.view.frame
    if obj is None:
        return
    if strokes_here(editor):
        editor.push(
            QT_TRANSLATE_NOOP("Commands", "Remove strokes"),
            lambda p: edits.clear_strokes(p, obj.id, frame),
        )
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


def _tool(name: ToolName, text: str, key: str, icon: str, hint: str) -> Command:
    return Command(
        f"edit.tool_{name.value}",
        text,
        (key,),
        lambda s: s.editor.view.set_tool(name),
        checked_when=lambda editor: editor.view.tool is name,
        icon=icon,
        separated=name is ToolName.SELECT,
        hint=hint,
    )


_STEPS = (
    Command(
        "edit.undo",
        QT_TRANSLATE_NOOP("Commands", "&Undo"),
        ("Ctrl+Z",),
        lambda s: s.editor.document.stack.undo(),
        enabled_when=can_undo,
        icon="arrow-counter-clockwise",
    ),
    Command(
        "edit.redo",
        QT_TRANSLATE_NOOP("Commands", "&Redo"),
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        lambda s: s.editor.document.stack.redo(),
        enabled_when=can_redo,
        icon="arrow-clockwise",
    ),
    Command(
        "edit.delete",
        QT_TRANSLATE_NOOP("Commands", "&Delete prompt, strokes or shape"),
        ("Del",),
        delete,
        enabled_when=can_delete,
        icon="trash",
        separated=True,
    ),
)

_TOOLS = (
    _tool(
        ToolName.SELECT,
        QT_TRANSLATE_NOOP("Commands", "Select and pan"),
        "V",
        "cursor",
        QT_TRANSLATE_NOOP(
            "Commands",
            "Drag points, boxes and their handles; drag elsewhere to pan.\n"
            "Right click on a prompt for more.",
        ),
    ),
    _tool(
        ToolName.POINT,
        QT_TRANSLATE_NOOP("Commands", "Point"),
        "P",
        "crosshair",
        QT_TRANSLATE_NOOP(
            "Commands",
            "Left click: the object. Right click or Ctrl: background.\n"
            "Hold Shift to see what a click would give.",
        ),
    ),
    _tool(
        ToolName.BOX,
        QT_TRANSLATE_NOOP("Commands", "Box"),
        "B",
        "bounding-box",
        QT_TRANSLATE_NOOP("Commands", "Drag around the object; drag a handle to reshape the box."),
    ),
    _tool(
        ToolName.BRUSH,
        QT_TRANSLATE_NOOP("Commands", "Brush"),
        "D",
        "paint-brush",
        QT_TRANSLATE_NOOP(
            "Commands",
            "Paint the mask; the right button erases. Ctrl-drag: size.\n"
            "Alt-drag: a straight line. Shift-click: on from the last stroke.",
        ),
    ),
    _tool(
        ToolName.ERASER,
        QT_TRANSLATE_NOOP("Commands", "Eraser"),
        "E",
        "eraser",
        QT_TRANSLATE_NOOP("Commands", "Erase from the mask; the right button paints."),
    ),
    _tool(
        ToolName.LASSO,
        QT_TRANSLATE_NOOP("Commands", "Lasso"),
        "L",
        "scribble-loop",
        QT_TRANSLATE_NOOP(
            "Commands",
            "Draw around what the mask lacks; right button, Ctrl or Alt: around what is too much.\n"
            "Or click corners; Enter or a double click closes, Esc drops.",
        ),
    ),
    _tool(
        ToolName.REFINE,
        QT_TRANSLATE_NOOP("Commands", "Refine Edge"),
        "R",
        "magic-wand",
        QT_TRANSLATE_NOOP(
            "Commands",
            "Paint where matting must look, or what is solid or clear (Shift+R).\n"
            "The right button unmarks; Delete clears the frame.",
        ),
    ),
    _tool(
        ToolName.GARBAGE,
        QT_TRANSLATE_NOOP("Commands", "Garbage shape"),
        "G",
        "polygon",
        QT_TRANSLATE_NOOP(
            "Commands",
            "Removes what is inside. Click points; click the first, or press Enter, to close.\n"
            "Ctrl-click on the outline: one more point. Right click on a point: away with it.",
        ),
    ),
    _tool(
        ToolName.HOLDOUT,
        QT_TRANSLATE_NOOP("Commands", "Holdout shape"),
        "Ctrl+G",
        "shield-check",
        QT_TRANSLATE_NOOP(
            "Commands",
            "Keeps what is inside. Click points; click the first, or press Enter, to close.\n"
            "Ctrl-click on the outline: one more point. Right click on a point: away with it.",
        ),
    ),
    Command(
        "edit.text",
        QT_TRANSLATE_NOOP("Commands", "&Text…"),
        ("T",),
        lambda s: s.ask_text(),
        enabled_when=understands_text,
        icon="text-t",
    ),
)


def _brush(
    name: str, text: str, keys: tuple[str, ...], change: Callable[[Brush], Brush]
) -> Command:
    return Command(
        f"edit.brush_{name}",
        text,
        keys,
        lambda s: s.editor.view.set_brush(change(s.editor.view.brush)),
        enabled_when=brushing,
        submenu=_BRUSH,
    )


_BRUSHES = (
    _brush("smaller", QT_TRANSLATE_NOOP("Commands", "Smaller"), ("[",), Brush.smaller),
    _brush("larger", QT_TRANSLATE_NOOP("Commands", "Larger"), ("]",), Brush.larger),
    _brush(
        "softer",
        QT_TRANSLATE_NOOP("Commands", "Softer"),
        ("Shift+[", "{"),
        lambda brush: brush.harder(-1),
    ),
    _brush(
        "harder",
        QT_TRANSLATE_NOOP("Commands", "Harder"),
        ("Shift+]", "}"),
        lambda brush: brush.harder(1),
    ),
    _brush(
        "mark",
        QT_TRANSLATE_NOOP("Commands", "Next Refine Edge mark"),
        ("Shift+R",),
        Brush.next_mark,
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

EDIT = (*_STEPS, *_TOOLS, *_BRUSHES, *_MODELS)
