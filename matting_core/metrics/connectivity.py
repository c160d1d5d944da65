"""Conn: difference of connectedness of two alphas.

Rhemann et al., "A perceptually motivated online benchmark for image matting", CVPR 2009, section
3, with step 0.1, theta 0.15 and p 1:

    error_i = |phi(pred_i, l_i) - phi(truth_i, l_i)|,  phi(a, l) = 1 - d [d >= 0.15],  d = a - l

For each level t = 0.1, 0.2, ..., 1 the source region is the largest 4-connected component of the
pixels where both alphas are at least t. l_i is the last level before the first at which pixel i is
outside of it (0 if it never was inside). The paper's text defines one source region, of fully
opaque pixels; like the benchmark's code, and all that follow it, we take one for each level.
Among components of one size the first in reading order is taken.
"""

from __future__ import annotations

import cv2
import numpy as np

from matting_core.metrics.tally import Alpha, ErrorMap, Mask, Tally, as_doubles

_STEPS = 10
_THETA = 0.15


def connectivity_error(pred: Alpha, truth: Alpha) -> ErrorMap:
    """|phi(pred) - phi(truth)| of (H, W) alphas in [0, 1]."""
    one, other = as_doubles(pred, truth)
    level = _connected_level(np.minimum(one, other))
    return np.abs(_cut_small(one - level) - _cut_small(other - level))


def conn_compute(state: Tally) -> float:
    """Conn / 1e3.

    >>> conn_compute(Tally(total=500.0, count=2))
    0.5
    """
    return state.total / 1e3


def _connected_level(lower: ErrorMap) -> ErrorMap:
    """Return the level up to which each pixel stays in the largest component of `lower` >= t."""
    level = np.zeros_like(lower)
    connected = np.ones(lower.shape, np.bool_)
    for step in range(1, _STEPS + 1):
        connected &= _largest_component(lower >= step / _STEPS)
        if not connected.any():
            break
        level[connected] = step / _STEPS
    return level


def _largest_component(mask: Mask) -> Mask:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        mask.view(np.uint8), connectivity=4, ltype=cv2.CV_32S
    )
    if count == 1:
        return mask
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    return np.asarray(labels == largest, np.bool_)


def _cut_small(distance: ErrorMap) -> ErrorMap:
    """Return 1 - phi."""
    return np.where(distance >= _THETA, distance, 0.0)
