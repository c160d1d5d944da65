"""Comparison sheets of stills: the photo, the truth and each method on green."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from matting_core.errors import ExportError
from matting_core.evaluation.quality.runner import Step
from matting_core.files import write_bytes_atomically
from matting_core.types import Frame8, Plane, Size
from matting_core.windows import resize

GREEN = (0, 255, 0)
"""Shows wrong fringes best."""

_COLUMNS = 4
_SIDE = 560
"""Longest side of a tile, pixels."""
_CAPTION = 18
_GAP = 4


def draw_comparison_sheet(steps: Sequence[Step], titles: Sequence[str]) -> Frame8:
    """Lay out the frame, its truth and all rows' alphas, the latter cut out on green.

    The frame's own colours are used, so where alpha is between 0 and 1 its background shines
    through.

    Args:
        steps: of one frame, one for each row; at least one.
        titles: the rows'.

    Returns:
        (H, W, 3) uint8 sRGB.
    """
    rgb, truth = _shrink(steps[0].rgb), steps[0].truth
    tiles = [("picture", rgb), ("truth", _composite_on_green(rgb, truth))]
    tiles += [
        (f"{title}, MAD {step.values['mad'] or 0.0:.1f}", _composite_on_green(rgb, step.alpha))
        for step, title in zip(steps, titles, strict=True)
    ]
    height, width = rgb.shape[0] + _CAPTION + _GAP, rgb.shape[1] + _GAP
    lines = -(-len(tiles) // _COLUMNS)
    page = np.full((lines * height + _GAP, _COLUMNS * width + _GAP, 3), 128, np.uint8)
    for k, (label, picture) in enumerate(tiles):
        y, x = _GAP + k // _COLUMNS * height, _GAP + k % _COLUMNS * width
        page[y : y + height - _GAP, x : x + width - _GAP] = _add_caption(label, picture)
    return page


def write_sheet(path: Path, steps: Sequence[Step], titles: Sequence[str]) -> None:
    """Write the sheet as PNG.

    Raises:
        ExportError: it cannot be written.
    """
    ok, data = cv2.imencode(".png", draw_comparison_sheet(steps, titles)[..., ::-1])
    if not ok:
        raise ExportError("The sheet could not be encoded; run without --out.")
    write_bytes_atomically(path, data.tobytes(), durable=False)


def _shrink(rgb: Frame8) -> Frame8:
    height, width = rgb.shape[:2]
    scale = min(1.0, _SIDE / max(height, width))
    return resize(rgb, Size(max(1, round(width * scale)), max(1, round(height * scale))))


def _composite_on_green(rgb: Frame8, alpha: Plane) -> Frame8:
    cover = resize(alpha, Size(rgb.shape[1], rgb.shape[0]))[..., None]
    mixed = rgb * cover + np.array(GREEN, np.float32) * (1 - cover)
    return np.asarray(np.rint(mixed), np.uint8)


def _add_caption(label: str, picture: Frame8) -> Frame8:
    caption = np.full((_CAPTION, picture.shape[1], 3), 32, np.uint8)
    white = (255, 255, 255)
    cv2.putText(
        caption, label, (3, _CAPTION - 5), cv2.FONT_HERSHEY_SIMPLEX, 0.42, white, 1, cv2.LINE_AA
    )
    return np.concatenate([caption, picture], 0)
