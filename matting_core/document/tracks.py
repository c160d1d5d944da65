"""Tracks of a parameter over time: a constant, or keyframes joined by straight lines."""

from __future__ import annotations

import bisect
import itertools
import math
from dataclasses import dataclass, replace
from typing import NamedTuple

from matting_core.errors import InputError

_LAST = 10**9


class Key(NamedTuple):
    """Keyframe: a value set on one frame."""

    frame: int
    value: float


@dataclass(frozen=True, slots=True)
class Track:
    """Track of one parameter over the clip.

    Attributes:
        value: what it is while there are no keyframes.
        keys: by ascending frame; between two of them the value goes along a straight line, before
            the first and after the last it stays.
    """

    value: float
    keys: tuple[Key, ...] = ()

    def __post_init__(self) -> None:
        if not all(math.isfinite(value) for value in self.values):
            raise InputError("A parameter's value is not a number; give it another.")
        check_frames([key.frame for key in self.keys])

    @property
    def values(self) -> tuple[float, ...]:
        """Constant value and the values of all keyframes."""
        return self.value, *(key.value for key in self.keys)

    @property
    def frames(self) -> tuple[int, ...]:
        """The frames with keyframes, ascending."""
        return tuple(key.frame for key in self.keys)

    def at(self, frame: int) -> float:
        """Value on a frame.

        >>> Track(0.0, (Key(10, 1.0), Key(20, 2.0))).at(15)
        1.5
        """
        if not self.keys:
            return self.value
        first, second, part = find_neighbours(self.frames, frame)
        start, stop = self.keys[first].value, self.keys[second].value
        return start + (stop - start) * part

    def with_value(self, frame: int, value: float, *, auto_key: bool = False) -> Track:
        """Track with another value on a frame: on a keyframe if there are any or `auto_key` is set.

        >>> Track(0.0).with_value(5, 1.0)
        Track(value=1.0, keys=())
        >>> Track(0.0).with_value(5, 1.0, auto_key=True).keys
        (Key(frame=5, value=1.0),)
        """
        if not self.keys and not auto_key:
            return replace(self, value=value)
        kept = (key for key in self.keys if key.frame != frame)
        return replace(self, keys=tuple(sorted((*kept, Key(frame, value)))))

    def with_key(self, frame: int) -> Track:
        """Track with a keyframe of its present value on a frame."""
        return self.with_value(frame, self.at(frame), auto_key=True)

    def without_key(self, frame: int) -> Track:
        """Track without a keyframe; the value of the last keyframe becomes the constant."""
        kept = tuple(key for key in self.keys if key.frame != frame)
        value = self.value if kept or not self.keys else self.at(frame)
        return replace(self, value=value, keys=kept)


def find_neighbours(frames: tuple[int, ...], frame: int) -> tuple[int, int, float]:
    """Find the keyframes before and after a frame, and the frame's share of the way between.

    >>> find_neighbours((10, 20), 15), find_neighbours((10, 20), 5), find_neighbours((10, 20), 99)
    ((0, 1, 0.5), (0, 0, 0.0), (1, 1, 0.0))
    """
    after = bisect.bisect_left(frames, frame)
    if after == len(frames):
        return after - 1, after - 1, 0.0
    if after == 0 or frames[after] == frame:
        return after, after, 0.0
    start, stop = frames[after - 1], frames[after]
    return after - 1, after, (frame - start) / (stop - start)


def check_frames(frames: list[int]) -> None:
    """Refuse keyframes that are not on ascending frames of a clip.

    Raises:
        InputError: a frame cannot be a clip's, or two follow in the wrong order.
    """
    if any(not 0 <= frame <= _LAST for frame in frames) or any(
        a >= b for a, b in itertools.pairwise(frames)
    ):
        raise InputError("Keyframes must be on the clip's frames, and in their order.")
