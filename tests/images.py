"""Images made by the tests, through OpenImageIO."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from OpenImageIO import ImageOutput, ImageSpec

_TYPES = {"uint8": "uint8", "uint16": "uint16", "float16": "half", "float32": "float"}


def write_image(
    path: str | Path,
    pixels: npt.NDArray[np.generic],
    channels: tuple[str, ...] | None = None,
    display: tuple[int, int, int, int] | None = None,
    origin: tuple[int, int] = (0, 0),
    **attributes: str | int | float,
) -> Path:
    """Write an (H, W, C) array in its own type.

    Args:
        path: the suffix says the format.
        pixels: uint8, uint16, float16 or float32.
        channels: their names, if not the usual ones.
        display: x, y, width, height of EXR's display window.
        origin: x, y of the data window.
        attributes: OpenImageIO's, with `__` for a colon.
    """
    height, width, count = pixels.shape
    spec = ImageSpec(width, height, count, _TYPES[pixels.dtype.name])
    if channels:
        spec.channelnames = channels
    spec.x, spec.y = origin
    if display:
        spec.full_x, spec.full_y, spec.full_width, spec.full_height = display
    for name, value in attributes.items():
        spec.attribute(name.replace("__", ":"), value)
    output = ImageOutput.create(str(path))
    if not (output.open(str(path), spec) and output.write_image(np.ascontiguousarray(pixels))):
        raise OSError(output.geterror())
    output.close()
    return Path(path)
