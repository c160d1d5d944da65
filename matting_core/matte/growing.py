"""Growth and shrinkage of a matte by fractions of a pixel, its edge as soft as before.

A greyscale dilation by a disc moves a straight edge without changing it, but discs of pixels only
come in whole sizes and reach less far along diagonals (measured: up to 2 px too little at 50).
Here each pixel looks along the edge's normal instead, which is where a disc's maximum over an edge
lies: measured on edges of sigma 0.5 to 4 at five angles, for -20 to 40 px, the 0.5 crossing lands
within 0.07 px, and a sigma of 1 px or more keeps its width within 7 %.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.types import Plane

_STRIDE = 1.5
_SHORT = 1.0
_LEAST_SLOPE = 0.25
_LEAST_MARGIN = 8
Mask8 = npt.NDArray[np.uint8]


def grow(alpha: Plane, radius: float) -> Plane:
    """Move the edge outwards by `radius` pixels, or inwards if it is negative.

    Args:
        alpha: (H, W) float32 in [0, 1]; stays untouched, and is returned itself for radius 0.
        radius: in pixels, fractions too.
    """
    if radius == 0:
        return alpha
    if radius < 0:
        return np.asarray(1 - grow(np.asarray(1 - alpha, np.float32), -radius), np.float32)
    inside = (alpha > 0.5).astype(np.uint8)
    rows, columns = _find_bounds(
        inside, math.ceil(radius) + max(_LEAST_MARGIN, max(alpha.shape) // 16)
    )
    part = inside[rows, columns]
    if part.size == 0 or part.all():
        return alpha
    result = alpha.copy()
    result[rows, columns] = _dilate_along_normals(
        np.ascontiguousarray(alpha[rows, columns]), part, radius
    )
    return result


def _dilate_along_normals(alpha: Plane, inside: Mask8, radius: float) -> Plane:
    """Take the largest alpha between each pixel and the place `radius` inwards of it.

    The places between are taken in doubling steps, each over the maxima of the one before, so that
    something thinner than the radius is not stepped over; the last one is looked up by itself, so
    that the edge is interpolated only once.
    """
    slope = _find_normals(inside)
    result, reach = alpha, radius - _SHORT
    if reach > 0:
        count = math.ceil(math.log2(reach / _STRIDE + 1))
        for number in range(count):
            step = reach / (2**count - 1) * 2**number
            result = np.maximum(result, _sample_inwards(result, slope, step, cv2.INTER_LINEAR))
    last = _sample_inwards(alpha, slope, radius, cv2.INTER_CUBIC)
    return np.asarray(np.maximum(result, np.clip(last, 0, 1)), np.float32)


def _find_normals(inside: Mask8) -> tuple[Plane, Plane]:
    """Find the unit normal of the nearest edge, as x and y; shorter where edges meet."""
    away = cv2.distanceTransform(1 - inside, cv2.DIST_L2, 5)
    away -= cv2.distanceTransform(inside, cv2.DIST_L2, 5)
    away = cv2.GaussianBlur(away, (5, 5), 1.0)
    x = cv2.Scharr(away, cv2.CV_32F, 1, 0, scale=1 / 32)
    y = cv2.Scharr(away, cv2.CV_32F, 0, 1, scale=1 / 32)
    length = np.maximum(cv2.magnitude(x, y), np.float32(_LEAST_SLOPE))
    return np.asarray(x / length, np.float32), np.asarray(y / length, np.float32)


def _sample_inwards(plane: Plane, slope: tuple[Plane, Plane], step: float, how: int) -> Plane:
    height, width = plane.shape
    x = np.arange(width, dtype=np.float32)[None, :] - slope[0] * np.float32(step)
    y = np.arange(height, dtype=np.float32)[:, None] - slope[1] * np.float32(step)
    return np.asarray(cv2.remap(plane, x, y, how, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _find_bounds(inside: Mask8, margin: int) -> tuple[slice, slice]:
    """Find the rows and columns of the object, with a margin for its soft edge."""
    x, y, width, height = cv2.boundingRect(inside)
    if not width:
        return slice(0), slice(0)
    rows = slice(max(y - margin, 0), y + height + margin)
    return rows, slice(max(x - margin, 0), x + width + margin)
