"""The timeline's arithmetic: frames and x positions, tick marks, spans, timecode; no widgets."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from app.coverage import Status, Statuses

_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500)
_TICK_SPACE = 72


@dataclass(frozen=True, slots=True)
class Scale:
    """The clip's whole length laid over a width; each frame covers an equal part of it."""

    left: float
    width: float
    length: int

    @property
    def per_frame(self) -> float:
        """Pixels that one frame covers."""
        return self.width / max(self.length, 1)

    def x(self, frame: float) -> float:
        """Left edge of a frame."""
        return self.left + frame * self.per_frame

    def middle(self, frame: int) -> float:
        """Middle of a frame."""
        return self.x(frame + 0.5)

    def frame(self, x: float) -> int:
        """The frame at a position, held to the clip.

        >>> Scale(10, 100, 5).frame(31), Scale(10, 100, 5).frame(999)
        (1, 4)
        """
        return min(max(int((x - self.left) / self.per_frame), 0), max(self.length - 1, 0))


@dataclass(frozen=True, slots=True)
class Span:
    """Frames start <= frame < stop of one status."""

    start: int
    stop: int
    status: Status


def spans(statuses: Statuses) -> list[Span]:
    """Return runs of equal status, without those that have no matte.

    >>> [(s.start, s.stop, s.status.name) for s in spans(np.array([0, 1, 1, 2], np.uint8))]
    [(1, 3, 'FRESH'), (3, 4, 'STALE')]
    """
    if not len(statuses):
        return []
    cuts = np.flatnonzero(np.diff(statuses)) + 1
    edges = [0, *cuts.tolist(), len(statuses)]
    runs = itertools.pairwise(edges)
    return [Span(a, b, Status(int(statuses[a]))) for a, b in runs if statuses[a] != Status.NONE]


def ticks(scale: Scale) -> list[int]:
    """Return the frames that get a number, about 72 pixels apart, at round values.

    >>> ticks(Scale(0, 720, 100))
    [0, 10, 20, 30, 40, 50, 60, 70, 80, 90]
    """
    least = _TICK_SPACE / max(scale.per_frame, 1e-9)
    factor = 1
    while least > _STEPS[-1] * factor:
        factor *= 10
    step = next(s * factor for s in _STEPS if s * factor >= least)
    return list(range(0, scale.length, step))


def timecode(frame: int, rate: Fraction) -> str:
    """Return hours:minutes:seconds:frames, counting frames at the rounded rate.

    >>> timecode(49, Fraction(24))
    '00:00:02:01'
    """
    base = max(round(rate), 1)
    seconds, rest = divmod(frame, base)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02d}:{minute:02d}:{second:02d}:{rest:02d}"
