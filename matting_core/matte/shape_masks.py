"""Masks of shapes: polygons drawn finely, then averaged down to coverage."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.document.finishing import PlacedShape
from matting_core.document.shapes import ShapeRole
from matting_core.matte.feathering import feather
from matting_core.types import Plane

_FINE = 4
_BITS = 4
_LARGE = 4_000_000
_FAR = 4.0


def apply_shape(alpha: Plane, shape: PlacedShape) -> Plane:
    """Return `alpha` with a shape over it: alpha goes to 0 where it removes, to 1 where it keeps.

    Args:
        alpha: (H, W) float32 in [0, 1]; stays untouched.
        shape: as it is on the frame.
    """
    mask = draw_shape_mask(shape, (alpha.shape[0], alpha.shape[1]))
    if shape.role is ShapeRole.GARBAGE:
        return np.asarray(alpha * (1 - mask), np.float32)
    return np.asarray(alpha + (1 - alpha) * mask, np.float32)


def draw_shape_mask(shape: PlacedShape, hw: tuple[int, int]) -> Plane:
    """Draw the share of each pixel that a shape covers, feathered and inverted as it says.

    Pixels are looked at in 4 x 4 parts, 2 x 2 in a very large shape; a part that the outline only
    touches counts, so shapes come out about 1/8 pixel larger all around.

    Returns:
        (H, W) float32 in [0, 1].
    """
    mask = np.zeros(hw, np.float32)
    corners = np.clip(np.asarray(shape.outline, np.float64), -_FAR * max(hw), _FAR * max(hw))
    margin = 2 + 4 * shape.feather
    low = np.floor(np.maximum(corners.min(axis=0) - margin, 0)).astype(int)
    high = np.ceil(np.minimum(corners.max(axis=0) + margin, (hw[1], hw[0]))).astype(int)
    if (high > low).all():
        part = _measure_coverage(corners - low, (int(high[1] - low[1]), int(high[0] - low[0])))
        mask[low[1] : high[1], low[0] : high[0]] = feather(part, shape.feather)
    return np.asarray(1 - mask, np.float32) if shape.inverted else mask


def _measure_coverage(corners: npt.NDArray[np.float64], hw: tuple[int, int]) -> Plane:
    fine = _FINE if hw[0] * hw[1] <= _LARGE else _FINE // 2
    canvas = np.zeros((hw[0] * fine, hw[1] * fine), np.uint8)
    fixed = np.rint((corners * fine - 0.5) * (1 << _BITS)).astype(np.int32)
    cv2.fillPoly(canvas, [fixed], 255, cv2.LINE_8, _BITS)
    coverage = cv2.resize(canvas, (hw[1], hw[0]), interpolation=cv2.INTER_AREA)
    return np.asarray(coverage, np.float32) / np.float32(255)
