"""Closed form on a small copy, then colour lines at the picture's own resolution."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.matte.closed_form import solve_tile
from matting_core.matte.colour_lines import enlarge_part, fit_colour_lines
from matting_core.matte.tiles import Blend, cover_with_tiles
from matting_core.types import Frame8, Plane, Size

SMALL = 512
"""Longest side of the small copy. What the equations cost follows its unknown pixels."""

_CORE, _OVERLAP = 128, 16
_NATIVE_TILE = 256
_DENSER = 3.0
_FIT = 2
_SETTLED = 1e-3

Region = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Prior:
    """Prior of alpha before the picture's colours count, at any one size.

    Attributes:
        trimap: (h, w) float32: 0 and 1 where alpha is known, 0.5 elsewhere.
        alpha: (h, w) float32 in [0, 1], the guide where it is not.
        pull: (h, w) float32 > 0, how hard alpha is held to the guide.
    """

    trimap: Plane
    alpha: Plane
    pull: Plane

    @property
    def unknown(self) -> Region:
        """(h, w) bool, where alpha is to be found."""
        return np.asarray((self.trimap != 0) & (self.trimap != 1))


def small_size(size: Size) -> Size:
    """Size at which the equations are solved for a picture of `size`."""
    scale = min(1.0, SMALL / max(size))
    return Size(max(1, round(size.width * scale)), max(1, round(size.height * scale)))


def solve(rgb: Frame8, prior: Prior) -> Plane:
    """Return alpha by closed form in overlapping tiles, (h, w) float32 in [0, 1].

    Args:
        rgb: (h, w, 3) uint8 sRGB.
        prior: of the same size.
    """
    blend = Blend(prior.trimap, _OVERLAP)
    for tile in cover_with_tiles(prior.unknown, _CORE, _OVERLAP):
        at = tile.slices
        blend.add(tile, solve_tile(rgb[at], prior.trimap[at], prior.alpha[at], prior.pull[at]))
    return np.asarray(np.clip(blend.result(), 0, 1), np.float32)


def enlarge(rgb: Frame8, small_rgb: Frame8, small_alpha: Plane) -> Plane:
    """Bring an alpha found on a small copy to the picture's own pixels, (H, W) float32 in [0, 1].

    Where the copy's alpha is 0 or 1 all around, so is the result. Elsewhere colour lines give it,
    held near what the copy has there: a strand may be at most three times as dense.

    Args:
        rgb: (H, W, 3) uint8 sRGB.
        small_rgb: (h, w, 3) uint8, the same view.
        small_alpha: (h, w) float32 in [0, 1].
    """
    hw = (rgb.shape[0], rgb.shape[1])
    if small_alpha.shape == hw:
        return small_alpha
    around = np.ones((2 * _FIT + 1, 2 * _FIT + 1), np.uint8)
    lowest, highest = cv2.erode(small_alpha, around), cv2.dilate(small_alpha, around)
    least = np.maximum(0, 1 - _DENSER * (1 - lowest))
    most = np.minimum(1, _DENSER * highest)
    alpha = np.asarray(cv2.resize(small_alpha, hw[::-1], interpolation=cv2.INTER_NEAREST))
    mixed = ((lowest < 1 - _SETTLED) & (highest > _SETTLED)).astype(np.uint8)
    needed = cv2.resize(mixed, hw[::-1], interpolation=cv2.INTER_NEAREST).astype(np.bool_)
    lines = fit_colour_lines(small_rgb, small_alpha)
    limits = np.dstack([least, most])
    for tile in cover_with_tiles(needed, _NATIVE_TILE, 0):
        at = tile.slices
        held = enlarge_part(limits, hw, tile)
        found = np.clip(lines.apply(rgb, tile), held[..., 0], held[..., 1])
        alpha[at] = np.where(needed[at], found, alpha[at])
    return alpha
