"""Confidence of an answer: the network's expectation, and the prompted object found again.

The network sees one step and cannot tell slow drift; the prompted frame can. Both are joined by a
logistic regression on the true region IoU of held-out synthetic clips (decision 16).
"""

from __future__ import annotations

import math

from matting_core.models.trackers.sam2_tiny_flow.memory import Encode, MemoryFrame, read_memory
from matting_core.windows import cut_out

_WEIGHT_EXPECTED = 0.27
_WEIGHT_KEPT = 5.34
_BIAS = -2.99
_NEAR_ONE = 1e-3


def measure_kept(anchor: MemoryFrame, answer: MemoryFrame, encode: Encode) -> float:
    """Measure the share of the prompted object that finds its like inside the answer, in [0, 1].

    Memory read backwards: each cell of the prompted frame's window looks itself up in the
    answered frame, as that frame's cells do in `memory.read_memory`.
    """
    seen = encode(anchor.frame, anchor.window)
    found = read_memory(seen, [answer], encode).inside
    truth = cut_out(anchor.mask, anchor.window, seen.grid)
    return float((found * truth).sum() / max(1e-6, float(truth.sum())))


def estimate_confidence(expected_iou: float, kept_share: float) -> float:
    """Estimate the region IoU to be expected, in [0, 1].

    Args:
        expected_iou: the network's own expectation, [0, 1].
        kept_share: see `measure_kept`.
    """
    held = min(max(expected_iou, _NEAR_ONE), 1 - _NEAR_ONE)
    evidence = _WEIGHT_EXPECTED * math.log(held / (1 - held)) + _WEIGHT_KEPT * kept_share + _BIAS
    return 1 / (1 + math.exp(-evidence))
