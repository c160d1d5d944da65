"""Feather: a Gaussian blur that costs about the same for any sigma."""

from __future__ import annotations

import math

import cv2
import numpy as np

from matting_core.types import Plane

_MOST_SIGMA = 7.0


def feather(plane: Plane, sigma: float) -> Plane:
    """Return a plane convolved with a Gaussian; for sigma 0, the plane itself.

    A wide one is done on a plane of a half, a quarter, ... of the size: averaging f x f pixels has
    the variance (f^2 - 1) / 12 and the way back f^2 / 6, which are taken off the Gaussian's.

    Args:
        plane: (H, W) float32.
        sigma: in pixels.
    """
    if sigma <= 0:
        return plane
    factor = 1
    while sigma / factor > _MOST_SIGMA:
        factor *= 2
    if factor == 1:
        blurred = cv2.GaussianBlur(plane, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
        return np.asarray(blurred, np.float32)
    height, width = plane.shape
    size = (math.ceil(width / factor), math.ceil(height / factor))
    rest = math.sqrt(sigma**2 - (factor**2 - 1) / 12 - factor**2 / 6) / factor
    small = cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), rest, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(
        cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.float32
    )
