"""Cleaning of a matte: dots are removed and holes filled, by their area."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.types import Plane

_SKIRT = 8.0
"""Pixels around a dot that are removed with it; over as many again the change fades."""
Mask = npt.NDArray[np.bool_]


def remove_dots(alpha: Plane, area: float) -> Plane:
    """Remove components of alpha > 0.5 that cover at most `area` pixels.

    The soft alphas around one go with it, as far as they are nearer to it than to what stays.

    Args:
        alpha: (H, W) float32 in [0, 1]; stays untouched, and is returned itself if there is none.
        area: in square pixels.
    """
    if area <= 0:
        return alpha
    return _remove_small(alpha, area, connectivity=8, borders=True)


def fill_holes(alpha: Plane, area: float) -> Plane:
    """Fill enclosed components of alpha <= 0.5 that cover at most `area` pixels.

    What touches the frame's border is not enclosed. The soft alphas around a hole go with it.

    Args:
        alpha: (H, W) float32 in [0, 1]; stays untouched, and is returned itself if there is none.
        area: in square pixels.
    """
    if area <= 0:
        return alpha
    clear = np.asarray(1 - alpha, np.float32)
    filled = _remove_small(clear, area, connectivity=4, borders=False)
    return alpha if filled is clear else np.asarray(1 - filled, np.float32)


def _remove_small(plane: Plane, area: float, *, connectivity: int, borders: bool) -> Plane:
    core = (plane > 0.5).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(core, connectivity=connectivity)
    small = stats[:, cv2.CC_STAT_AREA] <= area
    small[0] = False
    if not borders:
        edges = (labels[0], labels[-1], labels[:, 0], labels[:, -1])
        small[np.unique(np.concatenate(edges))] = False
    if not small.any():
        return plane
    rows, columns = _find_bounds(stats[small], round(4 * _SKIRT))
    going = small[labels[rows, columns]]
    staying = core[rows, columns].astype(bool) & ~going
    result = plane.copy()
    result[rows, columns] *= _fade_around(going, staying)
    return result


def _fade_around(going: Mask, staying: Mask) -> Plane:
    """Share of each pixel that stays: 0 on a removed part, rising to 1 over its skirt."""
    near, far = _distance_to(going), _distance_to(staying)
    part = np.clip(near / np.float32(_SKIRT) - 1, 0, 1)
    return np.asarray(np.where(near < far, part, np.float32(1)), np.float32)


def _distance_to(mask: Mask) -> Plane:
    if not mask.any():
        return np.full(mask.shape, np.inf, np.float32)
    return np.asarray(cv2.distanceTransform(1 - mask.astype(np.uint8), cv2.DIST_L2, 5), np.float32)


def _find_bounds(stats: npt.NDArray[np.int32], margin: int) -> tuple[slice, slice]:
    """Find the rows and columns of some components, with a margin."""
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    right = (left + stats[:, cv2.CC_STAT_WIDTH]).max() + margin
    bottom = (top + stats[:, cv2.CC_STAT_HEIGHT]).max() + margin
    rows = slice(max(int(top.min()) - margin, 0), int(bottom))
    return rows, slice(max(int(left.min()) - margin, 0), int(right))
