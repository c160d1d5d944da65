"""Wrong masks of the frame before, as a tracker that has begun to drift would have them."""

from __future__ import annotations

import cv2
import numpy as np

from matting_core.types import Plane

_GRID = 8


def damaged(mask: Plane, rng: np.random.Generator) -> Plane:
    """Bend a mask's outline, and add or take away up to two discs.

    Args:
        mask: (h, w) float32 in [0, 1].
        rng: draws the damage.

    Returns:
        (h, w) float32 in [0, 1]; an empty mask stays empty.
    """
    height, width = mask.shape
    extent = float(np.sqrt((mask > 0.5).sum()))
    field = rng.normal(0, 1, (_GRID, _GRID, 2)).astype(np.float32) * max(3.0, 0.06 * extent)
    bend = cv2.resize(field, (width, height), interpolation=cv2.INTER_CUBIC)
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    source = np.stack([x, y], 2).astype(np.float32) + bend
    result = np.asarray(cv2.remap(mask, source, None, cv2.INTER_LINEAR), np.float32)
    ys, xs = np.nonzero(mask > 0.5)
    for _ in range(rng.integers(0, 3) if len(ys) else 0):
        at = rng.integers(len(ys))
        radius = max(2, int(rng.uniform(0.1, 0.4) * extent))
        centre = (int(xs[at] + rng.normal(0, radius)), int(ys[at] + rng.normal(0, radius)))
        cv2.circle(result, centre, radius, float(rng.random() < 0.5), -1)
    return np.asarray(np.clip(cv2.GaussianBlur(result, (0, 0), 1), 0, 1), np.float32)
