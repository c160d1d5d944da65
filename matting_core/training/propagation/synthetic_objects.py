"""Synthetic objects: rods, rings, wires and blobs with a texture."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from matting_core.training.propagation.moving_layers import Rgba
from matting_core.types import Frame8, Size

_SIDE = 400
_Cover = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
Texture = Callable[[np.random.Generator, Size], Frame8]
"""Gives a piece of a photograph, (H, W, 3) uint8 sRGB."""


def draw_synthetic_object(rng: np.random.Generator, texture: Texture) -> Rgba:
    """Draw one to five strokes that belong together, (400, 400, 4)."""
    cover = np.zeros((_SIDE, _SIDE), np.uint8)
    strokes = (_rod, _ring, _patch, _wire, _blob)
    for _ in range(rng.integers(1, 6)):
        strokes[rng.integers(len(strokes))](cover, rng)
    cover = np.asarray(cv2.GaussianBlur(cover, (3, 3), 0), np.uint8)
    if rng.random() < 0.5:
        colours = texture(rng, Size(_SIDE, _SIDE)).astype(np.float32)
    else:
        colours = np.full((_SIDE, _SIDE, 3), rng.integers(0, 255, 3), np.float32)
    lit = colours * rng.uniform(0.5, 1.3) + rng.normal(0, 4, colours.shape)
    return np.dstack([np.clip(lit, 0, 255).astype(np.uint8), cover])


def _place(rng: np.random.Generator) -> tuple[int, int]:
    x, y = rng.uniform(0.08, 0.92, 2) * _SIDE
    return int(x), int(y)


def _thickness(rng: np.random.Generator) -> int:
    return int(rng.integers(2, 16))


def _rod(cover: _Cover, rng: np.random.Generator) -> None:
    cv2.line(cover, _place(rng), _place(rng), 255, _thickness(rng))


def _ring(cover: _Cover, rng: np.random.Generator) -> None:
    cv2.circle(cover, _place(rng), int(rng.uniform(0.08, 0.3) * _SIDE), 255, _thickness(rng))


def _patch(cover: _Cover, rng: np.random.Generator) -> None:
    corners = [_place(rng) for _ in range(rng.integers(3, 7))]
    cv2.fillPoly(cover, [np.array(corners)], 255)


def _wire(cover: _Cover, rng: np.random.Generator) -> None:
    corners = np.array([_place(rng) for _ in range(4)])
    cv2.polylines(cover, [corners], False, 255, _thickness(rng))


def _blob(cover: _Cover, rng: np.random.Generator) -> None:
    width, height = (int(v) for v in rng.uniform(0.05, 0.25, 2) * _SIDE)
    turn = float(rng.uniform(0, 180))
    cv2.ellipse(cover, _place(rng), (width, height), turn, 0, 360, 255, -1)
