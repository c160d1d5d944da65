"""Shading of shapes by a lamp, and smooth noise."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.training.render.layer import Colours
from matting_core.types import Plane, Size


@dataclass(frozen=True, slots=True)
class Light:
    """Light of one distant lamp and of all around.

    Attributes:
        direction: xyz, unit length, towards the lamp; y down, z to the viewer.
        ambient: brightness where the lamp does not reach, 0 to 1.
        tint: colour of the lamp, around 1.
    """

    direction: tuple[float, float, float]
    ambient: float
    tint: tuple[float, float, float]


def draw_light(rng: np.random.Generator) -> Light:
    """Choose a lamp, most often above."""
    turn = rng.normal(-np.pi / 2, 0.9)
    height = rng.uniform(0.25, 0.95)
    flat = np.sqrt(1 - height**2)
    warmth = rng.normal(0, 0.05)
    return Light(
        (float(flat * np.cos(turn)), float(flat * np.sin(turn)), float(height)),
        float(rng.uniform(0.3, 0.7)),
        (float(1 + warmth), 1.0, float(1 - warmth)),
    )


def inflate(mask: npt.NDArray[np.uint8], roundness: float = 1.0) -> Plane:
    """Inflate a mask to a cushion's heights, (H, W) float32 in pixels; >= 0, not only to 1.

    Args:
        mask: (H, W) uint8, nonzero inside.
        roundness: how much of the width the rounding of the edge takes, to 1.
    """
    # Without any edge in sight the distance has no bound.
    depth = np.minimum(cv2.distanceTransform(mask, cv2.DIST_L2, 3), float(max(mask.shape)))
    radius = max(float(depth.max()) * roundness, 1.0)
    inner = np.minimum(depth, radius)
    height = np.sqrt(inner * (2 * radius - inner))
    return np.asarray(cv2.GaussianBlur(height, (0, 0), max(radius * 0.12, 0.6)), np.float32)


def shade(height: Plane, lamp: Light, gloss: float = 0.0) -> tuple[Plane, Plane]:
    """Light a height field.

    Args:
        height: (H, W) in pixels.
        lamp: the light.
        gloss: strength of the highlight, 0 for cloth and fur.

    Returns:
        Factor for the colour, around 1 where it faces the lamp, and light to add.
    """
    dx = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
    dy = cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
    norm = 1 / np.sqrt(dx * dx + dy * dy + 1)
    x, y, z = lamp.direction
    facing = np.maximum((z - x * dx - y * dy) * norm, 0)
    factor = lamp.ambient + (1.12 - lamp.ambient) * facing
    if gloss <= 0:
        return factor, np.zeros_like(factor)
    # Blinn's half vector between the lamp and the viewer, who looks along z.
    half = np.array([x, y, z + 1]) / np.linalg.norm([x, y, z + 1])
    mirror = np.maximum((half[2] - half[0] * dx - half[1] * dy) * norm, 0)
    return factor, np.asarray(gloss * mirror**40, np.float32)


def apply_light(colours: Colours, factor: Plane, added: Plane | float, lamp: Light) -> Colours:
    """Apply the light from `shade` to (H, W, 3) colours; stays in [0, 1]."""
    tinted = factor[..., None] * np.array(lamp.tint, np.float32)
    glare = added[..., None] if isinstance(added, np.ndarray) else added
    return np.asarray(np.clip(colours * tinted + glare, 0, 1), np.float32)


def draw_noise(rng: np.random.Generator, size: Size, period: float, octaves: int = 3) -> Plane:
    """Draw smooth (H, W) float32 noise around 0, mostly in [-1, 1].

    Args:
        rng: source of chance.
        size: of the picture.
        period: of the coarsest octave, pixels.
        octaves: each half as strong and half as long as the one before.
    """
    total = np.zeros(size.hw, np.float32)
    strength = 1.0
    for _ in range(octaves):
        cells = max(int(size.width / period), 1) + 3, max(int(size.height / period), 1) + 3
        grid = rng.uniform(-1, 1, (cells[1], cells[0])).astype(np.float32)
        wide = size.width * cells[0] // (cells[0] - 2), size.height * cells[1] // (cells[1] - 2)
        x, y = (int(rng.integers(0, wide[k] - size[k] + 1)) for k in range(2))
        grown = cv2.resize(grid, wide, interpolation=cv2.INTER_CUBIC)
        total += strength * grown[y : y + size.height, x : x + size.width]
        strength, period = strength / 2, max(period / 2, 1.5)
    return total * np.float32(1.2)
