"""Volumes without a surface: smoke, and water that sprays."""

from __future__ import annotations

import cv2
import numpy as np

from matting_core.training.render.layer import AlphaLayer, Texture, layer_from_straight
from matting_core.training.render.materials.canvas import Points, SupersampledCanvas
from matting_core.training.render.materials.outlines import (
    draw_pose,
    outline_blob,
    outline_ellipse,
    outline_ribbon,
    sample_spline,
)
from matting_core.training.render.materials.palette import draw_toy_colour
from matting_core.training.render.materials.shading import (
    apply_light,
    draw_light,
    draw_noise,
    shade,
)
from matting_core.types import Plane, Size


def smoke(rng: np.random.Generator, size: Size, texture: Texture) -> AlphaLayer:
    """Draw a cloud or plume: warped fractal noise, thicker inside, lit from one side."""
    del texture
    pose, lamp = draw_pose(rng, size, 0.6, 0.5), draw_light(rng)
    envelope = _draw_envelope(rng, size, pose.place(outline_blob(rng, (0, 0), (0.7, 0.8), 0.3)))
    if rng.random() < 0.5:
        path = sample_spline([(rng.normal(0, 0.2), 1.0), (rng.normal(0, 0.3), 0.2), (0, -0.9)], 40)
        plume = outline_ribbon(
            path, np.linspace(0.12, rng.uniform(0.5, 1.3), 40).astype(np.float32)
        )
        envelope = _draw_envelope(rng, size, pose.place(plume))
    # A thin plume still has to be seen.
    envelope /= max(float(envelope.max()), 0.05)
    reach = max(size) * rng.uniform(0.15, 0.4)
    density = _draw_warped_noise(rng, size, reach)
    thick = np.clip(envelope * 1.9 - 0.6 + rng.uniform(0.6, 1.2) * density, 0, 2)
    thick *= np.clip(envelope * 3, 0, 1)
    opacity = 1 - np.exp(-rng.uniform(1.0, 4.0) * thick)
    soft = cv2.GaussianBlur(thick.astype(np.float32), (0, 0), 0.011 * max(size))
    factor, _ = shade(soft * np.float32(0.22 * reach), lamp)
    factor = 0.4 + 0.6 * factor
    grey = np.full(3, rng.uniform(0.15, 0.95), np.float32)
    colour = grey if rng.random() < 0.7 else draw_toy_colour(rng)
    shaped = apply_light(
        np.broadcast_to(colour, (*size.hw, 3)).astype(np.float32), factor, 0.0, lamp
    )
    return layer_from_straight(shaped, np.clip(opacity, 0, 1).astype(np.float32))


def splash(rng: np.random.Generator, size: Size, texture: Texture) -> AlphaLayer:
    """Draw water thrown up: sheets, drops of all sizes, and mist."""
    del texture
    pose, lamp = draw_pose(rng, size, 0.5, 0.6), draw_light(rng)
    canvas = SupersampledCanvas(size)
    colour = np.array([0.75, 0.82, 0.88]) * rng.uniform(0.6, 1.1)
    if rng.random() < 0.25:
        colour = draw_toy_colour(rng).astype(np.float64)
    number = int(rng.integers(400, 2600))
    turn = rng.normal(-np.pi / 2, rng.uniform(0.3, 0.9), number)
    speed = abs(rng.normal(0, 0.75, number)) + 0.05
    fall = rng.uniform(0.0, 0.5)
    start = np.stack([np.cos(turn) * speed, 0.7 + np.sin(turn) * speed + fall * speed**2], 1)
    heading = np.stack([np.cos(turn), np.sin(turn) + 2 * fall * speed], 1)
    radius = np.clip(0.003 * rng.pareto(2.2, number) + 0.002, 0.001, 0.03)
    streak = heading * (np.minimum(radius, 0.006) * rng.uniform(0.3, 4.0, number))[:, None]
    paths = pose.place(np.stack([start, start + streak / 2, start + streak], 1))
    glint = rng.uniform(0.55, 1.25, (number, 1))
    shades = np.clip(colour * glint, 0, 1)[:, None].astype(np.float32)
    widths = np.repeat((2 * radius * pose.scale)[:, None], 3, 1).astype(np.float32)
    canvas.strands(paths, widths, shades)
    lighter = np.clip(shades * 1.35 + 0.1, 0, 1)
    big = widths[:, 0] > 2
    toward = np.float32(0.22) * widths[big][..., None] * np.array(lamp.direction[:2], np.float32)
    canvas.strands(paths[big] + toward, widths[big] * 0.35, lighter[big])
    drops = canvas.layer(rng.uniform(0.3, 0.8))
    drops = _thin_out(drops, rng.uniform(0.5, 1.0))
    sheet = _draw_sheet(rng, size, pose.place(_outline_crown(rng)), colour.astype(np.float32))
    spread = 0.08 * pose.scale + 1
    mist = cv2.GaussianBlur(drops.alpha, (0, 0), spread) * np.float32(rng.uniform(0, 0.8))
    haze = np.clip(mist * (1 + 0.5 * draw_noise(rng, size, max(size) / 6, 3)), 0, 0.9)
    pale = np.broadcast_to(np.clip(colour * 1.1, 0, 1), (*size.hw, 3)).astype(np.float32)
    return drops.over(sheet).over(layer_from_straight(pale, haze.astype(np.float32)))


def _thin_out(layer: AlphaLayer, share: float) -> AlphaLayer:
    by = np.float32(share)
    return AlphaLayer(layer.alpha * by, layer.premultiplied * by)


def _outline_crown(rng: np.random.Generator) -> Points:
    """Outline the sheet at the foot of a splash, with fingers."""
    turn = np.linspace(-np.pi, 0, 60)
    fingers = 0.45 + 0.3 * abs(rng.normal(0, 1, 60)) * (0.2 + 0.8 * abs(np.sin(turn)))
    crown = np.stack([np.cos(turn) * fingers * 1.3, 0.75 + np.sin(turn) * fingers], 1)
    return sample_spline(
        np.concatenate([crown, outline_ellipse((0, 0.75), (0.5, 0.1), 0, 64)[:32]]), 300, True
    )


def _draw_sheet(
    rng: np.random.Generator, size: Size, outline: Points, colour: Points
) -> AlphaLayer:
    envelope = _draw_envelope(rng, size, outline, 0.012)
    ridges = 1 - np.abs(_draw_warped_noise(rng, size, max(size) * 0.12))
    opacity = envelope * np.clip(0.12 + 0.75 * np.clip(ridges, 0, 1) ** 3, 0, 0.95)
    bright = np.clip(0.55 + 0.7 * np.clip(ridges, 0, 1) ** 4, 0, 1.3)
    shaped = np.clip(colour * bright[..., None], 0, 1).astype(np.float32)
    return layer_from_straight(shaped, opacity.astype(np.float32))


def _draw_envelope(
    rng: np.random.Generator, size: Size, outline: Points, soft: float | None = None
) -> Plane:
    """Coverage that fades out softly, (H, W) float32."""
    small = np.zeros(size.hw, np.uint8)
    cv2.fillPoly(small, [np.round(outline).astype(np.int32)], 255)
    sigma = max(size) * (rng.uniform(0.03, 0.09) if soft is None else soft)
    quarter = cv2.resize(small, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(quarter.astype(np.float32) / 255, (0, 0), max(sigma / 4, 0.5))
    return np.asarray(cv2.resize(blurred, size, interpolation=cv2.INTER_LINEAR), np.float32)


def _draw_warped_noise(rng: np.random.Generator, size: Size, period: float) -> Plane:
    """Fractal noise bent by other noise, which gives the curls of smoke."""
    y, x = np.mgrid[: size.height, : size.width].astype(np.float32)
    bend = np.float32(period * 0.22)
    base = draw_noise(rng, size, period, 6)
    moved_x = x + bend * draw_noise(rng, size, period, 3)
    moved_y = y + bend * draw_noise(rng, size, period, 3)
    return np.asarray(
        cv2.remap(base, moved_x, moved_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT),
        np.float32,
    )
