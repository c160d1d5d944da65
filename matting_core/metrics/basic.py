"""Region similarity of masks and mean absolute difference of alphas, each in one call."""

from __future__ import annotations

from matting_core.metrics.alpha import mad_compute, mad_update
from matting_core.metrics.regions import j_compute, j_update
from matting_core.metrics.tally import Mask
from matting_core.types import Plane

__all__ = ["Mask", "mean_absolute_difference", "region_similarity"]


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


def mean_absolute_difference(predicted: Plane, truth: Plane) -> float:
    """MAD x 1000: mean of |predicted - truth| over the image, alphas in [0, 1].

    >>> import numpy as np
    >>> round(mean_absolute_difference(np.array([[0.5, 1.0]]), np.array([[0.0, 1.0]])), 6)
    250.0
    """
    return mad_compute(mad_update(predicted, truth))
