"""Veils: thin cloth in folds that lets what is behind shine through."""

from __future__ import annotations

import cv2
import numpy as np

from matting_core.training.render.layer import AlphaLayer, Colours, Texture
from matting_core.training.render.materials.canvas import Points, measure_coverage
from matting_core.training.render.materials.outlines import draw_pose, outline_blob, round_corners
from matting_core.training.render.materials.palette import draw_pattern, draw_toy_colour
from matting_core.training.render.materials.shading import (
    Light,
    apply_light,
    draw_light,
    draw_noise,
)
from matting_core.types import Plane, Size


def veil(rng: np.random.Generator, size: Size, texture: Texture) -> AlphaLayer:
    """Draw one to three sheets of thin cloth over each other."""
    lamp = draw_light(rng)
    pose = draw_pose(rng, size, 0.5, 0.6)
    dye = (
        draw_toy_colour(rng)
        if rng.random() < 0.6
        else np.full(3, rng.uniform(0.75, 0.97), np.float32)
    )
    colours = np.broadcast_to(dye, (*size.hw, 3)).astype(np.float32)
    if rng.random() < 0.25:
        colours = 0.5 * colours + 0.5 * draw_pattern(rng, size)
    elif rng.random() < 0.2:
        colours = texture(rng, size)
    sheet = _cloth(rng, size, pose.place(_sheet(rng)), colours, lamp)
    for _ in range(rng.choice(3, p=[0.55, 0.3, 0.15])):
        sheet = _cloth(rng, size, pose.place(_sheet(rng)), colours, lamp).over(sheet)
    return sheet


def _sheet(rng: np.random.Generator) -> Points:
    """Outline a hanging cloth: narrower and pinned above, swinging below, or any blob."""
    if rng.random() < 0.35:
        return outline_blob(
            rng, rng.normal(0, 0.15, 2), (0.85, 0.7), 0.25, float(rng.uniform(0, 3))
        )
    top, low = rng.uniform(0.2, 0.9), rng.uniform(0.5, 1.0)
    x = np.linspace(-1, 1, 13)
    hem = np.stack([x * low, 0.9 + 0.08 * rng.normal(0, 1, 13)], 1)
    head = np.stack([x[::-1] * top, -0.9 + 0.04 * rng.normal(0, 1, 13)], 1)
    corners = np.concatenate([hem, head]) + rng.normal(0, 0.08, 2)
    return round_corners(corners.astype(np.float32), 3)


def _cloth(
    rng: np.random.Generator, size: Size, outline: Points, colours: Colours, lamp: Light
) -> AlphaLayer:
    """Draw one sheet: a ray crosses more cloth where a fold turns away from the viewer."""
    cover = measure_coverage(size, outline)
    height = _folds(rng, size)
    dx, dy = (
        cv2.Sobel(height, cv2.CV_32F, 1, 0, scale=1 / 8),
        cv2.Sobel(height, cv2.CV_32F, 0, 1, scale=1 / 8),
    )
    slant = np.sqrt(1 + dx * dx + dy * dy)
    thin = rng.uniform(0.15, 0.65)
    # Beer and Lambert: thickness along the ray, which goes as the slant.
    hem = cv2.erode(cover, np.ones((3, 3), np.uint8))
    weave = 1 + 0.12 * draw_noise(rng, size, 3, 1) + 0.2 * draw_noise(rng, size, max(size) / 4, 3)
    layers = slant * weave * (1 + rng.uniform(0, 1.5) * np.clip(cover - hem, 0, 1))
    opacity = np.clip(1 - (1 - thin) ** layers, 0.04, 0.92)
    x, y, z = lamp.direction
    facing = np.abs(z - x * dx - y * dy) / slant
    factor = (lamp.ambient + (1.2 - lamp.ambient) * facing).astype(np.float32)
    sheen = np.asarray(rng.uniform(0, 0.3) * facing**12, np.float32)
    shaded = apply_light(colours, factor, sheen, lamp)
    alpha = np.asarray(cover * opacity, np.float32)
    return AlphaLayer(alpha, np.asarray(shaded * alpha[..., None], np.float32))


def _folds(rng: np.random.Generator, size: Size) -> Plane:
    """Heights of folds that run one way and fan out, (H, W) float32 pixels."""
    y, x = np.mgrid[: size.height, : size.width].astype(np.float32) / max(size)
    turn = rng.normal(0, 0.5)
    u, v = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    fan = u - 0.5 + rng.normal(0, 0.5) * (u - 0.5) * v
    bend = 0.06 * draw_noise(rng, size, max(size) / 2, 2)
    height = np.zeros(size.hw, np.float32)
    for _ in range(3):
        waves = np.exp(rng.uniform(np.log(2.5), np.log(18)))
        phase = 2 * np.pi * waves * (fan + bend) + rng.uniform(0, 6)
        sharp = np.sin(phase + 0.7 * np.sin(phase))
        height += sharp * np.float32(rng.uniform(0.2, 0.8) * max(size) / (2 * np.pi * waves))
    height += draw_noise(rng, size, max(size) / 5, 3) * np.float32(0.012 * max(size))
    return height
