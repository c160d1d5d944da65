"""Supersampled canvas that materials paint on, averaged down to a layer with exact alpha."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.training.render.layer import AlphaLayer, Colours
from matting_core.types import Plane, Size

Points = npt.NDArray[np.float32]
"""(..., 2) float32 xy in pixels of the picture; its top left corner is (0, 0)."""

SCALE = 3
"""Samples per pixel along each axis."""
SHIFT = 4
"""Fractional bits of the coordinates given to OpenCV."""


@dataclass(frozen=True, slots=True)
class Patch:
    """Patch of the canvas that something covers.

    Attributes:
        x0: left edge in pixels of the picture.
        y0: top edge.
        fine: (h * SCALE, w * SCALE) uint8, 255 where covered and 0 elsewhere.
    """

    x0: int
    y0: int
    fine: npt.NDArray[np.uint8]

    @property
    def size(self) -> Size:
        """Width and height in pixels of the picture."""
        return Size(self.fine.shape[1] // SCALE, self.fine.shape[0] // SCALE)

    @property
    def slices(self) -> tuple[slice, slice]:
        """Index of the patch in an (H, W, ...) picture."""
        width, height = self.size
        return slice(self.y0, self.y0 + height), slice(self.x0, self.x0 + width)

    @property
    def fine_slices(self) -> tuple[slice, slice]:
        """Index of the patch in the canvas."""
        rows, columns = self.slices
        return (
            slice(rows.start * SCALE, rows.stop * SCALE),
            slice(columns.start * SCALE, columns.stop * SCALE),
        )

    def coverage(self) -> Plane:
        """Share of each pixel of the patch that is covered, (h, w) float32."""
        small = cv2.resize(self.fine, self.size, interpolation=cv2.INTER_AREA)
        return np.asarray(small, np.float32) / np.float32(255)


class SupersampledCanvas:
    """Canvas of opaque paint on a grid SCALE times finer than the picture.

    Colour and coverage are stored together and averaged together, so the result is
    premultiplied and its alpha is the covered area. Values are uint8, sRGB-encoded.
    """

    def __init__(self, size: Size) -> None:
        self.size = size
        self.pixels = np.zeros((size.height * SCALE, size.width * SCALE, 4), np.uint8)

    def mask(self, outlines: Sequence[Points], margin: int = 2) -> Patch:
        """Cover outlines, even-odd, with `margin` pixels around them where the picture has room."""
        width, height = self.size
        corners = np.concatenate(outlines)
        low, high = corners.min(0), corners.max(0)
        x0, y0 = (int(np.clip(low[k] - margin, 0, self.size[k] - 1)) for k in range(2))
        x1 = int(np.clip(np.ceil(high[0]) + margin, x0 + 1, width))
        y1 = int(np.clip(np.ceil(high[1]) + margin, y0 + 1, height))
        fine = np.zeros(((y1 - y0) * SCALE, (x1 - x0) * SCALE), np.uint8)
        moved = [_to_fixed_point(outline - np.array([x0, y0], np.float32)) for outline in outlines]
        cv2.fillPoly(fine, moved, 255, cv2.LINE_8, SHIFT)
        return Patch(x0, y0, fine)

    def fill(self, patch: Patch, colours: Colours) -> None:
        """Paint (h, w, 3) colours, of the patch alone, through it."""
        height, width = patch.fine.shape
        grown = cv2.resize(_to_uint8(colours), (width, height), interpolation=cv2.INTER_LINEAR)
        opaque = cv2.cvtColor(grown, cv2.COLOR_RGB2RGBA)
        cv2.copyTo(opaque, patch.fine, self.pixels[patch.fine_slices])

    def polygons(self, outlines: Points, colours: Colours) -> None:
        """Fill (N, K, 2) outlines in order with flat (N, 3) colours."""
        fixed, paints = _to_fixed_point(outlines), _to_paints(colours)
        for outline, paint in zip(fixed, paints, strict=True):
            cv2.fillPoly(self.pixels, [outline], paint, cv2.LINE_8, SHIFT)

    def strands(self, paths: Points, widths: npt.NDArray[np.float32], colours: Colours) -> None:
        """Draw lines in order, the last on top.

        Args:
            paths: (N, K, 2) vertices.
            widths: (N, K) in pixels; below 1 / SCALE counts as that.
            colours: (N, K, 3), or (N, 1, 3) for the same along the strand.
        """
        seen = self._in_sight(paths, widths)
        paths, widths = paths[seen], widths[seen]
        colours = colours[seen] if len(colours) == len(seen) else colours
        # Widths fall between two whole ones: the golden ratio spreads which strand gets which.
        dither = (np.arange(len(paths)) * 0.618034 % 1)[:, None]
        thick = np.maximum(np.floor(widths[:, 1:] * SCALE + dither), 1).astype(int)
        shape = (*thick.shape, 3)
        paints = _to_paints(np.broadcast_to(colours, shape).reshape(-1, 3))
        fixed = _to_fixed_point(paths)
        starts = fixed[:, :-1].reshape(-1, 2).tolist()
        ends = fixed[:, 1:].reshape(-1, 2).tolist()
        pixels, line = self.pixels, cv2.line
        # The four lists are as long as there are pieces; checking that would cost time here.
        for start, end, paint, width in zip(  # noqa: B905
            starts, ends, paints, thick.ravel().tolist()
        ):
            line(pixels, start, end, paint, width, cv2.LINE_8, SHIFT)

    def _in_sight(self, paths: Points, widths: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
        """Whether each of (N, K, 2) strands comes near the picture at all."""
        beyond = float(widths.max(initial=0)) + 1
        low, high = paths.min(1) - beyond, paths.max(1) + beyond
        inside: npt.NDArray[np.bool_] = np.all((high > 0) & (low < np.array(self.size)), axis=1)
        return inside

    def shadow(self, patch: Patch, reach: float, strength: float) -> None:
        """Darken what is painted already near a patch, as a part about to lie on it would.

        Args:
            patch: the part, with a margin for the shadow.
            reach: how far the shadow goes, pixels.
            strength: 0 is none, 1 is black.
        """
        height, width = patch.fine.shape
        quarter = max(1, width // (4 * SCALE)), max(1, height // (4 * SCALE))
        small = cv2.resize(patch.fine, quarter, interpolation=cv2.INTER_AREA)
        soft = cv2.GaussianBlur(small, (0, 0), max(reach / 4, 0.4))
        left = 255 - cv2.convertScaleAbs(soft, alpha=strength)
        left = cv2.resize(left, (width, height), interpolation=cv2.INTER_LINEAR)
        region = self.pixels[patch.fine_slices]
        keep = np.full_like(left, 255)
        region[:] = cv2.multiply(region, cv2.merge([left, left, left, keep]), None, 1 / 255)

    def erase_outside(self, outlines: Sequence[Points]) -> None:
        """Take away all paint outside of outlines, even-odd."""
        patch = self.mask(outlines)
        kept = np.zeros_like(self.pixels)
        cv2.copyTo(self.pixels[patch.fine_slices], patch.fine, kept[patch.fine_slices])
        self.pixels = kept

    def layer(self, softness: float = 0.4) -> AlphaLayer:
        """Average down to the picture's size.

        Args:
            softness: sigma in pixels of the lens that sees it; alpha and colour alike.
        """
        # The mean and the blur treat all four channels alike.
        mean = cv2.resize(self.pixels, self.size, interpolation=cv2.INTER_AREA)
        values = cv2.GaussianBlur(mean.astype(np.float32) / 255, (0, 0), max(softness, 0.1))
        # The kernel's weights sum to a little less than 1; solid matter shall be solid.
        values *= np.float32(1 + 1e-6)
        alpha = np.ascontiguousarray(np.clip(values[..., 3], 0, 1))
        return AlphaLayer(alpha, np.clip(values[..., :3], 0, alpha[..., None]))


def _to_fixed_point(points: Points) -> npt.NDArray[np.int32]:
    """Convert picture coordinates to OpenCV's fixed-point ones, with pixel centres at integers."""
    fixed = np.round((points * SCALE - 0.5) * (1 << SHIFT))
    return np.ascontiguousarray(fixed, np.int32)


def _to_uint8(colours: Colours) -> npt.NDArray[np.uint8]:
    return np.asarray(np.clip(colours, 0, 1) * 255 + 0.5).astype(np.uint8)


def _to_paints(colours: Colours) -> list[list[float]]:
    """Colours with full coverage as fourth value, as nested lists, which OpenCV reads fastest."""
    opaque = np.full((*colours.shape[:-1], 1), 255, np.uint8)
    paints: list[list[float]] = np.concatenate([_to_uint8(colours), opaque], -1).tolist()
    return paints


def measure_coverage(size: Size, outline: Points) -> Plane:
    """Exact (H, W) float32 coverage of a picture by one outline."""
    patch = SupersampledCanvas(size).mask([outline])
    cover = np.zeros(size.hw, np.float32)
    cover[patch.slices] = patch.coverage()
    return cover
