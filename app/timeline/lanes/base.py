"""What a lane of the timeline is, and the table of all."""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from app.model.model import Model
from app.timeline import lanes
from app.timeline.content import Row, TimelineContent
from app.timeline.geometry import TimeScale
from app.timeline.thumbnails import Thumbnails


@dataclass(frozen=True, slots=True)
class LaneSources:
    """Sources of what lanes show.

    Attributes:
        model: document, view and results.
        thumbnails: small pictures of the clip.
    """

    model: Model
    thumbnails: Thumbnails


@dataclass(frozen=True, slots=True)
class LaneView:
    """Everything that a lane is drawn from.

    Attributes:
        rect: the lane's place in the timeline, names included, in pixels.
        scale: where frames are.
        content: what the timeline shows.
        frame: at the playhead.
        row: the object's, in a lane of objects.
    """

    rect: QRectF
    scale: TimeScale
    content: TimelineContent
    frame: int
    row: Row | None = None


class Lane(ABC):
    """Lane of the timeline: a band over the clip's frames.

    Attributes:
        height: pixels.
    """

    height = 24

    def lay_out(  # noqa: B027 - most lanes have nothing to prepare
        self, scale: TimeScale, content: TimelineContent, pixel_ratio: float
    ) -> None:
        """Prepare for another width, content or screen.

        Args:
            scale: where frames are.
            content: what the timeline shows.
            pixel_ratio: pixels of the screen for each of the lane's.
        """

    @abstractmethod
    def paint(self, painter: QPainter, view: LaneView) -> None:
        """Draw the lane; clips of any length should cost about as much as it is wide."""

    def describe(self, frame: int, row: Row) -> str:
        """Say what is under the pointer, or nothing; asked of lanes of objects."""
        del frame, row
        return ""


@dataclass(frozen=True, slots=True)
class LaneSpec:
    """Kind of lane.

    Attributes:
        id: unique among lanes.
        order: lanes stand from top to bottom by it.
        make: makes the lane; it calls `redraw` when it has to be drawn again though neither
            content nor playhead has changed.
        per_object: whether each object's row has it, else the clip once above the rows.
    """

    id: str
    order: int
    make: Callable[[LaneSources, Callable[[], None]], Lane]
    per_object: bool = False


@cache
def lane_specs() -> tuple[LaneSpec, ...]:
    """All kinds of lanes, from top to bottom: every module of this folder that has a `SPEC`."""
    names = [module.name for module in pkgutil.iter_modules(lanes.__path__)]
    modules = [importlib.import_module(f"{lanes.__name__}.{name}") for name in names]
    specs = (getattr(module, "SPEC", None) for module in modules)
    return tuple(sorted((s for s in specs if isinstance(s, LaneSpec)), key=lambda s: s.order))
