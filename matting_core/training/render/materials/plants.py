"""Plants: blades of grass, and twigs with leaves."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from matting_core.training.render.layer import AlphaLayer, Colours, Texture
from matting_core.training.render.materials.canvas import Points, SupersampledCanvas
from matting_core.training.render.materials.fur import Floats, light_strands
from matting_core.training.render.materials.outlines import (
    Pose,
    draw_pose,
    outline_ribbon,
    round_corners,
)
from matting_core.training.render.materials.palette import (
    LEAF,
    WOOD,
    Colour,
    draw_surface,
    draw_toy_colour,
    pick_colour,
)
from matting_core.training.render.materials.parts import paint
from matting_core.training.render.materials.shading import Light, draw_light
from matting_core.types import Size


def grass(rng: np.random.Generator, size: Size, texture: Texture) -> AlphaLayer:
    """Draw blades from below, at times out of a pot or with ears of seed."""
    canvas, lamp = SupersampledCanvas(size), draw_light(rng)
    pose = draw_pose(rng, size, 0.05, 0.9)
    number, wide = int(rng.integers(60, 420)), rng.uniform(0.15, 1.3)
    root = np.stack([rng.normal(0, wide * 0.5, number), 0.92 + rng.normal(0, 0.04, number)], 1)
    height = rng.uniform(0.6, 1.9, number) * rng.uniform(0.6, 1.0)
    lean = rng.normal(root[:, 0] * rng.uniform(0, 0.7), 0.28) + rng.normal(0, 0.2)
    t = np.linspace(0, 1, 9)
    x = root[:, :1] + lean[:, None] * t**1.8 * height[:, None]
    droop = abs(rng.normal(0, 0.35, (number, 1)))
    y = root[:, 1:] - height[:, None] * (t - droop * t**3)
    paths = pose.place(np.stack([x, y], 2))
    widths = rng.lognormal(np.log(rng.uniform(0.008, 0.05)), 0.4, (number, 1)) * pose.scale
    widths = np.maximum(widths, 0.4) * (1 - t**2.5) * (0.6 + 0.4 * np.minimum(4 * t, 1))
    tones = np.stack([pick_colour(rng, LEAF) for _ in range(3)])
    colours = tones[rng.integers(0, 3, number)] * rng.lognormal(0, 0.18, (number, 1))
    _blades(rng, canvas, paths, widths.astype(np.float32), colours.astype(np.float32), lamp)
    if rng.random() < 0.4:
        _ears(rng, canvas, paths[:: max(1, number // 40)], pick_colour(rng, LEAF), lamp)
    if wide < 0.45 and rng.random() < 0.5:
        pot = np.array([[-0.4, 0.7], [0.4, 0.7], [0.3, 1.3], [-0.3, 1.3]], np.float32)
        outline = [pose.place(round_corners(pot, 3, 0.1))]
        paint(canvas, outline, draw_surface(rng, size, texture), lamp, 0.3, 0.4)
    return canvas.layer(rng.uniform(0.3, 0.75))


def houseplant(rng: np.random.Generator, size: Size, texture: Texture) -> AlphaLayer:
    """Draw a pot with stems that arch out of it: ferns, or broad leaves at their ends."""
    canvas, lamp = SupersampledCanvas(size), draw_light(rng)
    pose = draw_pose(rng, size, 0.05, 0.4)
    number, fern = int(rng.integers(7, 32)), rng.random() < 0.45
    turn = -np.pi / 2 + rng.uniform(-1.4, 1.4, number)
    reach = rng.uniform(0.6, 1.25, number)
    t = np.linspace(0, 1, 16)
    x = rng.normal(0, 0.06, (number, 1)) + (np.cos(turn) * reach)[:, None] * t
    y = 0.4 + (np.sin(turn) * reach)[:, None] * t + rng.uniform(0.1, 0.7, (number, 1)) * t**2.5
    stems = np.stack([x, y], 2).astype(np.float32)
    colour = pick_colour(rng, LEAF[:8])
    stem_widths = (rng.uniform(0.008, 0.02) * (1.1 - 0.7 * t) * pose.scale)[None]
    broad = rng.uniform(0.18, 0.32) if fern else rng.uniform(0.25, 0.95)
    size_of = rng.uniform(0.06, 0.16) if fern else rng.uniform(0.25, 0.55)
    for stem in stems:
        path = pose.place(stem)[None]
        tone = (colour * rng.uniform(0.6, 0.9)).astype(np.float32)[None]
        _blades(rng, canvas, path, stem_widths.astype(np.float32), tone, lamp)
        leaves = _fronds(rng, stem, size_of, fern)
        _draw_leaves(rng, canvas, pose, leaves, colour * rng.uniform(0.7, 1.2), lamp, broad)
    high, wide = rng.uniform(0.4, 0.7), rng.uniform(0.22, 0.45)
    low = wide * rng.uniform(0.6, 1.0)
    pot = np.array([[-wide, 0.35], [wide, 0.35], [low, 0.35 + high], [-low, 0.35 + high]])
    outline = [pose.place(round_corners(pot.astype(np.float32), 3, 0.08))]
    paint(canvas, outline, draw_surface(rng, size, texture), lamp, rng.choice([0, 0.4]), 0.4)
    return canvas.layer(rng.uniform(0.3, 0.75))


def _fronds(
    rng: np.random.Generator, stem: Points, length: float, fern: bool
) -> npt.NDArray[np.float64]:
    """Leaves of one stem as (N, 4) rows: x, y, turn and length in units."""
    along = np.gradient(stem, axis=0)
    turn = np.arctan2(along[:, 1], along[:, 0]).astype(np.float64)
    if not fern:
        end = [stem[-3, 0], stem[-3, 1], turn[-1] + rng.normal(0, 0.4)]
        return np.array([[*end, length * rng.uniform(0.6, 1.1)]])
    at = np.repeat(np.linspace(2, 14.9, 26), 2)
    k = at.astype(int)
    place = stem[k] + (at - k)[:, None] * (stem[k + 1] - stem[k])
    side = np.tile([-1.0, 1.0], 26) * (1.05 - 0.03 * at)
    size = length * np.sin(np.pi * np.clip(at / 16, 0.1, 0.97)) ** 0.6
    return np.column_stack([place, turn[k] + side + rng.normal(0, 0.08, 52), size])


def twigs(rng: np.random.Generator, size: Size, texture: Texture) -> AlphaLayer:
    """Draw a branch that divides and tapers, with or without leaves."""
    del texture
    canvas, lamp = SupersampledCanvas(size), draw_light(rng)
    pose = draw_pose(rng, size, 1.2, 0.7)
    paths, widths = _branches(rng)
    wood = pick_colour(rng, WOOD)
    shade = wood * rng.lognormal(0, 0.12, (len(paths), 1))
    leaves = _leaves(rng, paths) if rng.random() < 0.75 else None
    half = len(paths) // 2
    for part in (slice(0, half), slice(half, None)):
        _blades(
            rng,
            canvas,
            pose.place(paths[part]),
            widths[part] * np.float32(pose.scale),
            shade[part].astype(np.float32),
            lamp,
        )
        if leaves is not None:
            colours = pick_colour(rng, LEAF) if rng.random() < 0.85 else draw_toy_colour(rng)
            _draw_leaves(rng, canvas, pose, leaves[part == slice(0, half) :: 2], colours, lamp)
    return canvas.layer(rng.uniform(0.3, 0.75))


def _blades(
    rng: np.random.Generator,
    canvas: SupersampledCanvas,
    paths: Points,
    widths: Floats,
    colours: Colours,
    lamp: Light,
) -> None:
    """Draw (N, K, 2) tapering strips, each in a darker and a lighter half, dark at the root."""
    factor, added = light_strands(paths, lamp)
    for side, tone in ((0.0, 1.0), (0.25, float(rng.uniform(0.75, 1.3)))):
        moved = _shift_aside(paths, widths * np.float32(side))
        strips = outline_ribbon(moved, widths * np.float32(1 - 2 * side))
        pieces = paths.shape[1] - 1
        ramp = np.linspace(rng.uniform(0.5, 0.9), 1.1, pieces) * tone
        shades = colours[:, None] * (factor * ramp)[..., None] + added[..., None] * 0.5
        last = strips.shape[1] - 1
        # Piece k of a strip is the quad between its vertices k and k + 1 on both sides.
        quads = np.stack(
            [strips[:, [k, k + 1, last - k - 1, last - k]] for k in range(pieces)], 1
        ).reshape(-1, 4, 2)
        canvas.polygons(quads, np.clip(shades, 0, 1).reshape(-1, 3).astype(np.float32))
    canvas.strands(
        paths, np.minimum(widths * 0.12, 0.5), np.clip(shades * 0.9, 0, 1).astype(np.float32)
    )


def _shift_aside(paths: Points, by: Floats) -> Points:
    along = np.gradient(paths, axis=1)
    across = np.stack([-along[..., 1], along[..., 0]], -1)
    across /= np.maximum(np.linalg.norm(across, axis=-1, keepdims=True), 1e-6)
    return np.asarray(paths + across * by[..., None], np.float32)


def _ears(
    rng: np.random.Generator, canvas: SupersampledCanvas, stems: Points, colour: Colour, lamp: Light
) -> None:
    """Draw awns and grains along the upper third of stems."""
    grains = 40
    at = rng.integers(5, stems.shape[1] - 1, (len(stems), grains))
    rows = np.arange(len(stems))[:, None]
    share = rng.random((len(stems), grains, 1))
    start = stems[rows, at] * (1 - share) + stems[rows, at + 1] * share
    along = stems[rows, at + 1] - stems[rows, at]
    size = np.linalg.norm(along, axis=2, keepdims=True) * rng.uniform(0.2, 0.8)
    turn = np.arctan2(along[..., 1], along[..., 0]) + rng.normal(0, 0.45, at.shape)
    end = start + size * np.stack([np.cos(turn), np.sin(turn)], 2)
    paths = np.stack([start, (start + end) / 2, end], 2).reshape(-1, 3, 2).astype(np.float32)
    shade = colour * rng.lognormal(0, 0.2, (len(paths), 1, 1)) * lamp.ambient * 1.6
    widths = np.broadcast_to(np.array([1.2, 0.9, 0.35], np.float32), (len(paths), 3))
    canvas.strands(paths, widths, np.clip(shade, 0, 1).astype(np.float32))


def _branches(rng: np.random.Generator) -> tuple[Points, Floats]:
    """Grow (N, 8, 2) curves and their (N, 8) widths, the trunk first."""
    paths: list[npt.NDArray[np.float64]] = []
    widths: list[npt.NDArray[np.float64]] = []
    open_ends = [((0.0, 1.0), -np.pi / 2, rng.uniform(0.8, 1.3), rng.uniform(0.03, 0.1), 0)]
    t = np.linspace(0, 1, 8)
    depth = int(rng.integers(2, 5))
    while open_ends and len(paths) < 260:
        start, turn, length, thick, level = open_ends.pop(0)
        bends = turn + np.cumsum(rng.normal(0, 0.16, 8)) - 0.05 * level
        steps = np.stack([np.cos(bends), np.sin(bends)], 1) * length / 7
        path = np.array(start) + np.concatenate([[[0, 0]], np.cumsum(steps, 0)[:-1]])
        paths.append(path)
        widths.append(thick * (1 - 0.65 * t))
        if level < depth:
            for _ in range(rng.integers(2, 6)):
                k = int(rng.integers(2, 8))
                away = rng.choice([-1, 1]) * rng.uniform(0.35, 1.0)
                shorter = length * rng.uniform(0.35, 0.7)
                at = (float(path[k, 0]), float(path[k, 1]))
                child = (at, float(bends[k] + away), shorter, thick * (1 - 0.65 * t[k]) * 0.65)
                open_ends.append((*child, level + 1))
    grown = np.array(paths, np.float32)
    low, high = grown.min((0, 1)), grown.max((0, 1))
    # Its middle to the middle, its longer side to the reach of all drawings.
    factor = np.float32(2 / max(high - low))
    return (grown - (low + high) / 2) * factor, np.array(widths, np.float32) * factor


def _leaves(rng: np.random.Generator, paths: Points) -> npt.NDArray[np.float64]:
    """Leaves as (N, 4) rows: x, y, turn and length in units, mostly on thin branches."""
    wanted = int(rng.integers(20, 260))
    on = rng.integers(len(paths) // 3, len(paths), wanted)
    k = rng.integers(2, paths.shape[1] - 1, wanted)
    along = paths[on, k + 1] - paths[on, k]
    turn = np.arctan2(along[:, 1], along[:, 0]) + rng.normal(0, 0.8, wanted)
    length = rng.uniform(0.06, 0.25) * rng.lognormal(0, 0.2, wanted)
    return np.column_stack([paths[on, k], turn, length])


def _draw_leaves(
    rng: np.random.Generator,
    canvas: SupersampledCanvas,
    pose: Pose,
    leaves: npt.NDArray[np.float64],
    colour: Colour,
    lamp: Light,
    broad: float | None = None,
) -> None:
    t = np.linspace(0, 1, 9)
    bend = rng.normal(0, 0.25, (len(leaves), 1)) * t**2
    turn = leaves[:, 2:3] + bend
    x = leaves[:, :1] + leaves[:, 3:] * t * np.cos(turn)
    y = leaves[:, 1:2] + leaves[:, 3:] * t * np.sin(turn)
    broad = rng.uniform(0.15, 0.6) if broad is None else broad
    shape = np.sin(np.pi * t ** rng.uniform(0.6, 1.1)) + 0.03
    widths = leaves[:, 3:] * broad * shape * pose.scale * rng.uniform(0.5, 1.1, (len(leaves), 1))
    colours = colour * rng.lognormal(0, 0.2, (len(leaves), 1)) + rng.normal(
        0, 0.02, (len(leaves), 3)
    )
    paths = pose.place(np.stack([x, y], 2))
    tinted = np.clip(colours, 0, 1).astype(np.float32)
    _blades(rng, canvas, paths, widths.astype(np.float32), tinted, lamp)
