"""A box's eight handles: where they are, and what dragging one makes of the box."""

from __future__ import annotations

import math
from typing import NamedTuple

from app.canvas.tools.gestures import XY
from matting_core.types import Size

XYXY = tuple[float, float, float, float]
_LEAST = 1.0


class Handle(NamedTuple):
    """Handle of a box by the sides that it drags: x is -1 (left), 1 (right) or 0; so y."""

    x: int
    y: int


HANDLES = tuple(Handle(x, y) for y in (-1, 0, 1) for x in (-1, 0, 1) if (x, y) != (0, 0))


def place_of(handle: Handle, box: XYXY) -> XY:
    """Where a handle is, in image pixels."""
    middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    half = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
    return middle[0] + handle.x * half[0], middle[1] + handle.y * half[1]


def handle_at(box: XYXY, xy: XY, reach: float) -> Handle | None:
    """The handle at a place; on a small box they reach less far, so that its edge can be had."""
    near = min(reach, max(box[2] - box[0], box[3] - box[1]) / 6)
    distances = {handle: math.dist(place_of(handle, box), xy) for handle in HANDLES}
    nearest = min(HANDLES, key=distances.__getitem__)
    return nearest if distances[nearest] <= near else None


def resize_box(box: XYXY, handle: Handle, by: XY, size: Size) -> XYXY:
    """The box with a handle dragged `by` pixels: on the frame, never inverted."""
    x0, x1 = _span(box[0], box[2], handle.x, by[0], size.width)
    y0, y1 = _span(box[1], box[3], handle.y, by[1], size.height)
    return x0, y0, x1, y1


def move_box(box: XYXY, by: XY, size: Size) -> XYXY:
    """The box shifted `by` pixels, as far as the frame goes."""
    dx = min(max(by[0], -box[0]), size.width - box[2])
    dy = min(max(by[1], -box[1]), size.height - box[3])
    return box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy


def edge_distance(box: XYXY, xy: XY) -> float:
    """How far a place is from the box's edge, inside or outside."""
    x0, y0, x1, y1 = box
    outside = math.hypot(max(x0 - xy[0], 0, xy[0] - x1), max(y0 - xy[1], 0, xy[1] - y1))
    inside = min(xy[0] - x0, x1 - xy[0], xy[1] - y0, y1 - xy[1])
    return outside if outside > 0 else max(inside, 0.0)


def _span(low: float, high: float, side: int, by: float, limit: float) -> tuple[float, float]:
    least = min(_LEAST, high - low)
    if side < 0:
        return min(max(low + by, 0.0), high - least), high
    if side > 0:
        return low, max(min(high + by, limit), low + least)
    return low, high
