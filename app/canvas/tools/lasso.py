"""The lasso: what is drawn around is added to the mask, or removed from it."""

from __future__ import annotations

import math
from collections.abc import Generator

from app.canvas.tools.base import CanvasTool
from app.canvas.tools.gestures import XY, Drag, Fill, Gesture, Stay, Step, ToolContext, Trail
from app.canvas.tools.painting import LastStroke
from matting_core.document.refine import Mark

_FEWEST = 3


class LassoTool(CanvasTool):
    """Lasso: adds what is drawn around to the mask, or removes it.

    Args:
        last: where the last stroke of a brush ended: none, after a fill.
    """

    def __init__(self, last: LastStroke) -> None:
        super().__init__()
        self._last = last

    def press(self, _context: ToolContext, press: Gesture) -> Drag:
        """A drag draws freely and closes on release; clicks set corners until the first again.

        The left button adds; the right one, Ctrl or Alt removes. A double click or Enter closes
        too.
        """
        removes = press.button == "right" or press.control or press.alt
        mark = Mark.CLEAR if removes else Mark.SOLID
        places = [press.xy]
        gesture = yield (Trail(tuple(places)),)
        while gesture.kind != "release":
            if gesture.xy != places[-1]:
                places.append(gesture.xy)
            gesture = yield (Trail(tuple(places)),)
        if _extent(places) <= gesture.reach / 2:
            places = yield from _corners(press)
        if len(places) < _FEWEST:
            yield (Trail(()),)
            return
        self._last.forget()
        yield (Trail(()), Fill(mark, tuple(places)))


def _corners(press: Gesture) -> Generator[tuple[Step, ...], Gesture, list[XY]]:
    """Take corners from clicks; returns them when the outline is closed."""
    places: list[XY] = [press.xy]
    gesture = yield (Trail((press.xy, press.xy)), Stay())
    while gesture.kind != "close":
        if gesture.kind == "press":
            if math.dist(gesture.xy, places[0]) <= gesture.reach and len(places) >= _FEWEST:
                break
            if gesture.xy != places[-1]:
                places.append(gesture.xy)
        gesture = yield (Trail((*places, gesture.xy)), Stay())
    return places


def _extent(places: list[XY]) -> float:
    return max(math.dist(places[0], place) for place in places)
