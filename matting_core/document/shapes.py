"""Shapes: what the user draws to remove from a matte, or to keep in it, whatever it says."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from matting_core.document.tracks import between, check_frames
from matting_core.errors import InputError

XY = tuple[float, float]
MOST_FEATHER = 50.0
"""Pixels."""
LEAST_POINTS = 3
_STEPS = 12
_FARTHEST = 1e6


class ShapeRole(StrEnum):
    """What a shape does where it is."""

    GARBAGE = "garbage"
    """A garbage matte removes: alpha becomes 0."""
    HOLDOUT = "holdout"
    """A holdout (also solid or core matte) keeps: alpha becomes 1."""


@dataclass(frozen=True, slots=True)
class ShapeKey:
    """Where a shape's points are on one frame, in pixels of the source frame."""

    frame: int
    points: tuple[XY, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A closed shape with keyframed points.

    Attributes:
        id: unique in its object's finishing.
        role: what it does inside.
        keys: by ascending frame, at least one, each with the same number of points; between two of
            them each point goes along a straight line.
        curved: whether the outline is a closed Catmull-Rom spline through the points, else it is a
            polygon.
        inverted: whether it does so outside instead.
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
        """Where its points are on a frame."""
        first, second, part = between(self.frames, frame)
        pairs = zip(self.keys[first].points, self.keys[second].points, strict=True)
        return tuple((a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part) for a, b in pairs)

    def outline_at(self, frame: int) -> tuple[XY, ...]:
        """The closed outline on a frame as corners of a polygon, curves in short steps."""
        points = self.points_at(frame)
        return spline(points) if self.curved else points

    def with_points(self, frame: int, points: tuple[XY, ...]) -> Shape:
        """The shape with its points elsewhere on a frame, which becomes a keyframe."""
        kept = tuple(key for key in self.keys if key.frame != frame)
        keys = sorted((*kept, ShapeKey(frame, points)), key=lambda key: key.frame)
        return replace(self, keys=tuple(keys))


def spline(points: tuple[XY, ...]) -> tuple[XY, ...]:
    """A closed Catmull-Rom spline through points, as a polygon.

    Uniform, tension 1/2 (Catmull and Rom 1974): p(t) = 1/2 (1 t t^2 t^3) M (p0 p1 p2 p3)'.
    """
    count = len(points)
    result: list[XY] = []
    for i in range(count):
        near = [points[(i + offset) % count] for offset in (-1, 0, 1, 2)]
        for step in range(_STEPS):
            t = step / _STEPS
            weights = (
                0.5 * (-t + 2 * t**2 - t**3),
                0.5 * (2 - 5 * t**2 + 3 * t**3),
                0.5 * (t + 4 * t**2 - 3 * t**3),
                0.5 * (-(t**2) + t**3),
            )
            x = math.fsum(w * p[0] for w, p in zip(weights, near, strict=True))
            y = math.fsum(w * p[1] for w, p in zip(weights, near, strict=True))
            result.append((x, y))
    return tuple(result)
