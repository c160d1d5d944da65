"""Optical flow that carries a mask from one frame to the next, with a measure of trust."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.types import Frame8, Plane, Size

Gray = npt.NDArray[np.uint8]
_LONG_SIDE = 512
_ROUND_TRIP = 3.0
_CUT_HISTOGRAM = 0.45
_CUT_RESIDUAL = 0.55


class _Flow(Protocol):
    def calc(self, before: Gray, after: Gray, flow: None) -> npt.NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True)
class SmallFrame:
    """Frame at the size where flow is computed.

    Attributes:
        gray: (h, w) uint8.
        histogram: colour histogram, float32, sums to 1.
    """

    gray: Gray
    histogram: npt.NDArray[np.float32]

    @property
    def size(self) -> Size:
        """Width and height of the small frame."""
        return Size(self.gray.shape[1], self.gray.shape[0])


@dataclass(frozen=True, slots=True)
class WarpedMask:
    """Mask carried over to the next frame.

    Attributes:
        mask: (h, w) float32 in [0, 1].
        trust: (h, w) float32 in [0, 1], falls where going there and back does not end at the start.
        cut: whether the two frames are of different shots.
    """

    mask: Plane
    trust: Plane
    cut: bool


def raster_size(size: Size) -> Size:
    """Size at which masks are kept and flow is computed: at most 512 on the long side."""
    scale = min(1.0, _LONG_SIDE / max(size))
    return Size(max(16, round(size.width * scale)), max(16, round(size.height * scale)))


def make_small_frame(rgb: Frame8) -> SmallFrame:
    """Reduce an (H, W, 3) uint8 sRGB frame to what flow and cut detection need."""
    size = raster_size(Size(rgb.shape[1], rgb.shape[0]))
    small = cv2.resize(rgb, tuple(size), interpolation=cv2.INTER_AREA)
    histogram = cv2.calcHist([small], [0, 1, 2], None, [8, 8, 8], [0, 256] * 3)
    normalised = np.asarray(histogram / histogram.sum(), np.float32)
    return SmallFrame(np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8), normalised)


def warp_mask(mask: Plane, before: SmallFrame, after: SmallFrame) -> WarpedMask:
    """Carry a mask from `before` to `after`; time may run either way.

    The trust of a pixel is exp(-(d / 3)^2 / 2), d the length in pixels by which the flow there and
    back misses its start.
    """
    there = _dis().calc(after.gray, before.gray, None)
    back = _dis().calc(before.gray, after.gray, None)
    grid = _grid(after.size)
    source = grid + there
    # What comes in from outside the frame is not the object until memory says so.
    carried = cv2.remap(mask, source, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    returned = cv2.remap(back, source, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    missed = np.linalg.norm(there + returned, axis=2)
    trust = np.exp(-0.5 * (missed / _ROUND_TRIP) ** 2).astype(np.float32)
    height, width = mask.shape
    x, y = source[..., 0], source[..., 1]
    trust[(x < 0) | (y < 0) | (x > width - 1) | (y > height - 1)] = 0
    return WarpedMask(np.asarray(carried, np.float32), trust, _is_cut(before, after, source, trust))


def _is_cut(
    before: SmallFrame, after: SmallFrame, source: npt.NDArray[np.float32], trust: Plane
) -> bool:
    """Whether a cut lies between: the colours change, and flow explains nothing.

    Either sign alone is common inside a shot: flashes change the colours, fast motion breaks flow.
    """
    overlap = float(np.minimum(before.histogram, after.histogram).sum())
    predicted = cv2.remap(before.gray, source, None, cv2.INTER_LINEAR)
    error = np.abs(predicted.astype(np.float32) - after.gray)
    spread = float(after.gray.std()) + 8.0
    residual = float(np.mean(error)) / spread
    distrust = 1.0 - float(trust.mean())
    return overlap < 1 - _CUT_HISTOGRAM and max(residual, distrust) > _CUT_RESIDUAL


@lru_cache(maxsize=1)
def _dis() -> _Flow:
    # OpenCV's type stubs leave this factory out.
    factory: Callable[[int], _Flow] = cv2.DISOpticalFlow_create  # type: ignore[attr-defined]
    return factory(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)


@lru_cache(maxsize=4)
def _grid(size: Size) -> npt.NDArray[np.float32]:
    x, y = np.meshgrid(np.arange(size.width), np.arange(size.height))
    return np.stack([x, y], axis=2).astype(np.float32)
