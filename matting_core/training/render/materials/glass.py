"""Glass: bottles, tumblers and bubbles, clear inside and denser at their rims."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.training.render.layer import AlphaLayer, Texture, layer_from_straight
from matting_core.training.render.materials.canvas import (
    Points,
    SupersampledCanvas,
    measure_coverage,
)
from matting_core.training.render.materials.outlines import (
    draw_pose,
    outline_blob,
    outline_ellipse,
    round_corners,
    sample_spline,
)
from matting_core.training.render.materials.palette import Colour, draw_surface, draw_toy_colour
from matting_core.training.render.materials.parts import paint
from matting_core.training.render.materials.shading import Light, draw_light, draw_noise
from matting_core.types import Plane, Size


def vessel(rng: np.random.Generator, size: Size, texture: Texture) -> AlphaLayer:
    """Draw a bottle, glass or vase, at times with a drink, a label or a stopper."""
    pose, lamp = draw_pose(rng, size, 0.25, 0.4), draw_light(rng)
    profile = _profile(rng)
    outline = pose.place(profile)
    drawn = _shell(rng, size, outline, _tint(rng), lamp)
    if rng.random() < 0.5:
        level = rng.uniform(-0.4, 0.5)
        drink = profile * np.float32(0.93)
        drink[:, 1] = np.maximum(drink[:, 1], level)
        liquid = _flat(size, pose.place(drink), draw_toy_colour(rng), rng.uniform(0.3, 0.85))
        drawn = drawn.over(liquid)
    canvas = SupersampledCanvas(size)
    if rng.random() < 0.35:
        low = rng.uniform(0.0, 0.4)
        inside = profile * np.float32(1.0)
        inside[:, 1] = np.clip(inside[:, 1], low, low + 0.35)
        paint(canvas, [pose.place(inside)], draw_surface(rng, size, texture), lamp, 0.2, 0, 0.06)
    if rng.random() < 0.35:
        top = profile[:, 1].min()
        wide = abs(profile[profile[:, 1] < top + 0.05, 0]).max() * 1.1
        high, low = top - 0.12, top + 0.05
        cork = np.array([[-wide, high], [wide, high], [wide, low], [-wide, low]], np.float32)
        paint(canvas, [pose.place(round_corners(cork, 2))], draw_surface(rng, size, texture), lamp)
    return canvas.layer(0.4).over(drawn)


def bubbles(rng: np.random.Generator, size: Size, texture: Texture) -> AlphaLayer:
    """Draw one big soap bubble or several, with the colours of thin films."""
    lamp = draw_light(rng)
    pose = draw_pose(rng, size, 0.0, 0.3)
    number = int(rng.choice([1, 2, 3, 5]))
    drawn = AlphaLayer(np.zeros(size.hw, np.float32), np.zeros((*size.hw, 3), np.float32))
    for k in range(number):
        radius = 0.9 if number == 1 else rng.uniform(0.12, 0.5)
        centre = (0, 0) if k == 0 else rng.uniform(-0.8, 0.8, 2)
        outline = pose.place(outline_blob(rng, centre, (radius, radius), 0.015))
        film = _film(rng, _shell(rng, size, outline, np.full(3, 0.9, np.float32), lamp))
        drawn = film.over(drawn)
    return drawn


def _film(rng: np.random.Generator, clear: AlphaLayer) -> AlphaLayer:
    size = clear.size
    bands = draw_noise(rng, size, max(size) / 2, 3) * rng.uniform(2, 5)
    hue = np.stack([np.cos(bands + shift) for shift in (0, 2.1, 4.2)], 2)
    tinted = clear.premultiplied * (1 + 0.35 * hue)
    return AlphaLayer(clear.alpha, np.clip(tinted, 0, clear.alpha[..., None]).astype(np.float32))


def _tint(rng: np.random.Generator) -> Colour:
    kind = rng.random()
    if kind < 0.5:
        return np.array(rng.uniform(0.75, 0.95, 3), np.float32)
    if kind < 0.75:
        return np.array([0.2, 0.45, 0.2] * rng.uniform(0.6, 1.5, 3), np.float32)
    return draw_toy_colour(rng)


def _profile(rng: np.random.Generator) -> Points:
    """Outline a lathe-turned vessel, (N, 2) units."""
    kind = rng.integers(3)
    if kind == 0:
        body, neck, shoulder = (
            rng.uniform(0.25, 0.42),
            rng.uniform(0.08, 0.14),
            rng.uniform(-0.4, 0),
        )
        half = [(body * 0.92, 0.98), (body, 0.9), (body, 0.5), (body, shoulder + 0.15)]
        half += [(neck * 1.4, shoulder - 0.2), (neck, -0.6), (neck, -0.85), (neck * 1.15, -0.95)]
    elif kind == 1:
        top, low = rng.uniform(0.35, 0.6), rng.uniform(0.25, 0.5)
        half = [(low * 0.95, 0.95), (low, 0.85), ((top + low) / 2, 0.1), (top, -0.7)]
    else:
        cup, foot = rng.uniform(0.35, 0.55), rng.uniform(0.25, 0.4)
        half = [(foot, 0.97), (foot * 0.7, 0.92), (0.05, 0.8), (0.04, 0.3), (cup * 0.7, 0.1)]
        half += [(cup, -0.25), (cup * rng.uniform(0.7, 1.05), -0.85)]
    side = sample_spline(half, 60)
    return np.concatenate([side, side[::-1] * np.array([-1, 1], np.float32)])


def _shell(
    rng: np.random.Generator, size: Size, outline: Points, tint: Colour, lamp: Light
) -> AlphaLayer:
    """Draw a hollow body: a ray meets more glass the nearer it passes to the rim."""
    cover, depth = _depth(size, outline)
    radius = max(float(depth.max()), 1.0)
    # A sphere's wall is crossed at an angle whose cosine is this, from 0 at the rim.
    cosine = np.sqrt(np.clip(1 - (1 - np.minimum(depth / radius, 1)) ** 2, 1e-4, 1))
    clear, wall = rng.uniform(0.03, 0.25), rng.uniform(0.15, 0.6)
    fresnel = (1 - cosine) ** 3
    opacity = np.clip(1 - (1 - clear) ** (1 / np.maximum(cosine, 0.08)) + wall * fresnel, 0, 0.95)
    shade = 0.55 + 0.5 * cosine + 0.25 * draw_noise(rng, size, max(size) / 3, 2)
    dark = rng.uniform(0.3, 1.0)
    colours = tint * (dark + (1 - dark) * cosine)[..., None] * shade[..., None]
    body = layer_from_straight(
        np.clip(colours, 0, 1).astype(np.float32), np.asarray(cover * opacity, np.float32)
    )
    return _highlights(rng, size, outline, cover, lamp).over(body)


def _highlights(
    rng: np.random.Generator, size: Size, outline: Points, cover: Plane, lamp: Light
) -> AlphaLayer:
    """Draw reflections of windows and lamps, inside the outline only."""
    glare = np.zeros(size.hw, np.float32)
    low, high = outline.min(0), outline.max(0)
    middle, span = (low + high) / 2, (high - low) / 2
    for _ in range(rng.integers(1, 6)):
        lean = np.array(lamp.direction[:2]) + rng.normal(0, 0.3, 2)
        centre = middle + span * np.clip(lean * 0.8, -0.8, 0.8)
        narrow = float(span.min() * rng.uniform(0.02, 0.12))
        spot = outline_ellipse(
            centre, (narrow, float(span[1] * rng.uniform(0.05, 0.4))), rng.normal(0, 0.3)
        )
        one = measure_coverage(size, spot)
        soft = cv2.GaussianBlur(one, (0, 0), max(0.4, narrow * rng.uniform(0.05, 0.8)))
        glare = np.maximum(glare, soft * np.float32(rng.uniform(0.4, 1.0)))
    alpha = np.asarray(glare * cover, np.float32)
    return layer_from_straight(np.full((*size.hw, 3), rng.uniform(0.9, 1.0), np.float32), alpha)


def _depth(size: Size, outline: Points) -> tuple[Plane, Plane]:
    """Measure an outline's coverage and the smoothed distance to its edge in pixels."""
    cover = measure_coverage(size, outline)
    depth = cv2.distanceTransform((cover > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    bounded = np.minimum(depth, float(max(size)))
    return cover, np.asarray(cv2.GaussianBlur(bounded, (0, 0), 1.5), np.float32)


def _flat(
    size: Size, outline: Points, colour: npt.NDArray[np.float32], opacity: float
) -> AlphaLayer:
    cover, depth = _depth(size, outline)
    rim = np.clip(depth / max(float(depth.max()), 1), 0, 1) ** 0.4
    colours = np.clip(colour * (0.6 + 0.45 * rim)[..., None], 0, 1).astype(np.float32)
    return layer_from_straight(colours, np.asarray(cover * opacity, np.float32))
