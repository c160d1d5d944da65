"""Content of the timeline: what its lanes draw, taken from the model."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from app.model.model import Model
from app.model.results import Statuses
from matting_core.types import FrameRange, ObjectId


@dataclass(frozen=True, slots=True)
class Row:
    """Row of one object.

    Attributes:
        statuses: of every frame of the clip.
        active: whether prompts go to the object.
        finishing_frames: where its finishing has keyframes.
    """

    object_id: ObjectId
    name: str
    color: str
    prompt_frames: tuple[int, ...]
    statuses: Statuses
    active: bool
    finishing_frames: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TimelineContent:
    """Content of the timeline, besides the playhead.

    Attributes:
        length: frames of the clip; 0 without one.
        rate: frames per second.
        work_range: in and out, if they are set.
        rows: from top to bottom.
        selected: the span of the active object's frames that is selected.
        aspect: width of the clip's frames to their height.
    """

    length: int = 0
    rate: Fraction = Fraction(24)
    work_range: FrameRange | None = None
    rows: tuple[Row, ...] = field(default_factory=tuple)
    selected: FrameRange | None = None
    aspect: float = 16 / 9

    @property
    def active_row(self) -> int | None:
        """The number of the active object's row."""
        return next((number for number, row in enumerate(self.rows) if row.active), None)


def content_of(model: Model) -> TimelineContent:
    """Take the timeline's content from the model."""
    project = model.project
    clip = project.clip
    if clip is None:
        return TimelineContent()
    rows = tuple(
        Row(
            obj.id,
            obj.name,
            obj.color,
            obj.prompt_frames,
            model.results.statuses(obj.id),
            obj.id == model.view.active,
            obj.finishing.key_frames,
        )
        for obj in project
    )
    aspect = clip.size.width / clip.size.height
    selected, work_range = model.view.span, project.work_range
    return TimelineContent(clip.length, clip.rate, work_range, rows, selected, aspect)
