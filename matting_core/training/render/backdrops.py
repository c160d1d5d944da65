"""What lies behind a subject: pieces of photographs, sharp, far out of focus, or nearly plain."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from matting_core.training.render.foregrounds import (
    Foregrounds,
    Shelf,
    read_photograph,
    shrunk,
    to_floats,
)
from matting_core.training.render.layer import Colours
from matting_core.types import Frame8, Size

_KEPT = 24


class Backdrops:
    """Backgrounds, read when asked for; the pairs' own serve too.

    Args:
        paths: photographs.
        limit: the longest side that is kept of them.
        cutouts: pairs; what lies behind their subjects is filled in smoothly.
    """

    def __init__(self, paths: Sequence[Path], limit: int, cutouts: Foregrounds) -> None:
        files = tuple(paths)
        self._count, self._cutouts = len(files), cutouts
        self._shelf = Shelf(lambda index: shrunk(read_photograph(files[index]), limit), _KEPT)

    def texture(self, rng: np.random.Generator, size: Size) -> Colours:
        """A piece of a photograph; this is a `Texture`."""
        return piece(self._photograph(rng), size, rng, 3.0)

    def backdrop(self, rng: np.random.Generator, size: Size) -> Colours:
        """A picture to put a subject in front of, (H, W, 3) float32 in [0, 1]."""
        kind = rng.random()
        if kind < 0.12:
            return _plain(self._photograph(rng), size, rng)
        if len(self._cutouts) and kind < 0.25:
            own = self._cutouts[int(rng.integers(len(self._cutouts)))].background
            if own is not None:
                # the filling shows unless it is out of focus
                return _far(piece(own, size, rng, 1.8), rng, 0.012)
        colours = piece(self._photograph(rng), size, rng, 1.8)
        return _far(colours, rng, 0.004) if kind < 0.45 else colours

    def _photograph(self, rng: np.random.Generator) -> Frame8:
        return self._shelf[int(rng.integers(self._count))]


def piece(photograph: Frame8, size: Size, rng: np.random.Generator, zoom: float) -> Colours:
    """A random piece of a photograph at a size, mirrored or not.

    Args:
        photograph: (H, W, 3) uint8.
        size: the piece's.
        rng: draws it.
        zoom: how much closer than the whole photograph it may come.
    """
    height, width = photograph.shape[:2]
    least = max(size.width / width, size.height / height)
    scale = least * zoom ** (rng.random() ** 1.5)
    cut = Size(
        max(1, min(width, round(size.width / scale))),
        max(1, min(height, round(size.height / scale))),
    )
    x = int(rng.integers(width - cut.width + 1))
    y = int(rng.integers(height - cut.height + 1))
    part = photograph[y : y + cut.height, x : x + cut.width]
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    resized = cv2.resize(part, size, interpolation=way)
    if rng.random() < 0.5:
        resized = cv2.flip(resized, 1)
    return to_floats(resized)


def out_of_focus(colours: Colours, radius: float) -> Colours:
    """A picture far out of focus: averaged over discs of a radius, on nearly linear light.

    Wide discs are averaged on a smaller picture; nothing is lost that a disc leaves.
    """
    height, width = colours.shape[:2]
    shrink = max(1.0, radius / 5)
    small = Size(max(4, round(width / shrink)), max(4, round(height / shrink)))
    light = cv2.resize(colours, small, interpolation=cv2.INTER_AREA) ** np.float32(2.2)
    reach = radius / shrink
    span = np.arange(-math.ceil(reach), math.ceil(reach) + 1)
    distance = np.hypot(span[:, None], span[None, :])
    disc = np.clip(reach + 0.5 - distance, 0, 1).astype(np.float32)
    blurred = cv2.filter2D(light, -1, disc / disc.sum(), borderType=cv2.BORDER_REFLECT_101)
    encoded = np.clip(blurred, 0, 1) ** np.float32(1 / 2.2)
    way = cv2.INTER_CUBIC if shrink > 1 else cv2.INTER_LINEAR
    enlarged = cv2.resize(encoded, (width, height), interpolation=way)
    return np.asarray(np.clip(enlarged, 0, 1), np.float32)


def _far(colours: Colours, rng: np.random.Generator, least: float) -> Colours:
    """A picture more or less out of focus; `least` is a share of its longest side."""
    radius = math.exp(rng.uniform(math.log(least), math.log(0.05)))
    return out_of_focus(colours, radius * max(colours.shape))


def _plain(photograph: Frame8, size: Size, rng: np.random.Generator) -> Colours:
    """A nearly smooth picture: a wall, a sky, a studio; a small spot of a photograph blown up."""
    spot = Size(int(rng.integers(2, 7)), int(rng.integers(2, 7)))
    colours = piece(photograph, Size(spot.width * 8, spot.height * 8), rng, 6.0)
    colours = cv2.resize(colours, spot, interpolation=cv2.INTER_AREA)
    if rng.random() < 0.5:
        # studios are seldom colourful
        colours = cv2.addWeighted(colours, 0.3, np.full_like(colours, colours.mean()), 0.7, 0)
    smooth = cv2.resize(colours, size, interpolation=cv2.INTER_CUBIC)
    smooth = cv2.GaussianBlur(smooth, (0, 0), max(size) / 24)
    rough = rng.standard_normal((*size.hw, 1), np.float32) * np.float32(rng.uniform(0, 0.01))
    return np.asarray(np.clip(smooth + rough, 0, 1), np.float32)
