"""Colours: of hair and fur, of toys, of pieces of photographs and printed patterns."""

from __future__ import annotations

import colorsys

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.training.render.layer import Colours, Texture
from matting_core.training.render.materials.shading import draw_noise
from matting_core.types import Size

Colour = npt.NDArray[np.float32]
"""(3,) float32 in [0, 1], sRGB."""

HAIR = (
    (0.09, 0.08, 0.08), (0.17, 0.13, 0.10), (0.28, 0.19, 0.13), (0.40, 0.27, 0.17),
    (0.52, 0.37, 0.23), (0.68, 0.52, 0.34), (0.82, 0.69, 0.49), (0.90, 0.82, 0.68),
    (0.55, 0.27, 0.13), (0.72, 0.42, 0.20), (0.45, 0.43, 0.41), (0.68, 0.66, 0.63),
    (0.90, 0.89, 0.86), (0.95, 0.93, 0.88), (0.60, 0.55, 0.46), (0.35, 0.32, 0.28),
)  # fmt: skip
"""Natural hair and fur, black to white."""

SKIN = (
    (0.95, 0.80, 0.70), (0.88, 0.69, 0.57), (0.78, 0.58, 0.45),
    (0.62, 0.43, 0.31), (0.44, 0.29, 0.21), (0.30, 0.20, 0.15),
)  # fmt: skip

LEAF = (
    (0.25, 0.40, 0.13), (0.36, 0.52, 0.18), (0.50, 0.62, 0.26), (0.17, 0.30, 0.14),
    (0.30, 0.46, 0.16), (0.42, 0.57, 0.20), (0.33, 0.45, 0.22), (0.62, 0.64, 0.33),
    (0.72, 0.66, 0.38), (0.55, 0.42, 0.22), (0.70, 0.35, 0.16),
)  # fmt: skip

WOOD = ((0.34, 0.26, 0.20), (0.47, 0.39, 0.31), (0.24, 0.19, 0.16), (0.58, 0.50, 0.42))


def pick_colour(
    rng: np.random.Generator, colours: tuple[tuple[float, float, float], ...], spread: float = 0.04
) -> Colour:
    """Choose one colour of a list, a little off."""
    chosen = np.array(colours[rng.integers(len(colours))], np.float32)
    changed = chosen * (1 + rng.normal(0, 2 * spread)) + rng.normal(0, spread / 3, 3)
    return np.clip(changed, 0.02, 0.98).astype(np.float32)


def draw_toy_colour(rng: np.random.Generator) -> Colour:
    """Choose the colour of something made: often strong, at times pastel, white, grey or black."""
    kind = rng.random()
    if kind < 0.2:
        return np.full(3, rng.choice([0.08, 0.3, 0.55, 0.85, 0.94]), np.float32)
    saturation = rng.uniform(0.55, 0.95) if kind < 0.7 else rng.uniform(0.15, 0.5)
    rgb = colorsys.hsv_to_rgb(rng.random(), saturation, rng.uniform(0.35, 0.95))
    return np.array(rgb, np.float32)


def fill_plain(colour: npt.ArrayLike, size: Size) -> Colours:
    """Fill a picture with one (3,) colour, without storing it more than once; read only."""
    return np.broadcast_to(np.clip(np.asarray(colour, np.float32), 0, 1), (*size.hw, 3))


def fill_varied(
    colour: Colour, rng: np.random.Generator, size: Size, amount: float = 0.06
) -> Colours:
    """Fill a picture with one colour that is nowhere quite the same."""
    wide = draw_noise(rng, size, max(size) / 3, 4)
    grain = draw_noise(rng, size, 4, 2)
    factor = 1 + amount * wide + 0.35 * amount * grain
    return np.clip(colour * factor[..., None], 0, 1).astype(np.float32)


def draw_pattern(rng: np.random.Generator, size: Size) -> Colours:
    """Print stripes, checks or dots in two colours, bent a little."""
    y, x = np.mgrid[: size.height, : size.width].astype(np.float32)
    bend = np.float32(max(size) * 0.02)
    x += bend * draw_noise(rng, size, max(size) / 2, 2)
    y += bend * draw_noise(rng, size, max(size) / 2, 2)
    turn, period = rng.uniform(0, np.pi), max(size) * rng.uniform(0.02, 0.09)
    u = (x * np.cos(turn) + y * np.sin(turn)) * 2 * np.pi / period
    v = (y * np.cos(turn) - x * np.sin(turn)) * 2 * np.pi / period
    kind = rng.integers(3)
    if kind == 0:
        wave = np.cos(u)
    elif kind == 1:
        wave = np.cos(u) + np.cos(v) - rng.uniform(0.3, 1.2)
    else:
        wave = np.cos(u) * np.cos(v)
    share = np.clip(wave * period / 6 + rng.uniform(-0.3, 0.3), 0, 1)[..., None]
    return np.asarray(draw_toy_colour(rng) * share + draw_toy_colour(rng) * (1 - share), np.float32)


def draw_surface(rng: np.random.Generator, size: Size, texture: Texture) -> Colours:
    """Choose what a part is covered with: photograph, paint or print."""
    kind = rng.random()
    if kind < 0.4:
        piece = texture(rng, size)
        if rng.random() < 0.4:
            dyed = piece.mean(2, keepdims=True) * draw_toy_colour(rng) * 1.6
            piece = 0.4 * piece + 0.6 * dyed
        return np.clip(piece, 0, 1).astype(np.float32)
    if kind < 0.8:
        return fill_varied(draw_toy_colour(rng), rng, size)
    return draw_pattern(rng, size)


def draw_coat(rng: np.random.Generator, size: Size, texture: Texture) -> Colours:
    """Choose the colouring of fur or hair: one, two or three natural colours, or a photograph's."""
    kind = rng.random()
    if kind < 0.3:
        photo = texture(rng, size)
        soft = cv2.GaussianBlur(photo, (0, 0), max(size) * rng.uniform(0.008, 0.04))
        grey = soft.mean(2, keepdims=True)
        keep = rng.uniform(0.4, 1.0)
        return np.asarray(np.clip(grey + keep * (soft - grey), 0.02, 1), np.float32)
    draw = draw_toy_colour if kind < 0.42 else lambda source: pick_colour(source, HAIR)
    colours = fill_varied(draw(rng), rng, size, 0.12)
    for _ in range(int(rng.choice(3, p=[0.35, 0.4, 0.25]))):
        patches = draw_noise(rng, size, max(size) * rng.uniform(0.1, 0.5), 3)
        edge = rng.uniform(1.5, 8)
        share = np.clip((patches - rng.uniform(-0.2, 0.5)) * edge, 0, 1)[..., None]
        colours = colours * (1 - share) + draw(rng) * share
    return np.asarray(colours, np.float32)
