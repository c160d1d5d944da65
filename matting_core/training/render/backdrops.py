"""Backdrops of subjects: pieces of photographs, sharp, far out of focus, or nearly plain."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from matting_core.training.render.foregrounds import (
    ForegroundPairs,
    limit_size,
    read_photograph,
    to_floats,
)
from matting_core.training.render.layer import Colours
from matting_core.types import Frame8, Size

_KEPT = 24


class PhotographBackdrops:
    """Backdrops cut from photographs, and from the pairs' own backgrounds.

    Args:
        paths: photographs.
        limit: the longest side that is kept of them.
        cutouts: pairs; what lies behind their subjects is filled in smoothly.
    """

    def __init__(self, paths: Sequence[Path], limit: int, cutouts: ForegroundPairs) -> None:
        files = tuple(paths)
        self._count, self._cutouts = len(files), cutouts
        self._read = lru_cache(_KEPT)(
            lambda index: limit_size(read_photograph(files[index]), limit)
        )

    def texture(self, rng: np.random.Generator, size: Size) -> Colours:
        """Draw a piece of a photograph; a `Texture`."""
        return crop_piece(self._photograph(rng), size, rng, 3.0)

    def backdrop(self, rng: np.random.Generator, size: Size) -> Colours:
        """Draw a picture to put a subject in front of, (H, W, 3) float32 in [0, 1]."""
        kind = rng.random()
        if kind < 0.12:
            return _draw_plain(self._photograph(rng), size, rng)
        if len(self._cutouts) and kind < 0.25:
            own = self._cutouts[int(rng.integers(len(self._cutouts)))].background
            if own is not None:
                # the filling shows unless it is out of focus
                return _defocus(crop_piece(own, size, rng, 1.8), rng, 0.012)
        colours = crop_piece(self._photograph(rng), size, rng, 1.8)
        return _defocus(colours, rng, 0.004) if kind < 0.45 else colours

    def _photograph(self, rng: np.random.Generator) -> Frame8:
        return self._read(int(rng.integers(self._count)))


def crop_piece(photograph: Frame8, size: Size, rng: np.random.Generator, zoom: float) -> Colours:
    """Crop a random piece of a photograph at a size, mirrored or not.

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


def blur_by_disc(colours: Colours, radius: float) -> Colours:
    """Blur a picture far out of focus: average discs of a radius, on nearly linear light.

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


def _defocus(colours: Colours, rng: np.random.Generator, least: float) -> Colours:
    """Blur a picture by a random disc; the least radius is a share of its longest side."""
    radius = math.exp(rng.uniform(math.log(least), math.log(0.05)))
    return blur_by_disc(colours, radius * max(colours.shape))


def _draw_plain(photograph: Frame8, size: Size, rng: np.random.Generator) -> Colours:
    """Draw a nearly smooth wall, sky or studio: a small spot of a photograph blown up."""
    spot = Size(int(rng.integers(2, 7)), int(rng.integers(2, 7)))
    colours = crop_piece(photograph, Size(spot.width * 8, spot.height * 8), rng, 6.0)
    colours = cv2.resize(colours, spot, interpolation=cv2.INTER_AREA)
    if rng.random() < 0.5:
        # studios are seldom colourful
        colours = cv2.addWeighted(colours, 0.3, np.full_like(colours, colours.mean()), 0.7, 0)
    smooth = cv2.resize(colours, size, interpolation=cv2.INTER_CUBIC)
    smooth = cv2.GaussianBlur(smooth, (0, 0), max(size) / 24)
    rough = rng.standard_normal((*size.hw, 1), np.float32) * np.float32(rng.uniform(0, 0.01))
    return np.asarray(np.clip(smooth + rough, 0, 1), np.float32)
