"""Types that every part of the core shares; numpy only, never torch.

Coordinates: x to the right, y down, in pixels of the source frame; pixel (0, 0) covers
[0, 1) x [0, 1), so a box over the whole frame is (0, 0, width, height).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, NamedTuple, NewType, Self

import numpy as np
import numpy.typing as npt

from matting_core.errors import InputError

ObjectId = NewType("ObjectId", int)
"""Identity of one matted object inside a project; positive, never reused."""

Frame8 = npt.NDArray[np.uint8]
"""(H, W, 3) uint8, sRGB, what the models and the screen see."""

FramePixels = npt.NDArray[Any]
"""(H, W, 3) uint8, uint16 or float16, as the source stores it (see `FrameSource.transfer`)."""

Plane = npt.NDArray[np.float32]
"""(H, W) float32 in [0, 1]."""

Logits = npt.NDArray[np.float16]
"""(h, w) float16 mask logits over the whole frame, > 0 is inside."""

Transfer = Literal["srgb", "linear"]


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int

    @property
    def hw(self) -> tuple[int, int]:
        """(height, width), the order of array shapes."""
        return self.height, self.width


class DeviceChoice(StrEnum):
    """Device that models run on; `AUTO` takes the first of CUDA, MPS, CPU that is there."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"
    MPS = "mps"


class Quality(StrEnum):
    """Quality of tracking: the encoder's input size."""

    FAST = "fast"
    """512-pixel input on propagated frames, 1024 on stills and prompted frames."""
    FULL = "full"
    """1024-pixel input everywhere."""


class TrackState(StrEnum):
    """State of a segmentation: how it came about."""

    PROMPTED = "prompted"
    TRACKED = "tracked"
    LOST = "lost"
    """The object was not found; the mask is empty on purpose."""


@dataclass(frozen=True, slots=True)
class FrameRange:
    """Half-open range of frame indexes, start <= frame < stop."""

    start: int
    stop: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.stop:
            raise InputError(
                f"The frame range {self.start}:{self.stop} is empty; give A:B with 0 <= A < B."
            )

    def __len__(self) -> int:
        return self.stop - self.start

    def __contains__(self, frame: int) -> bool:
        return self.start <= frame < self.stop

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.start, self.stop))

    @classmethod
    def parse(cls, text: str, length: int) -> Self:
        """Read `A:B` (either side may be left out) for a clip of `length` frames.

        Raises:
            InputError: the text is not a range, is empty, or leaves the clip.

        >>> FrameRange.parse("2:", 10)
        FrameRange(start=2, stop=10)
        """
        first, colon, last = text.partition(":")
        try:
            start, stop = int(first or 0), int(last or length)
        except ValueError:
            colon = ""
            start = stop = 0
        if not colon:
            raise InputError(f"'{text}' is not a frame range; write A:B, for example 0:{length}.")
        if start < 0 or stop > length:
            raise InputError(
                f"The frame range {text} leaves the clip, which has frames 0:{length}."
            )
        return cls(start, stop)


@dataclass(frozen=True, slots=True)
class Segmentation:
    """Segmentation of one object on one frame by a tracker.

    Attributes:
        logits: (h, w) float16 at the decoder's resolution, stretched over the whole frame.
        confidence: [0, 1], the tracker's belief that this is the object.
        state: how it came about; for `LOST` every logit is negative.
    """

    logits: Logits
    confidence: float
    state: TrackState


@dataclass(frozen=True, slots=True)
class Matte:
    """Matte of one object on one frame by a head.

    Attributes:
        alpha: (H, W) float32 in [0, 1], coverage (opacity), linear by definition.
        roi: (H, W) float32 in [0, 1], where matting was needed (ENGINE: R).
        confidence: (H, W) float32 in [0, 1], the head's belief in each alpha value.
    """

    alpha: Plane
    roi: Plane
    confidence: Plane

    def __post_init__(self) -> None:
        if not self.alpha.shape == self.roi.shape == self.confidence.shape:
            raise ValueError("alpha, roi and confidence must have one shape")
