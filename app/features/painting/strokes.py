"""Strokes as pixels: what a brush covers, what a stroke makes of a mask; numpy, no Qt."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from app.canvas.tools.gestures import XY
from app.model.brush import Dab, Paint
from matting_core.document.refine import Mark
from matting_core.matte.refining import Gray, add_stroke
from matting_core.types import ObjectId, Size
from matting_core.windows import Window

_FULL = 255
_BITS = 4
_LEAST_PIECE = 64.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """Stroke that is complete.

    Attributes:
        paint: what it changes.
        mark: what it says; for the mask, solid adds and clear removes.
        object_id: whose.
        frame: its index.
        window: where it is.
        coverage: (h, w) uint8 over the window, 255 where the brush covers wholly; read-only.
    """

    paint: Paint
    mark: Mark
    object_id: ObjectId
    frame: int
    window: Window
    coverage: Gray

    @property
    def place(self) -> tuple[Paint, ObjectId, int]:
        """Which plane it changes."""
        return self.paint, self.object_id, self.frame

    def on(self, plane: Gray) -> Gray:
        """A mask, or coded marks, (H, W) uint8, with the stroke on it."""
        at = self.window.slices
        result = plane.copy()
        result[at] = painted(plane[at], self.coverage, self.paint, self.mark)
        return result


def painted(before: Gray, coverage: Gray, paint: Paint, mark: Mark) -> Gray:
    """Return a mask, or coded marks, (h, w) uint8, with a stroke's coverage on it."""
    if paint == "refine":
        return add_stroke(before, coverage, mark)
    if mark is Mark.SOLID:
        return np.asarray(_FULL - cv2.multiply(_FULL - before, _FULL - coverage, scale=1 / _FULL))
    return np.asarray(cv2.multiply(before, _FULL - coverage, scale=1 / _FULL))


class StrokeCoverage:
    """Coverage of the stroke that is being drawn.

    Within a stroke the larger coverage counts, so that it looks the same however often the brush
    goes over a place, and dabs are never seen: between two of them it is swept, not stamped.

    Args:
        size: the frame's.
    """

    def __init__(self, size: Size) -> None:
        self._size = size
        self._coverage = np.zeros(size.hw, np.uint8)
        self._window: Window | None = None

    @property
    def window(self) -> Window | None:
        """Around all that was drawn, or None."""
        return self._window

    def part(self, window: Window) -> Gray:
        """The coverage over a window, as it is now."""
        return self._coverage[window.slices]

    def sweep(self, start: Dab, end: Dab, hardness: float) -> Iterator[Window]:
        """Draw from one dab to another; yields what has changed, piece by piece."""
        for one, other in _pieces(start, end):
            window = _around(one, other, self._size)
            if window is None:
                continue
            part = self.part(window)
            np.maximum(part, _swept(window, one, other, hardness), out=part)
            self._note(window)
            yield window

    def fill(self, places: Sequence[XY]) -> Window | None:
        """Draw the inside of an outline; returns where."""
        outline = np.rint((np.array(places) - 0.5) * 2**_BITS).astype(np.int32)
        xs, ys = zip(*places, strict=True)
        window = _clip_to(min(xs) - 1, min(ys) - 1, max(xs) + 1, max(ys) + 1, self._size)
        if window is None:
            return None
        cv2.fillPoly(self._coverage, [outline], _FULL, cv2.LINE_AA, _BITS)
        self._note(window)
        return window

    def _note(self, window: Window) -> None:
        self._window = window if self._window is None else self._window.unite(window)


def _pieces(start: Dab, end: Dab) -> Iterator[tuple[Dab, Dab]]:
    """Parts of a long way, so that what is computed is not much more than what is covered."""
    longest = max(_LEAST_PIECE, start.radius, end.radius)
    count = max(1, math.ceil(start.distance(end) / longest))
    ways = [
        Dab(*(a + (b - a) * step / count for a, b in zip(start, end, strict=True)))
        for step in range(count + 1)
    ]
    yield from itertools.pairwise(ways)


def _around(one: Dab, other: Dab, size: Size) -> Window | None:
    room = max(one.radius, other.radius) + 1
    return _clip_to(
        min(one.x, other.x) - room,
        min(one.y, other.y) - room,
        max(one.x, other.x) + room,
        max(one.y, other.y) + room,
        size,
    )


def _clip_to(x0: float, y0: float, x1: float, y1: float, size: Size) -> Window | None:
    left, top = max(0, math.floor(x0)), max(0, math.floor(y0))
    right, bottom = min(size.width, math.ceil(x1)), min(size.height, math.ceil(y1))
    return Window(left, top, right, bottom) if left < right and top < bottom else None


def _swept(window: Window, one: Dab, other: Dab, hardness: float) -> Gray:
    """What a round brush covers on its way, (h, w) uint8.

    With d the distance to the way and r the radius at its nearest place, coverage falls from 1 at
    hardness * r to 0 at r, by 3s^2 - 2s^3, and within a pixel at least.
    """
    x = np.arange(window.x0, window.x1, dtype=np.float32)[None] + np.float32(0.5 - one.x)
    y = np.arange(window.y0, window.y1, dtype=np.float32)[:, None] + np.float32(0.5 - one.y)
    dx, dy = other.x - one.x, other.y - one.y
    squared = dx * dx + dy * dy
    if squared > 0:
        along = np.clip((x * (dx / squared) + y * (dy / squared)), 0, 1, dtype=np.float32)
        distance = cv2.magnitude(x - along * np.float32(dx), y - along * np.float32(dy))
        radius = np.float32(one.radius) + along * np.float32(other.radius - one.radius)
    else:
        shape = (window.height, window.width)
        distance = cv2.magnitude(
            np.ascontiguousarray(np.broadcast_to(x, shape)),
            np.ascontiguousarray(np.broadcast_to(y, shape)),
        )
        radius = np.full((1, 1), max(one.radius, other.radius), np.float32)
    outer = radius + np.float32(0.5)
    fall = np.maximum(radius * np.float32(1 - hardness), 0) + np.float32(1)
    share = np.clip((outer - distance) / fall, 0, 1)
    soft = share * share * (3 - 2 * share) if hardness < 1 else share
    return np.asarray(cv2.convertScaleAbs(soft, alpha=_FULL), np.uint8)
