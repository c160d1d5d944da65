"""J and F of DAVIS: overlap of two masks, and agreement of their boundaries.

Perazzi et al., "A benchmark dataset and evaluation methodology for video object segmentation",
CVPR 2016, section 4. An alpha becomes a mask where it is more than half opaque.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from matting_core.metrics.tally import Alpha, Mask, Tally, check_same_size

_HALF = 0.5
_TOLERANCE = 0.008


def threshold_alpha(alpha: Alpha) -> Mask:
    """Return where an (H, W) alpha in [0, 1] is more than half opaque."""
    return np.asarray(alpha > _HALF, np.bool_)


def j_update(pred: Mask, truth: Mask, band: Mask | None = None) -> Tally:
    """Count the intersection (`total`) and the union (`count`) of two (H, W) bool masks."""
    check_same_size(pred, truth)
    both, either = _restrict(pred & truth, band), _restrict(pred | truth, band)
    return Tally(float(np.count_nonzero(both)), int(np.count_nonzero(either)))


def j_compute(state: Tally) -> float:
    """J in [0, 1]: intersection over union, 1 if both masks are empty.

    >>> j_compute(Tally(1.0, 2))
    0.5
    """
    return state.mean if state.count else 1.0


def region_similarity(predicted: Mask, truth: Mask) -> float:
    """J of DAVIS (Perazzi et al. 2016, section 4): intersection over union, 1 if both are empty.

    Args:
        predicted: (H, W) bool.
        truth: (H, W) bool.

    >>> import numpy as np
    >>> region_similarity(np.array([[True, True]]), np.array([[True, False]]))
    0.5
    """
    return j_compute(j_update(predicted, truth))


@dataclass(frozen=True, slots=True)
class BoundaryCounts:
    """Counts of two masks' boundary pixels, and of the ones near the other's boundary."""

    pred: int
    pred_near: int
    truth: int
    truth_near: int

    def __add__(self, other: BoundaryCounts) -> BoundaryCounts:
        return BoundaryCounts(
            self.pred + other.pred,
            self.pred_near + other.pred_near,
            self.truth + other.truth,
            self.truth_near + other.truth_near,
        )


def f_update(pred: Mask, truth: Mask, band: Mask | None = None) -> BoundaryCounts:
    """Count the boundary pixels of two (H, W) bool masks.

    Near is what a disc reaches whose radius is 0.008 of the picture's diagonal, rounded up. Inside
    a band, its boundary pixels are counted, wherever the boundary lies that they are near to.
    """
    check_same_size(pred, truth)
    radius = math.ceil(_TOLERANCE * math.hypot(*pred.shape))
    edges = _find_boundary(pred), _find_boundary(truth)
    own, wanted = (_restrict(edge, band) for edge in edges)
    return BoundaryCounts(
        pred=int(np.count_nonzero(own)),
        pred_near=int(np.count_nonzero(own & _dilate(edges[1], radius))),
        truth=int(np.count_nonzero(wanted)),
        truth_near=int(np.count_nonzero(wanted & _dilate(edges[0], radius))),
    )


def f_compute(state: BoundaryCounts) -> float:
    """F in [0, 1]: harmonic mean of precision and recall; 1 if neither has a boundary.

    >>> round(f_compute(BoundaryCounts(pred=4, pred_near=2, truth=2, truth_near=2)), 6)
    0.666667
    """
    if not (state.pred and state.truth):
        return float(state.pred == state.truth)
    precision, recall = state.pred_near / state.pred, state.truth_near / state.truth
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _find_boundary(mask: Mask) -> Mask:
    """Return the pixels that differ from their right, lower or lower right neighbour."""
    padded = np.pad(mask, (0, 1), mode="edge")
    right, below, diagonal = padded[:-1, 1:], padded[1:, :-1], padded[1:, 1:]
    return np.asarray((mask ^ right) | (mask ^ below) | (mask ^ diagonal), np.bool_)


def _dilate(mask: Mask, radius: int) -> Mask:
    """Dilate by the disc x^2 + y^2 <= radius^2.

    By exact distances, whose time does not grow with the disc.
    """
    if not mask.any():
        return mask
    away = cv2.distanceTransform((~mask).view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    # squared distances are whole numbers
    return np.asarray(np.square(away) < radius**2 + 0.5, np.bool_)


def _restrict(mask: Mask, band: Mask | None) -> Mask:
    if band is None:
        return mask
    check_same_size(mask, band)
    return mask & band
