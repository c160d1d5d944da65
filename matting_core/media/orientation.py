"""Orientation of stored pictures: display matrices of video, EXIF values of stills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from matting_core.types import Size

_EXIF = {
    1: (False, False, False),
    2: (False, True, False),
    3: (False, True, True),
    4: (False, False, True),
    5: (True, False, False),
    6: (True, True, False),
    7: (True, True, True),
    8: (True, False, True),
}


@dataclass(frozen=True, slots=True)
class Orientation:
    """Orientation of a picture, one of eight turns and mirrors.

    Attributes:
        transpose: rows become columns; done first.
        flip_x: then left and right change places.
        flip_y: then top and bottom change places.
    """

    transpose: bool = False
    flip_x: bool = False
    flip_y: bool = False

    @classmethod
    def from_exif(cls, value: int) -> Self:
        """Return what EXIF's orientation 1..8 asks for; other values mean upright.

        >>> Orientation.from_exif(6)
        Orientation(transpose=True, flip_x=True, flip_y=False)
        """
        return cls(*_EXIF.get(value, _EXIF[1]))

    @classmethod
    def from_display_matrix(cls, matrix: Sequence[int]) -> Self:
        """Return what a 3 x 3 display matrix (row vectors, ISO 14496-12 6.2.2) asks for.

        The shown point is x' = a x + c y, y' = b x + d y with [a b u; c d v; x y w]; an angle
        between quarter turns goes to the nearer one, and the translation is ignored.
        """
        a, b, _, c, d = matrix[:5]
        if abs(b) + abs(c) > abs(a) + abs(d):
            return cls(transpose=True, flip_x=c < 0, flip_y=b < 0)
        return cls(transpose=False, flip_x=a < 0, flip_y=d < 0)

    def turn(self, pixels: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return the upright picture of an (H, W, C) or (H, W) one, C-contiguous."""
        if self.transpose:
            pixels = pixels.swapaxes(0, 1)
        if self.flip_x:
            pixels = pixels[:, ::-1]
        if self.flip_y:
            pixels = pixels[::-1]
        return np.ascontiguousarray(pixels)

    def turn_size(self, size: Size) -> Size:
        """Return the upright picture's size."""
        return Size(size.height, size.width) if self.transpose else size
