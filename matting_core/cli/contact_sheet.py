"""Contact sheet of a run: frames spread over the clip, cut out on a saturated background."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from matting_core.errors import ExportError
from matting_core.files import write_bytes_atomically
from matting_core.media.color import to_display
from matting_core.media.source import FrameSource
from matting_core.media.stills import read_mask_image
from matting_core.types import Frame8, Plane

_BACKGROUND = (214, 40, 140)
_COLUMNS, _ROWS = 4, 3
_WIDTH = 480


def composite_over_color(
    rgb: Frame8, alpha: Plane, color: tuple[int, int, int] = _BACKGROUND
) -> Frame8:
    """Put (H, W, 3) uint8 over a colour by (H, W) alpha in [0, 1], in display values."""
    cover = alpha[..., None]
    mixed = rgb * cover + np.array(color, np.float32) * (1 - cover)
    return np.asarray(np.rint(mixed), np.uint8)


def write_contact_sheet(source: FrameSource, folder: Path) -> Path:
    """Write `contact_sheet.png` from the alphas in `folder` and return its path.

    Raises:
        ExportError: it cannot be written.
    """
    count = min(_COLUMNS * _ROWS, len(source))
    frames = np.linspace(0, len(source) - 1, count).round().astype(int)
    height = round(_WIDTH * source.size.height / source.size.width)
    cells = []
    for frame in frames:
        rgb = to_display(source.read(int(frame)), source.transfer)
        alpha = read_mask_image(folder / f"alpha_{frame:06d}.png")
        cell = cv2.resize(
            composite_over_color(rgb, alpha), (_WIDTH, height), interpolation=cv2.INTER_AREA
        )
        cv2.putText(cell, str(frame), (8, 24), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255,) * 3, 1)
        cells.append(cell)
    cells += [np.zeros_like(cells[0])] * (-len(cells) % _COLUMNS)
    rows = [np.hstack(cells[i : i + _COLUMNS]) for i in range(0, len(cells), _COLUMNS)]
    ok, data = cv2.imencode(".png", np.vstack(rows)[..., ::-1])
    if not ok:
        raise ExportError("The contact sheet could not be encoded.")
    path = folder / "contact_sheet.png"
    write_bytes_atomically(path, data.tobytes())
    return path
