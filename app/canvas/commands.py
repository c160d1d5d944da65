"""The commands of the canvas: tools, brushes, what they delete, the wipe's line and the zoom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from app.canvas.controls.comparison import ComparisonView
from app.canvas.tools.gestures import ToolContext
from app.canvas.tools.host import ToolHost
from app.canvas.tools.shapes import ShapeTool
from app.canvas.view import Canvas
from app.model.brush import Brush
from app.model.look import Comparison
from app.model.model import Model
from app.model.tool_names import BRUSHES as BRUSH_TOOLS
from app.model.tool_names import ToolName
from app.shell.commands import Command
from app.shell.conditions import Condition, HasModel, Topic, condition, has_clip
from app.shell.words import QT_TRANSLATE_NOOP

_BRUSH = QT_TRANSLATE_NOOP("Commands", "Brus&hes")
_WIPE_STEP = 0.05


@dataclass(frozen=True, slots=True)
class CanvasCommands:
    """Owner of the canvas's commands.

    Attributes:
        model: what the tools change.
        tools: runs the chosen tool.
        canvas: shows the picture.
        comparison: has the line of a wipe.
    """

    model: Model
    tools: ToolHost
    canvas: Canvas
    comparison: ComparisonView

    @property
    def context(self) -> ToolContext | None:
        """What the tool may know where the playhead is; None without a clip."""
        return self.tools.context(self.model.view.frame, self.model.active)


@condition(Topic.TOOL, QT_TRANSLATE_NOOP("Commands", "Choose a brush first (D, E or R)."))
def brushing(owner: HasModel) -> bool:
    """Whether a brush is chosen."""
    return owner.model.view.tool in BRUSH_TOOLS


@condition(
    Topic.TOOL,
    QT_TRANSLATE_NOOP(
        "Commands", "Draw a shape of three points first (garbage G, holdout Ctrl+G)."
    ),
)
def can_close_shape(owner: CanvasCommands) -> bool:
    """Whether a shape is being drawn and has points enough."""
    tool = owner.tools.tool
    return isinstance(tool, ShapeTool) and tool.can_finish


@condition(Topic.VIEW, QT_TRANSLATE_NOOP("Commands", "Begin a wipe first (View, Compare, Wipe)."))
def wiping(owner: HasModel) -> bool:
    """Whether two pictures are compared with a line between them."""
    return owner.model.view.look.comparison is Comparison.WIPE


@condition(
    Topic.DOCUMENT | Topic.ACTIVE | Topic.TOOL | Topic.OBJECTS | Topic.PLAYHEAD,
    QT_TRANSLATE_NOOP(
        "Commands", "The active object has no prompt on this frame; go to one that has."
    ),
)
def can_delete(owner: CanvasCommands) -> bool:
    """Whether Delete has anything to remove: prompts or strokes on this frame, or a shape."""
    context = owner.context
    return context is not None and bool(owner.tools.tool.deletion(context))


def delete(owner: CanvasCommands) -> None:
    """Remove what the tool works on: a prompt, all prompts of the frame, strokes or a shape."""
    context = owner.context
    if context is not None:
        owner.tools.delete(context)


def close_shape(owner: CanvasCommands) -> None:
    """Make a shape of the points that were drawn."""
    context = owner.context
    if context is not None:
        owner.tools.finish(context)


def move_wipe(owner: CanvasCommands, by: float) -> None:
    """Move the line of a wipe by a part of the frame's width."""
    owner.comparison.move_by(by)


def zoom_by(owner: CanvasCommands, factor: float) -> None:
    """Zoom in or out."""
    owner.canvas.zoom_by(factor)


def _tool(name: ToolName, text: str, key: str, icon: str, hint: str) -> Command[HasModel]:
    def on(owner: HasModel) -> bool:
        return owner.model.view.tool is name

    return Command(
        f"edit.tool_{name.value}",
        text,
        (key,),
        lambda owner: owner.model.view.set_tool(name),
        checked_when=Condition(on, Topic.TOOL),
        icon=icon,
        separated=name is ToolName.SELECT,
        hint=hint,
    )


DELETE: tuple[Command[CanvasCommands], ...] = (
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

TOOLS: tuple[Command[HasModel], ...] = (
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
)


def _brush(
    name: str, text: str, keys: tuple[str, ...], change: Callable[[Brush], Brush]
) -> Command[HasModel]:
    return Command(
        f"edit.brush_{name}",
        text,
        keys,
        lambda owner: owner.model.view.set_brush(change(owner.model.view.brush)),
        enabled_when=brushing,
        submenu=_BRUSH,
    )


BRUSHES: tuple[Command[HasModel], ...] = (
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

SHAPES: tuple[Command[CanvasCommands], ...] = (
    Command(
        "object.close_shape",
        QT_TRANSLATE_NOOP("Commands", "Close the shape"),
        (),
        close_shape,
        enabled_when=can_close_shape,
    ),
)


def wipe(submenu: str) -> tuple[Command[CanvasCommands], ...]:
    """Commands that move the line of a wipe, in a submenu."""
    return (
        Command(
            "view.wipe_left",
            QT_TRANSLATE_NOOP("Commands", "Line of the wipe to the left"),
            ("Alt+Left",),
            partial(move_wipe, by=-_WIPE_STEP),
            enabled_when=wiping,
            separated=True,
            submenu=submenu,
        ),
        Command(
            "view.wipe_right",
            QT_TRANSLATE_NOOP("Commands", "Line of the wipe to the right"),
            ("Alt+Right",),
            partial(move_wipe, by=_WIPE_STEP),
            enabled_when=wiping,
            submenu=submenu,
        ),
    )


ZOOM: tuple[Command[CanvasCommands], ...] = (
    Command(
        "view.fit",
        QT_TRANSLATE_NOOP("Commands", "Fit to window"),
        ("F", "Ctrl+0"),
        lambda owner: owner.canvas.fit(),
        enabled_when=has_clip,
        icon="frame-corners",
        separated=True,
    ),
    Command(
        "view.actual",
        QT_TRANSLATE_NOOP("Commands", "Actual pixels"),
        ("Ctrl+1",),
        lambda owner: owner.canvas.zoom_to(1.0),
        enabled_when=has_clip,
    ),
    Command(
        "view.zoom_in",
        QT_TRANSLATE_NOOP("Commands", "Zoom in"),
        ("Ctrl++", "Ctrl+="),
        partial(zoom_by, factor=1.25),
        enabled_when=has_clip,
    ),
    Command(
        "view.zoom_out",
        QT_TRANSLATE_NOOP("Commands", "Zoom out"),
        ("Ctrl+-",),
        partial(zoom_by, factor=0.8),
        enabled_when=has_clip,
    ),
)
