"""Contact sheets of pictures beside their alphas."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from matting_core.types import Frame8, Plane

GREEN = (0, 255, 0)
"""Shows wrong fringes best."""
GAP = 4
CAPTION = 18
"""Height of the line above each tile, pixels."""


def draw_contact_sheet(items: Sequence[tuple[str, Frame8, Plane]], columns: int) -> Frame8:
    """Lay out labelled tiles: picture, alpha, and the picture cut out by its alpha on green.

    The picture's own colours are used for the composite, so where alpha is between 0 and 1 its
    background shines through.

    Args:
        items: of label, (h, w, 3) uint8 sRGB picture, (h, w) float32 alpha in [0, 1].
        columns: tiles side by side.

    Returns:
        (H, W, 3) uint8 sheet; a single grey pixel without items.
    """
    if not items:
        return np.full((1, 1, 3), 128, np.uint8)
    tiles = [_draw_tile(label, picture, alpha) for label, picture, alpha in items]
    columns = min(columns, len(tiles))
    height, width = (max(tile.shape[axis] for tile in tiles) for axis in range(2))
    rows = -(-len(tiles) // columns)
    sheet = np.full((rows * (height + GAP) + GAP, columns * (width + GAP) + GAP, 3), 128, np.uint8)
    for k, tile in enumerate(tiles):
        y = GAP + k // columns * (height + GAP)
        x = GAP + k % columns * (width + GAP)
        sheet[y : y + tile.shape[0], x : x + tile.shape[1]] = tile
    return sheet


def _draw_tile(label: str, picture: Frame8, alpha: Plane) -> Frame8:
    cover = np.clip(alpha, 0, 1)[..., None]
    grey = np.broadcast_to(np.round(cover * 255), picture.shape).astype(np.uint8)
    composite = np.round(picture * cover + np.array(GREEN) * (1 - cover)).astype(np.uint8)
    strip = np.concatenate([picture, grey, composite], 1)
    caption = np.full((CAPTION, strip.shape[1], 3), 32, np.uint8)
    white = (255, 255, 255)
    cv2.putText(
        caption, label, (3, CAPTION - 5), cv2.FONT_HERSHEY_SIMPLEX, 0.42, white, 1, cv2.LINE_AA
    )
    return np.concatenate([caption, strip], 0)
