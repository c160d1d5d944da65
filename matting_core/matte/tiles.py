"""Tiles over the pixels that need work, and their results blended smoothly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matting_core.types import Plane


@dataclass(frozen=True, slots=True)
class Tile:
    """Tile of the frame, rows y0..y1 and columns x0..x1."""

    y0: int
    y1: int
    x0: int
    x1: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """Index of the tile in an (H, W, ...) array."""
        return slice(self.y0, self.y1), slice(self.x0, self.x1)


def cover_with_tiles(needed: npt.NDArray[np.bool_], core: int, overlap: int) -> Iterator[Tile]:
    """Yield tiles of `core` plus `overlap` on each side whose core holds needed pixels.

    The grid is laid over the bounds of the needed pixels, not over the frame.

    Args:
        needed: (H, W) bool.
        core: side of a tile without its overlap, pixels.
        overlap: pixels added on each side, cut off at the frame's edge.
    """
    rows, columns = np.flatnonzero(needed.any(1)), np.flatnonzero(needed.any(0))
    if not len(rows):
        return
    height, width = needed.shape
    for y in range(int(rows[0]), int(rows[-1]) + 1, core):
        for x in range(int(columns[0]), int(columns[-1]) + 1, core):
            if needed[y : y + core, x : x + core].any():
                yield Tile(
                    max(0, y - overlap),
                    min(height, y + core + overlap),
                    max(0, x - overlap),
                    min(width, x + core + overlap),
                )


class Blend:
    """Blend of overlapping tile results by weights that fall towards each tile's edge.

    Args:
        base: (H, W) float32 values for where no tile lies.
        overlap: over how many pixels the weight rises from the edge.
    """

    def __init__(self, base: Plane, overlap: int) -> None:
        self._base = base
        self._ramp = overlap
        self._sum = np.zeros_like(base)
        self._weight = np.zeros_like(base)

    def add(self, tile: Tile, values: Plane) -> None:
        """Add one tile's (h, w) float32 result."""
        height, width = values.shape
        weight = np.outer(self._rise(height), self._rise(width))
        self._sum[tile.slices] += values * weight
        self._weight[tile.slices] += weight

    def result(self) -> Plane:
        """Return the joined (H, W) float32 plane."""
        covered = self._weight > 0
        joined = self._base.copy()
        joined[covered] = self._sum[covered] / self._weight[covered]
        return joined

    def _rise(self, length: int) -> npt.NDArray[np.float32]:
        steps = np.arange(length, dtype=np.float32)
        edge = np.minimum(steps, steps[::-1]) + 1
        return np.minimum(edge / (2 * self._ramp + 1), 1).astype(np.float32)
