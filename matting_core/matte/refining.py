"""Refinement of a matte by strokes of the Refine Edge brush, once for all heads.

A plane of marks is (H, W) uint8: the upper two bits are the `Mark`, the lower six how strong it is,
so that the brush's soft edge survives. Nothing is 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.document.refine import Mark
from matting_core.media.masks import decode_gray
from matting_core.types import Matte, Plane, Size
from matting_core.windows import Window, bounding_box, resize

Gray = npt.NDArray[np.uint8]
"""(H, W) uint8."""

STRONGEST = 63
"""Strength of a place that the brush covers wholly."""

FREE_PULL = 1e-4
"""How hard alpha is held to the guide where a person says that nobody knows, in units of the
matting Laplacian: weaker finds more of the strands, but also haze between them."""


def add_stroke(marks: Gray, coverage: Gray, mark: Mark) -> Gray:
    """Return the marks with a stroke over them; the stronger of two counts.

    Args:
        marks: (h, w) uint8, coded.
        coverage: (h, w) uint8, of the stroke, 255 where the brush covers wholly.
        mark: what the stroke says; `NOTHING` takes away.
    """
    strength = np.asarray(coverage >> 2, np.uint8)
    before = marks & STRONGEST
    if mark is Mark.NOTHING:
        left = np.minimum(before, STRONGEST - strength)
        return np.where(left > 0, (marks & ~np.uint8(STRONGEST)) | left, 0).astype(np.uint8)
    coded = np.asarray(strength | np.uint8(mark << 6), np.uint8)
    return np.where((strength > 0) & (strength >= before), coded, marks).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Refinement:
    """Refinement of one frame: its strokes as planes for a head.

    Attributes:
        marks: (H, W) uint8, coded.
    """

    marks: Gray

    @classmethod
    def decode(cls, png: bytes, size: Size) -> Refinement:
        """Unpack strokes.

        Raises:
            InputError: the bytes are damaged or not of the frame's size.
        """
        return cls(decode_gray(png, size))

    def strength(self, mark: Mark) -> Plane:
        """Strength of a mark at each place, (H, W) float32 in [0, 1]."""
        table = np.zeros(256, np.float32)
        first = int(mark) << 6
        table[first : first + STRONGEST + 1] = np.linspace(0, 1, STRONGEST + 1)
        return np.asarray(cv2.LUT(self.marks, table), np.float32)

    def bounds(self) -> Window | None:
        """Bounds of all places where the object may be by the strokes; None without any."""
        mark = self.marks >> 6
        return bounding_box(np.asarray((mark == Mark.UNKNOWN) | (mark == Mark.SOLID)))

    def apply_to_trimap(self, trimap: Plane, window: Window) -> Plane:
        """Return a window's trimap, at any size, with the strokes applied."""
        size = Size(trimap.shape[1], trimap.shape[0])
        result = trimap
        for mark, value in ((Mark.UNKNOWN, 0.5), (Mark.SOLID, 1.0), (Mark.CLEAR, 0.0)):
            here = resize(_cut(self.strength(mark), window), size) >= 0.5
            result = np.where(here, np.float32(value), result)
        return np.asarray(result, np.float32)

    def loosen_pull(self, pull: Plane, window: Window) -> Plane:
        """Return the pull to the guide, loosened where the strokes say that alpha is unknown."""
        size = Size(pull.shape[1], pull.shape[0])
        here = resize(_cut(self.strength(Mark.UNKNOWN), window), size) >= 0.5
        return np.asarray(np.where(here, np.minimum(pull, np.float32(FREE_PULL)), pull), np.float32)

    def apply_to_matte(self, matte: Matte) -> Matte:
        """Return the matte with alpha 1 and 0 where the strokes say so, with their soft edge."""
        solid, clear = self.strength(Mark.SOLID), self.strength(Mark.CLEAR)
        certain = solid + clear
        alpha = (matte.alpha + (1 - matte.alpha) * solid) * (1 - clear)
        roi = np.maximum(matte.roi, self.strength(Mark.UNKNOWN) >= 0.5) * (1 - certain)
        confidence = np.maximum(matte.confidence, certain)
        return Matte(*(np.asarray(plane, np.float32) for plane in (alpha, roi, confidence)))


def _cut(plane: Plane, window: Window) -> Plane:
    return plane[window.y0 : window.y1, window.x0 : window.x1]
