"""Guide masks: the tracker's mask at the frame's resolution, and back to logits."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.types import Logits, Plane, Segmentation, Size, TrackState

SHARPNESS = 5.0
"""Factor on the logits. SAM's decoder is unsure by its numbers (|logit| of 1 to 5) where its mask
is right: on photos with known alpha its mask's MAD falls by half with it (docs/decisions)."""

_FINEST = 1024
_EDGE = 6.0
_SLOW = 0.35
_LEAST = 1e-4


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


def mask_inside(segmentation: Segmentation, size: Size) -> npt.NDArray[np.bool_]:
    """Return the mask as (H, W) bool; all False for a lost object."""
    return mask_probability(segmentation, size) > 0.5


def mask_to_logits(mask: Plane) -> Logits:
    """Convert an (H, W) float32 mask in [0, 1] to logits, at most 1024 a side.

    Their sign and their soft edge are the mask's. Where it rises within a few pixels they are
    linear in it, so that the outline stays smooth when they are enlarged; where it is feathered,
    `mask_probability` gives the mask back.
    """
    height, width = mask.shape
    scale = min(1.0, _FINEST / max(height, width))
    small = (max(1, round(width * scale)), max(1, round(height * scale)))
    reduced = cv2.resize(mask, small, interpolation=cv2.INTER_AREA)
    steep = (reduced - 0.5) * 2 * _EDGE
    return np.asarray(
        np.where(_find_feathered(reduced), _invert_sharpening(reduced), steep), np.float16
    )


def _find_feathered(mask: Plane) -> npt.NDArray[np.bool_]:
    """Find where the mask changes slowly, (H, W) bool."""
    around = np.ones((3, 3), np.uint8)
    rise = cv2.dilate(mask, around) - cv2.erode(mask, around)
    return np.asarray((rise < _SLOW) & (mask > 0) & (mask < 1))


def _invert_sharpening(mask: Plane) -> Plane:
    """Compute logits whose sharpened sigmoid is the mask, (H, W) float32."""
    inner = np.clip(mask, _LEAST, 1 - _LEAST)
    return np.asarray(np.log(inner / (1 - inner)) / SHARPNESS, np.float32)
