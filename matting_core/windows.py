"""Windows: parts of the frame that the encoder is given.

The encoder's input is a square of fixed size, so what it resolves is set by how much of the frame
is put into it. A window around the object gives a small object as many pixels as a large one.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import cv2
import numpy as np

from matting_core.types import Frame8, Plane, Size

Raster = TypeVar("Raster", Frame8, Plane)
_MARGIN = 0.35
_SMALLEST = 0.2
_LONGEST_ASPECT = 1.8


class Window(NamedTuple):
    """Window of whole pixels, x0 < x1 and y0 < y1, in a raster of some size."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def width(self) -> int:
        """Pixels across."""
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        """Pixels down."""
        return self.y1 - self.y0

    @property
    def slices(self) -> tuple[slice, slice]:
        """For indexing a raster: rows, columns."""
        return slice(self.y0, self.y1), slice(self.x0, self.x1)

    def scale(self, source: Size, target: Size) -> Window:
        """Scale the window to a raster of another size, at least one pixel large."""
        sx, sy = target.width / source.width, target.height / source.height
        x0 = min(round(self.x0 * sx), target.width - 1)
        y0 = min(round(self.y0 * sy), target.height - 1)
        x1 = max(round(self.x1 * sx), x0 + 1)
        y1 = max(round(self.y1 * sy), y0 + 1)
        return Window(x0, y0, x1, y1)

    def unite(self, other: Window) -> Window:
        """Smallest window around both."""
        return Window(
            min(self.x0, other.x0),
            min(self.y0, other.y0),
            max(self.x1, other.x1),
            max(self.y1, other.y1),
        )

    def contains(self, other: Window) -> bool:
        """Whether `other` is inside."""
        return self.unite(other) == self

    def is_whole(self, size: Size) -> bool:
        """Whether the window is the whole raster."""
        return self == whole(size)


def whole(size: Size) -> Window:
    """Window over a whole raster."""
    return Window(0, 0, size.width, size.height)


def bounding_box(mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Window | None:
    """Find the smallest window around the True pixels of an (h, w) mask; None without any."""
    ys, xs = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(xs):
        return None
    return Window(int(xs[0]), int(ys[0]), int(xs[-1]) + 1, int(ys[-1]) + 1)


def widen(box: Window, size: Size, doubt: float) -> Window:
    """Widen `box` to a window with room to move: more room the less sure the tracker is.

    Args:
        box: the object's bounds.
        size: the raster they are in.
        doubt: [0, 1]; 1 doubles the room.
    """
    room = _MARGIN * (1 + doubt) * max(box.width, box.height)
    return _grow(box, size, room, (_SMALLEST * size.width, _SMALLEST * size.height))


def add_margin(box: Window, size: Size, margin: float) -> Window:
    """Add a margin on each side, not longer than 1.8 times the breadth if the raster allows.

    Args:
        box: the object's bounds.
        size: the raster they are in.
        margin: in units of the box's longer side.
    """
    return _grow(box, size, margin * max(box.width, box.height), (1, 1))


def snap_to_lattice(window: Window, size: Size) -> Window:
    """Grow the window to a lattice, so that boxes that differ by a little share a window.

    The lattice is the power of two that lies between a sixteenth and an eighth of the window's
    longer side, so each edge moves outwards by less than that.

    Args:
        window: a part of the raster.
        size: the raster's.
    """
    step = 2 ** max(0, (max(window.width, window.height) // 8).bit_length() - 1)
    return Window(
        window.x0 // step * step,
        window.y0 // step * step,
        min(size.width, -(-window.x1 // step) * step),
        min(size.height, -(-window.y1 // step) * step),
    )


def _grow(box: Window, size: Size, room: float, smallest: tuple[float, float]) -> Window:
    width = max(box.width + 2 * room, smallest[0])
    height = max(box.height + 2 * room, smallest[1])
    width = max(width, height / _LONGEST_ASPECT)
    height = max(height, width / _LONGEST_ASPECT)
    x0, x1 = _place((box.x0 + box.x1) / 2, width, size.width)
    y0, y1 = _place((box.y0 + box.y1) / 2, height, size.height)
    return Window(x0, y0, x1, y1)


def cut_out(raster: Raster, window: Window, side: int) -> Raster:
    """Cut the window's pixels out, stretched to a square; areas are averaged when shrinking."""
    part = raster[window.y0 : window.y1, window.x0 : window.x1]
    return resize(part, Size(side, side))


def resize(raster: Raster, size: Size) -> Raster:
    """Resize a raster: areas averaged when shrinking, bilinear when growing."""
    height, width = raster.shape[:2]
    if (height, width) == size.hw:
        return raster
    shrinks = height > size.height or width > size.width
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    changed: Raster = cv2.resize(raster, tuple(size), interpolation=how)
    return changed


def paste(part: Plane, window: Window, size: Size, outside: float) -> Plane:
    """Paste `part`, stretched over the window, into an (h, w) float32 raster of `outside`."""
    raster = np.full(size.hw, outside, np.float32)
    how = cv2.INTER_AREA if part.shape[0] > window.height else cv2.INTER_LINEAR
    stretched = cv2.resize(part, (window.width, window.height), interpolation=how)
    raster[window.y0 : window.y1, window.x0 : window.x1] = stretched
    return raster


def _place(centre: float, extent: float, limit: int) -> tuple[int, int]:
    extent = min(extent, limit)
    start = min(max(centre - extent / 2, 0), limit - extent)
    first = int(start)
    return first, min(limit, max(first + 1, round(start + extent)))
