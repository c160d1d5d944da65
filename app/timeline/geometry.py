"""Arithmetic of the timeline: frames and x positions, tick marks, spans, timecode; no widgets."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from app.model.results import Statuses
from matting_core.results.status import Status

_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500)
_TICK_SPACE = 72
RULER = 28
"""Height of the ruler, which the playhead's number stands in."""


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Scale of the clip's whole length over a width; each frame covers an equal part of it."""

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

        >>> TimeScale(10, 100, 5).frame(31), TimeScale(10, 100, 5).frame(999)
        (1, 4)
        """
        return min(max(int((x - self.left) / self.per_frame), 0), max(self.length - 1, 0))


@dataclass(frozen=True, slots=True)
class StatusSpan:
    """Frames start <= frame < stop of one status."""

    start: int
    stop: int
    status: Status


def spans(statuses: Statuses) -> list[StatusSpan]:
    """Return runs of equal status, without those that have no matte.

    >>> [(s.start, s.stop, s.status.name) for s in spans(np.array([0, 1, 1, 2], np.uint8))]
    [(1, 3, 'FRESH'), (3, 4, 'STALE')]
    """
    if not len(statuses):
        return []
    cuts = np.flatnonzero(np.diff(statuses)) + 1
    edges = [0, *cuts.tolist(), len(statuses)]
    runs = itertools.pairwise(edges)
    return [
        StatusSpan(a, b, Status(int(statuses[a]))) for a, b in runs if statuses[a] != Status.NONE
    ]


@dataclass(frozen=True, slots=True)
class GovernedSpan:
    """Frames that one prompted frame governs on one side of it.

    Attributes:
        start: first frame.
        stop: after the last one.
        forward: whether they come after the prompted frame.
    """

    start: int
    stop: int
    forward: bool


def reaches(prompt_frames: Sequence[int], length: int) -> list[GovernedSpan]:
    """Return what each prompted frame governs, first before and then after it.

    The halfway line is that of `matting_core.document.propagation.governing_frame`.

    >>> [(r.start, r.stop, r.forward) for r in reaches([2, 5], 8)]
    [(0, 2, False), (3, 4, True), (4, 5, False), (6, 8, True)]
    """
    result = []
    ends = [0, *((a + b) // 2 + 1 for a, b in itertools.pairwise(prompt_frames)), length]
    for number, frame in enumerate(prompt_frames):
        start, stop = ends[number], ends[number + 1]
        sides = GovernedSpan(start, frame, False), GovernedSpan(frame + 1, stop, True)
        result += [side for side in sides if side.start < side.stop]
    return result


@dataclass(frozen=True, slots=True)
class ThumbnailPlace:
    """Room for a thumbnail: its left edge and width, and the frame at its middle."""

    left: float
    width: float
    frame: int


def slots(scale: TimeScale, width: float) -> tuple[ThumbnailPlace, ...]:
    """Return as many slots of a width as fit side by side, spread over the scale; one at least.

    >>> [(s.left, s.frame) for s in slots(TimeScale(0, 100, 50), 30)]
    [(0.0, 8), (33.333333333333336, 25), (66.66666666666667, 41)]
    """
    if not scale.length:
        return ()
    count = max(1, int(scale.width // max(width, 1)))
    each = scale.width / count
    lefts = (scale.left + number * each for number in range(count))
    return tuple(ThumbnailPlace(left, each, scale.frame(left + each / 2)) for left in lefts)


def ticks(scale: TimeScale) -> list[int]:
    """Return the frames that get a number, about 72 pixels apart, at round values.

    >>> ticks(TimeScale(0, 720, 100))
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
