"""Grad: difference of the gradients of two alphas.

Rhemann et al., "A perceptually motivated online benchmark for image matting", CVPR 2009, section
3: the sum of (|grad pred| - |grad truth|)^2, gradients by first-order derivatives of a Gaussian of
sigma 1.4. The kernel is cut where its density falls to 0.01 (9 x 9), has unit energy, and the
picture's edge is replicated, as in the benchmark's own code and in Robust Video Matting's.

Deviation: those stretch each alpha to [0, 1] first, which hides a matte that is too faint all
over; here the values count as they are. Where both alphas reach 0 and 1 the numbers are the same.
"""

from __future__ import annotations

import math
from functools import cache

import cv2
import numpy as np

from matting_core.metrics.tally import Alpha, ErrorMap, Tally, as_doubles

_SIGMA = 1.4
_CUT = 0.01


def gradient_error(pred: Alpha, truth: Alpha) -> ErrorMap:
    """(|grad pred| - |grad truth|)^2 of (H, W) alphas in [0, 1]."""
    one, other = as_doubles(pred, truth)
    return np.square(_magnitude(one) - _magnitude(other))


def grad_compute(state: Tally) -> float:
    """Grad / 1e3.

    >>> grad_compute(Tally(total=500.0, count=2))
    0.5
    """
    return state.total / 1e3


def _magnitude(alpha: ErrorMap) -> ErrorMap:
    smooth, slope = _kernels()
    across = cv2.sepFilter2D(alpha, cv2.CV_64F, slope, smooth, borderType=cv2.BORDER_REPLICATE)
    down = cv2.sepFilter2D(alpha, cv2.CV_64F, smooth, slope, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(np.hypot(across, down), np.float64)


@cache
def _kernels() -> tuple[ErrorMap, ErrorMap]:
    """Return the Gaussian and its derivative, each of unit energy, so that their product is too."""
    reach = _SIGMA * math.sqrt(-2 * math.log(math.sqrt(2 * math.pi) * _SIGMA * _CUT))
    x = np.arange(-math.ceil(reach), math.ceil(reach) + 1, dtype=np.float64)
    smooth = np.exp(-np.square(x) / (2 * _SIGMA**2))
    slope = -x * smooth
    return smooth / np.linalg.norm(smooth), slope / np.linalg.norm(slope)
