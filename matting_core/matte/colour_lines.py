"""Colour lines: alpha at the picture's own pixels from an alpha found on a smaller copy.

In a small window alpha is nearly a linear function of colour, alpha = a . I + b: the assumption
under closed-form matting (Levin, Lischinski and Weiss 2008, eq. 9) and the guided filter (He, Sun
and Tang 2013, eq. 5-8). a and b vary slowly, so they are found on the small copy, enlarged, and
applied to the full picture's colours (He and Sun 2015, "Fast guided filter"). A strand thinner
than a pixel of the copy comes back where its colour is seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.matte.tiles import Tile
from matting_core.types import Frame8, Plane

_RADIUS = 2
_EPSILON = 1e-4

Coefficients = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ColourLines:
    """Linear functions from colour to alpha, one for each pixel of the small copy.

    Attributes:
        values: (h, w, 4) float32, a for R, G and B in [0, 1], then b.
    """

    values: Coefficients

    def apply(self, rgb: Frame8, tile: Tile) -> Plane:
        """Return alpha of a tile of the full picture, (y1 - y0, x1 - x0) float32 in [0, 1].

        Args:
            rgb: (H, W, 3) uint8, the full picture, of which `values` covers the same view.
            tile: the part that is wanted.
        """
        enlarged = enlarge_part(self.values, (rgb.shape[0], rgb.shape[1]), tile)
        colours = rgb[tile.slices].astype(np.float32)
        alpha = enlarged[..., 3] + np.einsum("ijk,ijk->ij", enlarged[..., :3], colours) / 255
        return np.asarray(np.clip(alpha, 0, 1), np.float32)


def enlarge_part(raster: Coefficients, hw: tuple[int, int], tile: Tile) -> Coefficients:
    """Enlarge a tile of a raster bilinearly to (H, W); pixel centres stay where they are.

    Args:
        raster: (h, w) or (h, w, C) float32.
        hw: the size it is enlarged to.
        tile: the part of the enlarged raster that is wanted.
    """
    sy, sx = raster.shape[0] / hw[0], raster.shape[1] / hw[1]
    matrix = np.array(
        [[sx, 0, (tile.x0 + 0.5) * sx - 0.5], [0, sy, (tile.y0 + 0.5) * sy - 0.5]], np.float32
    )
    enlarged: Coefficients = cv2.warpAffine(
        raster,
        matrix,
        (tile.x1 - tile.x0, tile.y1 - tile.y0),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return enlarged


def fit_colour_lines(rgb: Frame8, alpha: Plane) -> ColourLines:
    """Fit alpha = a . I + b in each 5x5 window by least squares, |a|^2 held small.

    Args:
        rgb: (h, w, 3) uint8 sRGB, the small copy.
        alpha: (h, w) float32 in [0, 1].
    """
    colours = np.asarray(rgb / np.float32(255), np.float32)
    mean_colour, mean_alpha = _mean(colours), _mean(np.asarray(alpha, np.float32))
    together = _mean(colours * alpha[..., None]) - mean_colour * mean_alpha[..., None]
    slope = _solve_3x3(_covariance(colours, mean_colour), together)
    offset = mean_alpha - np.einsum("ijk,ijk->ij", slope, mean_colour)
    return ColourLines(_mean(np.dstack([slope, offset]).astype(np.float32)))


def _covariance(colours: Coefficients, mean: Coefficients) -> list[Coefficients]:
    """Upper triangle rr, rg, rb, gg, gb, bb, each (h, w); epsilon on the diagonal."""
    pairs = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
    products = np.dstack([colours[..., i] * colours[..., j] for i, j in pairs])
    means = np.dstack([mean[..., i] * mean[..., j] for i, j in pairs])
    spread = _mean(products) - means
    return [spread[..., k] + (_EPSILON if i == j else 0) for k, (i, j) in enumerate(pairs)]


def _solve_3x3(matrix: list[Coefficients], right: Coefficients) -> Coefficients:
    """Solve the symmetric 3x3 systems by cofactors, (h, w, 3)."""
    rr, rg, rb, gg, gb, bb = matrix
    first = (gg * bb - gb * gb, rb * gb - rg * bb, rg * gb - rb * gg)
    second = (first[1], rr * bb - rb * rb, rb * rg - rr * gb)
    third = (first[2], second[2], rr * gg - rg * rg)
    determinant = rr * first[0] + rg * first[1] + rb * first[2]
    rows = [
        sum(cofactor * right[..., k] for k, cofactor in enumerate(row))
        for row in (first, second, third)
    ]
    return np.asarray(np.dstack(rows) / determinant[..., None], np.float32)


def _mean(values: Coefficients) -> Coefficients:
    side = 2 * _RADIUS + 1
    blurred: Coefficients = cv2.blur(values, (side, side), borderType=cv2.BORDER_REFLECT_101)
    return blurred
