"""Region similarity of masks and mean absolute difference of alphas."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from matting_core.types import Plane

Mask = npt.NDArray[np.bool_]


def region_similarity(predicted: Mask, truth: Mask) -> float:
    """J of DAVIS (Perazzi et al. 2016, section 4): intersection over union, 1 if both are empty.

    Args:
        predicted: (H, W) bool.
        truth: (H, W) bool.

    >>> region_similarity(np.array([[True, True]]), np.array([[True, False]]))
    0.5
    """
    union = int(np.count_nonzero(predicted | truth))
    return 1.0 if union == 0 else int(np.count_nonzero(predicted & truth)) / union


def mean_absolute_difference(predicted: Plane, truth: Plane) -> float:
    """MAD x 1000: mean of |predicted - truth| over the image, alphas in [0, 1].

    >>> round(mean_absolute_difference(np.array([[0.5, 1.0]]), np.array([[0.0, 1.0]])), 6)
    250.0
    """
    return float(np.abs(predicted.astype(np.float64) - truth).mean()) * 1000
