"""The values of one pixel, read from the pictures that are there already."""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.canvas.pictures.scene import Scene
from app.model.look import RGB


@dataclass(frozen=True, slots=True)
class Sample:
    """Values at one pixel.

    Attributes:
        xy: which one, counted from 0.
        rgb: the source's colour, 8-bit sRGB.
        alpha: coverage by any object, [0, 1]; None where no object has a matte.
        roi: where matting was needed, [0, 1]; None likewise.
    """

    xy: tuple[int, int]
    rgb: RGB
    alpha: float | None
    roi: float | None


def sample(scene: Scene, x: float, y: float) -> Sample | None:
    """Read the pixel at a place of the frame, or None outside it."""
    column, row = math.floor(x), math.floor(y)
    height, width = scene.rgb.shape[:2]
    if not (0 <= column < width and 0 <= row < height):
        return None
    red, green, blue = (int(value) for value in scene.rgb[row, column])
    mattes = [layer.matte for layer in scene.layers]
    alpha = max((float(matte.alpha[row, column]) for matte in mattes), default=None)
    roi = max((float(matte.roi[row, column]) for matte in mattes), default=None)
    return Sample((column, row), (red, green, blue), alpha, roi)
