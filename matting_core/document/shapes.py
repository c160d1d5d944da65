"""Shapes that the user draws to remove from a matte, or to keep in it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from matting_core.document.tracks import check_frames, find_neighbours
from matting_core.errors import InputError

XY = tuple[float, float]
MOST_FEATHER = 50.0
"""Largest sigma of a shape's feather, pixels."""
LEAST_POINTS = 3
_STEPS = 12
_FARTHEST = 1e6


class ShapeRole(StrEnum):
    """Role of a shape: remove or keep."""

    GARBAGE = "garbage"
    """A garbage matte removes: alpha becomes 0."""
    HOLDOUT = "holdout"
    """A holdout (also solid or core matte) keeps: alpha becomes 1."""


@dataclass(frozen=True, slots=True)
class ShapeKey:
    """Keyframe of a shape: its points on one frame, in pixels of the source frame."""

    frame: int
    points: tuple[XY, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """Closed shape with keyframed points.

    Attributes:
        id: unique in its object's finishing.
        role: what it does inside.
        keys: by ascending frame, at least one, each with the same number of points; between two of
            them each point goes along a straight line.
        curved: whether the outline is a closed Catmull-Rom spline through the points, else it is a
            polygon.
        inverted: whether the role applies outside instead.
        feather: sigma of a Gaussian over its edge, in pixels.
        enabled: whether it does anything.
    """

    id: int
    role: ShapeRole
    keys: tuple[ShapeKey, ...]
    curved: bool = False
    inverted: bool = False
    feather: float = 0.0
    enabled: bool = True

    def __post_init__(self) -> None:
        check_frames([key.frame for key in self.keys])
        counts = {len(key.points) for key in self.keys}
        if len(counts) != 1 or min(counts) < LEAST_POINTS:
            raise InputError("A shape needs three points or more, and as many on every keyframe.")
        numbers = [v for key in self.keys for xy in key.points for v in xy]
        if not all(abs(v) <= _FARTHEST for v in numbers):
            raise InputError("A shape's point is too far away; draw it again.")
        if not 0 <= self.feather <= MOST_FEATHER:
            raise InputError(f"A shape's feather goes from 0 to {MOST_FEATHER:g} px.")

    @property
    def frames(self) -> tuple[int, ...]:
        """The frames with keyframes, ascending."""
        return tuple(key.frame for key in self.keys)

    def points_at(self, frame: int) -> tuple[XY, ...]:
        """Points on a frame, interpolated between keyframes."""
        first, second, part = find_neighbours(self.frames, frame)
        pairs = zip(self.keys[first].points, self.keys[second].points, strict=True)
        return tuple((a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part) for a, b in pairs)

    def outline_at(self, frame: int) -> tuple[XY, ...]:
        """The closed outline on a frame as corners of a polygon, curves in short steps."""
        points = self.points_at(frame)
        return sample_spline(points) if self.curved else points

    def with_points(self, frame: int, points: tuple[XY, ...]) -> Shape:
        """Shape with other points on a frame, which becomes a keyframe."""
        kept = tuple(key for key in self.keys if key.frame != frame)
        keys = sorted((*kept, ShapeKey(frame, points)), key=lambda key: key.frame)
        return replace(self, keys=tuple(keys))

    def with_key(self, frame: int) -> Shape:
        """Shape with a keyframe of its present points on a frame."""
        return self.with_points(frame, self.points_at(frame))

    def without_key(self, frame: int) -> Shape:
        """Shape without a keyframe.

        Raises:
            InputError: it was the only one.
        """
        if self.frames == (frame,):
            raise InputError("A shape keeps one keyframe; set another one first.")
        return replace(self, keys=tuple(key for key in self.keys if key.frame != frame))

    def with_point(self, number: int, part: float) -> Shape:
        """Shape with one more point on every keyframe, on the outline.

        A polygon stays as it is; a curve through one more point may change a little near it.

        Args:
            number: the point that it comes after.
            part: how far it is from that one to the next, [0, 1].
        """
        keys = []
        for key in self.keys:
            place = _on_edge(key.points, number, part, curved=self.curved)
            points = (*key.points[: number + 1], place, *key.points[number + 1 :])
            keys.append(replace(key, points=points))
        return replace(self, keys=tuple(keys))

    def without_point(self, number: int) -> Shape:
        """Shape without a point, on every keyframe.

        Raises:
            InputError: fewer than three would be left.
        """
        if len(self.keys[0].points) <= LEAST_POINTS:
            raise InputError("A shape keeps three points; remove the shape instead (Del).")
        return replace(
            self,
            keys=tuple(
                replace(key, points=(*key.points[:number], *key.points[number + 1 :]))
                for key in self.keys
            ),
        )


def sample_spline(points: tuple[XY, ...]) -> tuple[XY, ...]:
    """Sample a closed Catmull-Rom spline through points, as a polygon.

    Uniform, tension 1/2 (Catmull and Rom 1974): p(t) = 1/2 (1 t t^2 t^3) M (p0 p1 p2 p3)'.
    """
    steps = [step / _STEPS for step in range(_STEPS)]
    return tuple(_on_spline(points, number, t) for number in range(len(points)) for t in steps)


def _on_spline(points: tuple[XY, ...], number: int, t: float) -> XY:
    """Place on the spline, `t` after a point."""
    near = [points[(number + offset) % len(points)] for offset in (-1, 0, 1, 2)]
    weights = (
        0.5 * (-t + 2 * t**2 - t**3),
        0.5 * (2 - 5 * t**2 + 3 * t**3),
        0.5 * (t + 4 * t**2 - 3 * t**3),
        0.5 * (-(t**2) + t**3),
    )
    x = math.fsum(w * p[0] for w, p in zip(weights, near, strict=True))
    y = math.fsum(w * p[1] for w, p in zip(weights, near, strict=True))
    return x, y


def _on_edge(points: tuple[XY, ...], number: int, part: float, *, curved: bool) -> XY:
    """Place on the outline, `part` of the way from a point to the next."""
    if curved:
        return _on_spline(points, number, part)
    (x0, y0), (x1, y1) = points[number], points[(number + 1) % len(points)]
    return x0 + (x1 - x0) * part, y0 + (y1 - y0) * part
