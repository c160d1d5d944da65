"""Meshes: nets, fences, lace, baskets."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from matting_core.training.render.layer import AlphaLayer, Colours, Texture
from matting_core.training.render.materials.canvas import Points, SupersampledCanvas
from matting_core.training.render.materials.fur import Floats, light_strands
from matting_core.training.render.materials.outlines import (
    draw_pose,
    outline_blob,
    outline_ellipse,
    outline_ribbon,
    sample_spline,
)
from matting_core.training.render.materials.palette import (
    WOOD,
    draw_surface,
    draw_toy_colour,
    pick_colour,
)
from matting_core.training.render.materials.parts import paint
from matting_core.training.render.materials.shading import Light, draw_light
from matting_core.types import Size


class _Warp:
    """A smooth bend of the plane, as cloth that hangs or a fence that sags."""

    def __init__(self, rng: np.random.Generator, strength: float) -> None:
        self._waves = rng.uniform(0.7, 3.0, (6, 2)) * rng.choice([-1, 1], (6, 2))
        self._phase = rng.uniform(0, 2 * np.pi, 6)
        self._way = rng.normal(0, strength / 2.5, (6, 2))
        self._keystone = rng.normal(0, strength * 1.5, 2)

    def __call__(self, points: npt.NDArray[np.floating]) -> Points:
        swing = np.sin(points @ self._waves.T + self._phase) @ self._way
        near = 1 + points @ self._keystone
        return np.asarray((points + swing) / np.maximum(near, 0.4)[..., None], np.float32)


def net(rng: np.random.Generator, size: Size, texture: Texture) -> AlphaLayer:
    """Draw a net or a wire fence: two families of threads, squares or diamonds."""
    canvas, lamp = SupersampledCanvas(size), draw_light(rng)
    pose = draw_pose(rng, size, 0.5, 0.5)
    warp = _Warp(rng, rng.uniform(0.02, 0.18))
    period = np.exp(rng.uniform(np.log(0.03), np.log(0.25)))
    thick = max(period * rng.uniform(0.04, 0.25) * pose.scale, 0.5)
    skew = rng.uniform(0.3, 0.9) if rng.random() < 0.6 else 0.0
    outline = _outline(rng)
    colour = (
        draw_toy_colour(rng)
        if rng.random() < 0.6
        else np.full(3, rng.uniform(0.1, 0.7), np.float32)
    )
    for u, v in ((1.0, skew), (-skew, 1.0)) if skew == 0 else ((1.0, skew), (1.0, -skew)):
        paths = _threads(warp, outline, (u, v), period)
        _cords(rng, canvas, pose.place(paths), thick, colour, lamp)
    canvas.erase_outside([pose.place(warp(outline))])
    if rng.random() < 0.7:
        _border(
            canvas, pose.place(warp(outline)), thick * 2.5, draw_surface(rng, size, texture), lamp
        )
    return canvas.layer(rng.uniform(0.3, 0.75))


def lace(rng: np.random.Generator, size: Size, texture: Texture) -> AlphaLayer:
    """Draw lace: fine mesh, rosettes of petals and rings, a scalloped edge."""
    canvas, lamp = SupersampledCanvas(size), draw_light(rng)
    pose = draw_pose(rng, size, 0.5, 0.4)
    warp = _Warp(rng, rng.uniform(0.02, 0.12))
    outline = _outline(rng)
    pale = (
        np.full(3, rng.uniform(0.8, 0.97), np.float32)
        if rng.random() < 0.6
        else draw_toy_colour(rng)
    )
    period = rng.uniform(0.18, 0.4)
    thin = max(0.45, 0.006 * pose.scale)
    for way in ((1.0, 0.6), (1.0, -0.6)):
        mesh = pose.place(_threads(warp, outline, way, period / rng.integers(6, 11)))
        _cords(rng, canvas, mesh, thin, pale, lamp)
    motif = _rosette(rng)
    for y in np.arange(-1, 1 + period, period):
        shift = period / 2 * (round(y / period) % 2)
        for x in np.arange(-1, 1 + period, period) + shift:
            centre = np.array([x, y])
            for curve in motif:
                path = pose.place(warp(curve * (period * 0.5) + centre))
                _cords(rng, canvas, path[None], thin * 1.8, pale, lamp)
    canvas.erase_outside([pose.place(warp(outline))])
    ring = np.concatenate([outline, outline[:1]])
    scallop = ring * (1 + 0.04 * abs(np.sin(np.arange(len(ring)) * 0.6)))[:, None]
    for size_ in (1.0, 1.02):
        _cords(rng, canvas, pose.place(warp(scallop * size_))[None], thin * 2.5, pale, lamp)
    return canvas.layer(rng.uniform(0.3, 0.75))


def basket(rng: np.random.Generator, size: Size, texture: Texture) -> AlphaLayer:
    """Draw a woven basket with gaps between its strips, a rim and a handle."""
    canvas, lamp = SupersampledCanvas(size), draw_light(rng)
    pose = draw_pose(rng, size, 0.15, 0.4)
    low, belly = rng.uniform(0.45, 0.8), rng.uniform(0.0, 0.25)
    colour = pick_colour(rng, WOOD) * 1.4 if rng.random() < 0.7 else draw_toy_colour(rng)
    rows, columns = int(rng.integers(6, 18)), int(rng.integers(8, 26))
    gap = rng.uniform(0.4, 0.98)

    def wall(u: Floats, v: Floats) -> Points:
        half = low + (0.9 - low) * v + belly * np.sin(np.pi * v)
        return np.stack([half * np.sin(u), 0.8 - 1.2 * v + 0.12 * np.cos(u)], -1)

    if rng.random() < 0.7:
        top = rng.uniform(1.0, 1.5)
        bow = [(-0.88, -0.35), (-0.75, -top + 0.2), (0, -top), (0.75, -top + 0.2), (0.88, -0.35)]
        path = sample_spline(bow, 40)
        _cords(rng, canvas, pose.place(path)[None], 0.09 * pose.scale, colour, lamp)
    tall, broad = 1.2 / rows * gap * pose.scale, 2.6 / columns * gap * 0.6 * pose.scale
    angles = np.linspace(-np.pi / 2, np.pi / 2, 4 * columns + 1).astype(np.float32)
    stakes = angles[2::4]
    heights = np.linspace(0, 1, 12, dtype=np.float32)
    upright = np.stack([wall(np.full(12, u, np.float32), heights) for u in stakes])
    _cords(rng, canvas, pose.place(upright), broad, colour * 0.75, lamp)
    for row in range(rows):
        v = np.full(len(angles), (row + 0.5) / rows, np.float32)
        path = pose.place(wall(angles, v))
        # A strip goes in front of every second stake, and is dark where it goes behind.
        front = np.cos((np.arange(len(angles)) - 2) / 4 * np.pi + row * np.pi)
        tones = (0.8 + 0.3 * front) * rng.lognormal(0, 0.08)
        _cords(rng, canvas, path[None], tall, colour, lamp, tones.astype(np.float32))
    rim = outline_ellipse((0, -0.4), (0.93, 0.13), 0, 64)
    inside = draw_surface(rng, size, texture) if rng.random() < 0.5 else None
    if inside is not None:
        heap = outline_blob(rng, (0, -0.45), (0.8, 0.3), 0.15)
        paint(canvas, [pose.place(heap)], inside, lamp, shadow=0.3)
    half = rim[:33] if inside is not None else np.concatenate([rim, rim[:1]])
    _cords(rng, canvas, pose.place(half)[None], 0.09 * pose.scale, colour, lamp)
    return canvas.layer(rng.uniform(0.3, 0.75))


def _outline(rng: np.random.Generator) -> Points:
    """Outline the piece: round, rectangular or shapeless."""
    kind = rng.integers(3)
    if kind == 0:
        return outline_ellipse((0, 0), (0.95, rng.uniform(0.5, 0.95)), 0, 96)
    if kind == 1:
        box = np.array([[-0.95, -0.8], [0.95, -0.8], [0.95, 0.8], [-0.95, 0.8]], np.float32)
        dense = np.concatenate(
            [np.linspace(box[k], box[(k + 1) % 4], 24, endpoint=False) for k in range(4)]
        )
        return np.asarray(dense, np.float32)
    return outline_blob(rng, (0, 0), (0.85, 0.75), 0.15)


def _threads(warp: _Warp, outline: Points, way: tuple[float, float], period: float) -> Points:
    """Parallel lines over the piece, bent as it is: (N, 48, 2)."""
    along = np.array(way) / np.hypot(*way)
    across = np.array([-along[1], along[0]])
    reach = float(np.abs(outline).max()) * 1.5
    offsets = np.arange(-reach, reach, period)
    t = np.linspace(-reach, reach, 48)
    lines = offsets[:, None, None] * across + t[:, None] * along
    return warp(lines)


def _rosette(rng: np.random.Generator) -> list[Points]:
    """Closed curves of one lace motif with a reach of about 1."""
    turn = np.linspace(0, 2 * np.pi, 60)
    circle = np.stack([np.cos(turn), np.sin(turn)], 1)
    petals = int(rng.integers(4, 9))
    radius = 0.55 + 0.4 * np.cos(petals * turn)
    curves = [circle * radius[:, None], circle * 0.2, circle * rng.uniform(0.85, 1.0)]
    if rng.random() < 0.5:
        curves.append(circle * (0.7 + 0.15 * np.cos(2 * petals * turn))[:, None])
    return [curve.astype(np.float32) for curve in curves]


def _cords(
    rng: np.random.Generator,
    canvas: SupersampledCanvas,
    paths: Points,
    thick: float,
    colour: Floats,
    lamp: Light,
    tones: Floats | None = None,
) -> None:
    """Draw (N, K, 2) round cords: dark sides, lit middle."""
    factor, added = light_strands(paths, lamp)
    if tones is not None:
        factor = factor * tones[None, : factor.shape[1]]
    wobble = rng.lognormal(0, 0.08, (len(paths), 1))
    for share, tone in ((1.0, 0.6), (0.65, 0.9), (0.3, 1.12)):
        if thick * share < 0.34 and share < 1:
            continue
        shades = colour * (factor * wobble * tone)[..., None] + added[..., None] * share
        widths = np.full(paths.shape[:2], thick * share, np.float32)
        canvas.strands(paths, widths, np.clip(shades, 0, 1).astype(np.float32))


def _border(
    canvas: SupersampledCanvas, outline: Points, thick: float, colours: Colours, lamp: Light
) -> None:
    closed = np.concatenate([outline, outline[:2]])
    band = outline_ribbon(closed, np.full(len(closed), thick, np.float32))
    half = len(closed)
    paint(canvas, [band[:half], band[half:]], colours, lamp, 0.2)
