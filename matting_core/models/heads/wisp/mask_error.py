"""Mask-error network: a second network, trained on more wrong masks, and its merging.

A network that is trained on many wrong masks finds out when a mask is wrong, but does not trust a
right one enough to matte well beside it. One that is trained on mostly right masks is the other
way round. So there are two of the same shape. With a mask that nobody has seen yet the first, the
mask-error network, counts only where it is sure that the mask is wrong; with one that was painted
or tracked, the mean of both is better than either (docs/decisions/0013).
"""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np

from matting_core.models.heads.wisp.detection import Detection
from matting_core.types import Plane, Size
from matting_core.windows import resize

_SURE = 0.85
_SPECK = np.ones((3, 3), np.uint8)
_REACH = np.ones((5, 5), np.uint8)


def overrule(found: Detection, other: Detection, mask: Plane) -> Detection:
    """Overrule the network where the mask-error network is sure that the mask is wrong.

    Args:
        found: the network's answer.
        other: the mask-error network's, of the same window.
        mask: (h, w) float32 probability over the window, at the size of the classes.
    """
    added = (other.foreground > _SURE) & (mask < 1 - _SURE)
    removed = (other.background > _SURE) & (mask > _SURE)
    wrong = cv2.morphologyEx((added | removed).astype(np.uint8), cv2.MORPH_OPEN, _SPECK)
    if not wrong.any():
        return found
    here = cv2.dilate(wrong, _REACH).astype(np.float32)
    return _mix_detections(found, other, here)


def average(found: Detection, other: Detection) -> Detection:
    """Average both answers, for a mask that is hardly wrong as a whole."""
    return _mix_detections(found, other, np.full(found.unknown.shape, 0.5, np.float32))


def _mix_detections(found: Detection, other: Detection, share: Plane) -> Detection:
    """Mix both answers, the mask-error network's with a share for each place."""
    return dataclasses.replace(
        found,
        background=_mix(found.background, other.background, share),
        unknown=_mix(found.unknown, other.unknown, share),
        foreground=_mix(found.foreground, other.foreground, share),
        alpha=_mix(found.alpha, other.alpha, share),
        confidence=_mix(found.confidence, other.confidence, share),
    )


def _mix(plane: Plane, other: Plane, share: Plane) -> Plane:
    """Mix two planes: the other one where `share` is 1."""
    weight = resize(share, Size(plane.shape[1], plane.shape[0]))
    return np.asarray((1 - weight) * plane + weight * other, np.float32)
