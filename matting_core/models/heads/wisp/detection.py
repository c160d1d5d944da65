"""Detection: the networks' prediction for a window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matting_core.types import Plane, Size
from matting_core.windows import Window, resize


@dataclass(frozen=True, slots=True)
class Detection:
    """Prediction for a window; every plane is stretched over the window.

    Attributes:
        window: the part of the frame that was looked at, pixels.
        background: (128, 128) float32, probability.
        unknown: (128, 128) float32, probability that alpha is neither 0 nor 1.
        foreground: (128, 128) float32, probability.
        alpha: (256, 256) float32 in [0, 1].
        confidence: (128, 128) float32 in [0, 1], 1 - the error to be expected.
    """

    window: Window
    background: Plane
    unknown: Plane
    foreground: Plane
    alpha: Plane
    confidence: Plane

    def trimap(self, size: Size) -> Plane:
        """Likeliest class of each pixel, (h, w) float32 of 0, 0.5 and 1."""
        background, unknown, foreground = (
            resize(plane, size) for plane in (self.background, self.unknown, self.foreground)
        )
        known = (foreground > background).astype(np.float32)
        return np.where(unknown > np.maximum(background, foreground), np.float32(0.5), known)
