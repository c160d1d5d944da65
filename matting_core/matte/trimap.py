"""Pseudo-trimap: certain inside, certain outside, and the band in between.

SAM2Matting eq. 4 sets T = M where R = 0 and T = 0.5 where R = 1. R is a learned map there; here it
is a band around the mask's edge, as wide as the mask's size and the decoder's own doubt ask for.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.types import Plane

Region = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Band:
    """Width of the unknown band.

    A wide band lets far strands be found, a narrow one keeps mistakes out. A wide band in which
    the mask pulls harder the further a pixel is from its edge does both: only strands that the
    picture clearly shows are followed outwards.

    Attributes:
        relative: half-width per square root of the mask's area.
        narrowest: smallest half-width in pixels.
        widest: largest half-width in pixels.
        doubt: probabilities within [doubt, 1 - doubt] are unknown too where they touch the band.
        near: distance per square root of the area up to which the pull is the least.
        pull: the least pull, in units of the matting Laplacian.
        growth: how fast the pull grows beyond `near`.
    """

    relative: float = 0.05
    narrowest: float = 4.0
    widest: float = 60.0
    doubt: float = 0.05
    near: float = 0.01
    pull: float = 0.03
    growth: float = 30.0


def unknown_region(probability: Plane, band: Band) -> Region:
    """Return R, (H, W) bool: where matting must look.

    Pixels nearer to the mask's edge than the band's half-width w, and the doubtful pixels that
    hang together with those; w = clip(relative * sqrt(area), narrowest, widest).

    Args:
        probability: (H, W) float32 mask in [0, 1].
        band: the widths.
    """
    inside = probability > 0.5
    area = int(inside.sum())
    if area == 0 or area == inside.size:
        return np.zeros(inside.shape, np.bool_)
    half_width = float(np.clip(band.relative * np.sqrt(area), band.narrowest, band.widest))
    near = _distance_to_edge(inside) < half_width
    doubtful = (probability >= band.doubt) & (probability <= 1 - band.doubt)
    return near | _keep_touching(doubtful, near)


def pull_to_mask(probability: Plane, band: Band) -> Plane:
    """Return how hard alpha is held to the mask, (H, W) float32 > 0.

    pull * (1 + growth * max(0, d / n - 1)^2), d the distance to the mask's edge and
    n = max(3, near * sqrt(area)), both in pixels.
    """
    inside = probability > 0.5
    free = max(3.0, band.near * float(np.sqrt(inside.sum())))
    beyond = np.maximum(0, _distance_to_edge(inside) / free - 1)
    return np.asarray(band.pull * (1 + band.growth * beyond**2), np.float32)


def pseudo_trimap(probability: Plane, unknown: Region) -> Plane:
    """Return T (eq. 4): (H, W) float32, the binary mask where known, 0.5 where not."""
    return np.where(unknown, np.float32(0.5), (probability > 0.5).astype(np.float32))


def _distance_to_edge(inside: Region) -> Plane:
    """Distance in pixels to the nearest pixel of the other side; without one, the diagonal."""
    mask = inside.astype(np.uint8)
    outwards = cv2.distanceTransform(1 - mask, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    inwards = cv2.distanceTransform(mask, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(
        np.minimum(np.where(inside, inwards, outwards), np.hypot(*inside.shape)), np.float32
    )


def _keep_touching(candidates: Region, seed: Region) -> Region:
    """Keep the connected parts of `candidates` that touch `seed`."""
    count, labels = cv2.connectedComponents((candidates | seed).astype(np.uint8))
    keep = np.zeros(count, np.bool_)
    keep[np.unique(labels[seed])] = True
    keep[0] = False
    return np.asarray(keep[labels], np.bool_)
