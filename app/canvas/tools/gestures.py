"""Gestures that tools are given, and the steps that they answer with; needs no window."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Literal

from app.model.brush import Brush, Dab, Paint
from app.model.change import Change
from matting_core.document import edits
from matting_core.document.edits import Edit
from matting_core.document.project import MatteObject, Project
from matting_core.document.prompts import PointPrompt, Prompt
from matting_core.document.refine import Mark
from matting_core.types import ObjectId, Size

XY = tuple[float, float]
Pointer = Literal["arrow", "point", "move", "across", "down", "falling", "rising", "cross", "none"]
"""The shape of the mouse's pointer."""


@dataclass(frozen=True, slots=True)
class Gesture:
    """Mouse event on the canvas.

    Attributes:
        kind: press, move (with the button held), release, hover (with none held), or close: an
            outline of corners is to be closed.
        xy: position in image pixels; may lie outside the frame.
        button: the button that the drag began with.
        control: whether Ctrl was held.
        reach: how many image pixels count as "on" a marker, so about 10 on screen.
        shift: whether Shift was held.
        alt: whether Alt was held.
        pressure: of a tablet's pen, [0, 1]; 1 for a mouse.
    """

    kind: Literal["press", "move", "release", "hover", "close"]
    xy: XY
    button: Literal["left", "right"] = "left"
    control: bool = False
    reach: float = 4.0
    shift: bool = False
    alt: bool = False
    pressure: float = 1.0


@dataclass(frozen=True, slots=True)
class ToolContext:
    """Knowledge that a tool is given with each gesture.

    Attributes:
        frame: the frame on screen.
        size: of the clip.
        obj: the active object, if there is one.
        brush: how the brushes paint.
        shape: the selected shape's id.
        point: the number of that shape's point that is selected.
        selected: the prompt that is selected.
    """

    frame: int
    size: Size
    obj: MatteObject | None = None
    brush: Brush = field(default_factory=Brush)
    shape: int | None = None
    point: int | None = None
    selected: Prompt | None = None


@dataclass(frozen=True, slots=True)
class Rubber:
    """Step that shows a box while it is drawn; None takes it away."""

    xyxy: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True)
class Pan:
    """Step that moves the view by so many image pixels."""

    dxy: XY


@dataclass(frozen=True, slots=True)
class Select:
    """Step that selects a prompt, or none."""

    prompt: Prompt | None


@dataclass(frozen=True, slots=True)
class Menu:
    """Step that offers at the cursor what can be done with a prompt."""

    prompt: Prompt


@dataclass(frozen=True, slots=True)
class PickShape:
    """Step that selects a shape of the active object and one of its points, or none."""

    shape_id: int | None
    point: int | None = None


@dataclass(frozen=True, slots=True)
class Ink:
    """Step that lays ink from one dab to another; it belongs to the stroke until `Finish`.

    Attributes:
        paint: what the stroke changes.
        mark: what it says; for the mask, solid adds and clear removes.
        start: where the ink begins.
        end: where it ends; the radius goes over from one to the other.
        hardness: share of the radius that is covered wholly.
    """

    paint: Paint
    mark: Mark
    start: Dab
    end: Dab
    hardness: float


@dataclass(frozen=True, slots=True)
class Finish:
    """Step that completes a stroke; it ended here."""

    end: Dab


@dataclass(frozen=True, slots=True)
class Fill:
    """Step that adds the inside of an outline to the mask (solid), or removes it (clear)."""

    mark: Mark
    places: tuple[XY, ...]


@dataclass(frozen=True, slots=True)
class Trail:
    """Step that shows a line, so many pixels broad (0: thin), while it is drawn; () removes it."""

    places: tuple[XY, ...]
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Resize:
    """Step that makes the brush so large, its circle shown at a place."""

    diameter: float
    at: XY


@dataclass(frozen=True, slots=True)
class Tell:
    """Step that tells the user what to do."""

    text: str


@dataclass(frozen=True, slots=True)
class PreviewClick:
    """Step that shows what a click with this point would give; None takes it away."""

    prompt: PointPrompt | None


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Step that takes the last point of a drawing back."""


@dataclass(frozen=True, slots=True)
class Stay:
    """Step of a tool that goes on after the release: the next press belongs to it too."""


Step = (
    Change
    | Rubber
    | Pan
    | Select
    | Menu
    | PickShape
    | Ink
    | Finish
    | Fill
    | Trail
    | Resize
    | Tell
    | PreviewClick
    | TakeBack
    | Stay
)
Drag = Generator[tuple[Step, ...], Gesture, None]


def add_prompt(context: ToolContext, prompt: Prompt) -> Edit:
    """Add a prompt to the active object, or to a new one if there is none."""

    def edit(project: Project) -> Project:
        if context.obj is not None:
            return edits.add_prompts(project, context.obj.id, [prompt])
        new = ObjectId(project.next_id)
        return edits.add_prompts(edits.add_object(project), new, [prompt])

    return edit


def replace_prompt(object_id: ObjectId, old: Prompt, new: Prompt) -> Edit:
    """Put a prompt in another one's place."""
    return lambda project: edits.replace_prompt(project, object_id, old, new)


def inside(xy: XY, size: Size) -> bool:
    """Whether a place is on the frame."""
    return 0 <= xy[0] < size.width and 0 <= xy[1] < size.height


def clamp(xy: XY, size: Size) -> XY:
    """The nearest place on the frame."""
    return min(max(xy[0], 0.0), float(size.width)), min(max(xy[1], 0.0), float(size.height))
