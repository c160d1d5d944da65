"""Feathers: a shaft with barbs, alone or many as a wing."""

from __future__ import annotations

import numpy as np

from matting_core.training.render.layer import AlphaLayer, Colours, Texture
from matting_core.training.render.materials.canvas import Points, SupersampledCanvas
from matting_core.training.render.materials.fur import light_strands
from matting_core.training.render.materials.outlines import draw_pose, sample_spline
from matting_core.training.render.materials.palette import draw_coat
from matting_core.training.render.materials.shading import Light, draw_light
from matting_core.types import Size


def feather(rng: np.random.Generator, size: Size, texture: Texture) -> AlphaLayer:
    """Draw one to three feathers."""
    canvas, lamp = SupersampledCanvas(size), draw_light(rng)
    colours = draw_coat(rng, size, texture)
    for _ in range(rng.choice(3, p=[0.6, 0.25, 0.15]) + 1):
        pose = draw_pose(rng, size, 1.5, 0.3)
        bend = rng.normal(0, 0.09, 3)
        shaft = sample_spline([(bend[0], 1.0), (bend[1], 0.35), (0, -0.3), (bend[2], -1.0)], 120)
        draw_feather(rng, canvas, pose.place(shaft), rng.uniform(0.1, 0.35), colours, lamp)
    return canvas.layer(rng.uniform(0.3, 0.75))


def wing(rng: np.random.Generator, size: Size, texture: Texture) -> AlphaLayer:
    """Draw a fan of feathers, with a row of shorter ones over their roots."""
    canvas, lamp = SupersampledCanvas(size), draw_light(rng)
    colours = draw_coat(rng, size, texture)
    pose = draw_pose(rng, size, 0.6, 0.3)
    first, last = rng.uniform(-2.7, -1.9), rng.uniform(-0.5, 0.6)
    for reach, number in ((1.75, int(rng.integers(13, 19))), (1.0, 12), (0.6, 9)):
        for turn in np.linspace(first, last, number):
            out = np.array([np.cos(turn), np.sin(turn)])
            root = np.array([-0.65, 0.65]) + 0.1 * out + rng.normal(0, 0.02, 2)
            length = reach * rng.uniform(0.85, 1.0) * (0.75 + 0.25 * np.cos(turn + 1.2))
            side = np.array([-out[1], out[0]]) * rng.normal(0.06, 0.03) * reach
            shaft = sample_spline([root, root + out * length / 2 + side, root + out * length], 90)
            wide = rng.uniform(0.1, 0.15)
            draw_feather(rng, canvas, pose.place(shaft), wide, colours, lamp)
    return canvas.layer(rng.uniform(0.3, 0.75))


def draw_feather(
    rng: np.random.Generator,
    canvas: SupersampledCanvas,
    shaft: Points,
    wide: float,
    colours: Colours,
    lamp: Light,
) -> None:
    """Draw barbs on both sides of a (K, 2) shaft in pixels, then the shaft.

    Args:
        rng: source of chance.
        canvas: to paint on.
        shaft: from the quill to the tip.
        wide: half the width over the length.
        colours: (H, W, 3); the feather takes those it lies on.
        lamp: the light.
    """
    total = float(np.linalg.norm(np.diff(shaft, axis=0), axis=1).sum())
    paths = _barbs(rng, shaft, wide * total, total)
    shades = _shades(rng, colours, paths, lamp)
    each = len(paths) // 2
    width = rng.uniform(0.9, 1.5) * total / each * np.linspace(1, 0.45, paths.shape[1])
    canvas.strands(paths, np.broadcast_to(width, paths.shape[:2]).astype(np.float32), shades)
    quill = np.linspace(0.012, 0.002, len(shaft)) * total * rng.uniform(0.6, 1.3)
    pale = np.clip(shades.mean((0, 1)) * 0.5 + 0.4, 0, 1)
    for moved, tone in ((0.0, 0.7), (-0.25, 1.0)):
        lifted = shaft + np.float32(moved) * quill.astype(np.float32)[:, None]
        paint = np.broadcast_to(pale * tone, (1, 1, 3)).astype(np.float32)
        canvas.strands(lifted[None], (quill[None] * tone).astype(np.float32), paint)


def _barbs(rng: np.random.Generator, shaft: Points, wide: float, total: float) -> Points:
    """Barbs from the quill to the tip, left and right in turn, (2 N, 6, 2) pixels."""
    each = int(np.clip(total * rng.uniform(0.5, 1.1), 40, 500))
    at = np.linspace(rng.uniform(0.05, 0.2), 1.0, each)
    body = sample_spline(shaft[:: max(1, len(shaft) // 30)], each + 1)
    index = np.minimum((at * each).astype(int), each - 1)
    root, along = body[index], body[index + 1] - body[index]
    heading = np.arctan2(along[:, 1], along[:, 0])
    outline = np.sin(np.pi * np.clip(at, 0, 0.985) ** 0.8) ** 0.55 * wide
    gaps = _gaps(rng, each)
    t = np.linspace(0, 1, 6)
    sides = []
    for side in (-1, 1):
        narrower = rng.uniform(0.6, 1.0)
        down = np.clip((0.25 - at) * 6, 0, 1) * rng.uniform(0, 1.5)
        opening = side * (0.75 + gaps + down * rng.normal(0, 0.5, each))
        turn = heading[:, None] + opening[:, None] * (1 - 0.45 * t)
        turn = turn + (rng.normal(0, 0.03, each) * (1 + 8 * down))[:, None] * t
        length = narrower * outline * rng.lognormal(0, 0.04, each) * 1.25
        stride = length[:, None, None] / 5 * np.stack([np.cos(turn), np.sin(turn)], 2)
        sides.append(root[:, None] + np.cumsum(stride, 1) - stride[:, :1])
    return np.stack(sides, 1).reshape(-1, 6, 2).astype(np.float32)


def _gaps(rng: np.random.Generator, each: int) -> Points:
    """Where the vane has split, the angle of the barbs jumps; 0 where it has not."""
    jumps = np.zeros(each, np.float32)
    for _ in range(rng.integers(0, 6)):
        place, reach = rng.integers(0, each), int(rng.integers(4, 30))
        part = jumps[place : place + reach]
        part += rng.normal(0, 0.22) * np.linspace(1, 0, reach)[: len(part)]
    return jumps


def _shades(rng: np.random.Generator, colours: Colours, paths: Points, lamp: Light) -> Colours:
    height, width = colours.shape[:2]
    middle = paths[:, :-1]
    rows = np.clip(middle[..., 1].astype(int), 0, height - 1)
    columns = np.clip(middle[..., 0].astype(int), 0, width - 1)
    factor, added = light_strands(paths, lamp)
    bars = 1 + rng.uniform(0, 0.25) * np.sin(
        np.linspace(0, rng.uniform(5, 60), len(paths))[:, None] + np.arange(5) * 0.4
    )
    ramp = np.linspace(rng.uniform(0.75, 0.95), rng.uniform(0.9, 1.15), middle.shape[1])
    tone = factor * bars * ramp * rng.lognormal(0, 0.06, (len(paths), 1))
    lit = colours[rows, columns] * tone[..., None] + 0.4 * added[..., None]
    return np.asarray(np.clip(lit, 0, 1), np.float32)
