"""Differences of alphas, pixel by pixel: MAD, MSE and SAD.

As in the evaluation of Robust Video Matting (Lin et al. 2022, section 4.1): MAD and MSE x 1e3. SAD
is that of Rhemann et al., "A perceptually motivated online benchmark for image matting", CVPR
2009, / 1e3.
"""

from __future__ import annotations

import numpy as np

from matting_core.metrics.tally import Alpha, ErrorMap, Tally, as_doubles, tally


def absolute_error(pred: Alpha, truth: Alpha) -> ErrorMap:
    """|pred - truth| of (H, W) alphas in [0, 1]."""
    one, other = as_doubles(pred, truth)
    return np.abs(one - other)


def squared_error(pred: Alpha, truth: Alpha) -> ErrorMap:
    """(pred - truth)^2 of (H, W) alphas in [0, 1]."""
    one, other = as_doubles(pred, truth)
    return np.square(one - other)


def mad_compute(state: Tally) -> float:
    """MAD x 1e3: the mean of the absolute differences.

    >>> mad_compute(Tally(total=0.5, count=2))
    250.0
    """
    return state.mean * 1e3


def mse_compute(state: Tally) -> float:
    """MSE x 1e3: the mean of the squared differences.

    >>> mse_compute(Tally(total=0.5, count=2))
    250.0
    """
    return state.mean * 1e3


def sad_compute(state: Tally) -> float:
    """SAD / 1e3: the sum of the absolute differences.

    >>> sad_compute(Tally(total=500.0, count=2))
    0.5
    """
    return state.total / 1e3


def mean_absolute_difference(predicted: Alpha, truth: Alpha) -> float:
    """MAD x 1000: mean of |predicted - truth| over the image, alphas in [0, 1].

    >>> import numpy as np
    >>> round(mean_absolute_difference(np.array([[0.5, 1.0]]), np.array([[0.0, 1.0]])), 6)
    250.0
    """
    return mad_compute(tally(absolute_error(predicted, truth)))
