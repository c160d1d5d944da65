"""Guide masks: the tracker's mask at the frame's resolution."""

from __future__ import annotations

import cv2
import numpy as np

from matting_core.types import Plane, Segmentation, Size, TrackState

SHARPNESS = 5.0
"""Factor on the logits. SAM's decoder is unsure by its numbers (|logit| of 1 to 5) where its mask
is right: on photos with known alpha its mask's MAD falls by half with it (docs/decisions)."""


def mask_probability(segmentation: Segmentation, size: Size) -> Plane:
    """Return the mask as (H, W) float32 probability in [0, 1]; all zero for a lost object.

    The logits are enlarged bilinearly before the sigmoid, as SAM does: the zero crossing then is a
    smooth outline, where enlarging probabilities would give steps.
    """
    if segmentation.state is TrackState.LOST:
        return np.zeros(size.hw, np.float32)
    logits = segmentation.logits.astype(np.float32)
    enlarged = cv2.resize(logits, tuple(size), interpolation=cv2.INTER_LINEAR)
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(SHARPNESS * enlarged, -30, 30))), np.float32)


def mask_inside(
    segmentation: Segmentation, size: Size
) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Return the mask as (H, W) bool; all False for a lost object."""
    return mask_probability(segmentation, size) > 0.5
