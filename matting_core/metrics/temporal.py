"""dtSSD: difference of two mattes' changes from one frame to the next.

Erofeev et al., "Perceptually motivated benchmark for video matting", BMVC 2015, section 4, in the
scaling of Robust Video Matting (Lin et al. 2022, evaluation/evaluate_lr.py): for each frame but
the first

    dtSSD_t = 1e2 sqrt( mean over pixels of ((p_t - p_{t-1}) - (g_t - g_{t-1}))^2 )

and a clip's dtSSD is the mean over its pairs of frames. Deviation: Robust Video Matting's script
counts the first frame as 0, which makes its mean smaller by (n - 1) / n. Inside a band, the band of
frame t counts.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from matting_core.metrics.tally import Alpha, ErrorMap, Tally, as_doubles


class AlphaPair(NamedTuple):
    """Pair of alphas of one frame, (H, W) in [0, 1]."""

    pred: Alpha
    truth: Alpha


def temporal_error(before: AlphaPair, now: AlphaPair) -> ErrorMap:
    """((p_t - p_{t-1}) - (g_t - g_{t-1}))^2 of (H, W) alphas.

    Raises:
        InputError: the frames are not of one size.
    """
    pred_before, pred = as_doubles(before.pred, now.pred)
    truth_before, truth = as_doubles(before.truth, now.truth)
    change, wanted = as_doubles(pred - pred_before, truth - truth_before)
    return np.square(change - wanted)


def dtssd_compute(state: Tally) -> float:
    """DtSSD x 1e2 of one step.

    >>> dtssd_compute(Tally(total=0.5, count=2))
    50.0
    """
    return math.sqrt(state.mean) * 1e2
