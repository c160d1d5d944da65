"""The judge: a second network, that saw more wrong masks, and how its answer counts.

A network that is trained on many wrong masks finds out when a mask is wrong, but does not trust a
right one enough to matte well beside it. One that is trained on mostly right masks is the other
way round. So there are two of the same shape. With a mask that nobody has seen yet the first, the
judge, has a say only where it is sure that the mask is wrong; with one that a person painted, or
that was tracked, the mean of both is better than either (docs/decisions/0013).
"""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np

from matting_core.models.heads.wisp.detection import Detection
from matting_core.types import Plane, Size
from matting_core.windows import resized

_SURE = 0.85
_SPECK = np.ones((3, 3), np.uint8)
_REACH = np.ones((5, 5), np.uint8)


def overruled(found: Detection, judged: Detection, mask: Plane) -> Detection:
    """What the network said, with the judge's answer where that is sure that the mask is wrong.

    Args:
        found: the network's answer.
        judged: the judge's, of the same window.
        mask: (h, w) float32 probability over the window, at the size of the classes.
    """
    added = (judged.foreground > _SURE) & (mask < 1 - _SURE)
    removed = (judged.background > _SURE) & (mask > _SURE)
    wrong = cv2.morphologyEx((added | removed).astype(np.uint8), cv2.MORPH_OPEN, _SPECK)
    if not wrong.any():
        return found
    here = cv2.dilate(wrong, _REACH).astype(np.float32)
    return _joined(found, judged, here)


def averaged(found: Detection, judged: Detection) -> Detection:
    """The mean of both answers, for a mask that is hardly wrong as a whole."""
    return _joined(found, judged, np.full(found.unknown.shape, 0.5, np.float32))


def _joined(found: Detection, judged: Detection, share: Plane) -> Detection:
    """Both answers mixed, the judge's with a share for each place."""
    return dataclasses.replace(
        found,
        background=_mixed(found.background, judged.background, share),
        unknown=_mixed(found.unknown, judged.unknown, share),
        foreground=_mixed(found.foreground, judged.foreground, share),
        alpha=_mixed(found.alpha, judged.alpha, share),
        confidence=_mixed(found.confidence, judged.confidence, share),
    )


def _mixed(plane: Plane, other: Plane, share: Plane) -> Plane:
    """The other plane where `share` is 1, at the planes' size."""
    weight = resized(share, Size(plane.shape[1], plane.shape[0]))
    return np.asarray((1 - weight) * plane + weight * other, np.float32)
