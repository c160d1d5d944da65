"""Hair: creatures with fur, and heads with long hair."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from matting_core.training.render.layer import AlphaLayer, Colours, Texture
from matting_core.training.render.materials.canvas import Points, SupersampledCanvas
from matting_core.training.render.materials.figures import CreaturePart, Role, creature, portrait
from matting_core.training.render.materials.fur import (
    FurStyle,
    draw_fur_style,
    grow_fur,
    light_strands,
)
from matting_core.training.render.materials.outlines import (
    Pose,
    draw_pose,
    outline_blob,
    outline_ellipse,
    round_corners,
)
from matting_core.training.render.materials.palette import (
    HAIR,
    SKIN,
    Colour,
    draw_coat,
    draw_surface,
    draw_toy_colour,
    fill_plain,
    fill_varied,
    pick_colour,
)
from matting_core.training.render.materials.parts import paint
from matting_core.training.render.materials.shading import Light, draw_light
from matting_core.types import Size

Side = npt.NDArray[np.float64]
"""(N,) -1 for left, 1 for right."""

_VERTICES = 16
"""Of a lock's guide and of its hairs."""


def furry_body(rng: np.random.Generator, size: Size, texture: Texture) -> AlphaLayer:
    """Draw an animal or a toy with fur on every part."""
    pose = draw_pose(rng, size)
    canvas, lamp = SupersampledCanvas(size), draw_light(rng)
    style = draw_fur_style(rng, pose.scale)
    draw_fur(rng, canvas, creature(rng), pose, lamp, style, draw_coat(rng, size, texture))
    return canvas.layer(rng.uniform(0.3, 0.8))


def draw_fur(
    rng: np.random.Generator,
    canvas: SupersampledCanvas,
    parts: list[CreaturePart],
    pose: Pose,
    lamp: Light,
    style: FurStyle,
    colours: Colours,
) -> None:
    """Draw a creature part by part, each with its own fur over those behind it."""
    accent = np.clip(colours * rng.uniform(0.6, 1.4) + rng.uniform(0, 0.15), 0, 1)
    short = FurStyle(
        max(2.5, style.length * 0.4), style.width, style.wildness, style.lie, style.curl
    )
    dark = fill_plain(np.full(3, rng.uniform(0.02, 0.15)), canvas.size)
    for part in parts:
        outline = [pose.place(part.outline)]
        if part.role is Role.BARE:
            paint(canvas, outline, dark, lamp, gloss=0.9)
            continue
        body = part.role is Role.BODY
        under = colours if body else accent.astype(np.float32)
        fine, shaded = paint(canvas, outline, under, lamp, shadow=0.35 if body else 0.1)
        grow_fur(rng, canvas, fine, shaded, style if body else short, lamp)


def long_hair(rng: np.random.Generator, size: Size, texture: Texture) -> AlphaLayer:
    """Draw a head and shoulders, a doll's or a person's, or an animal, with long locks."""
    pose = draw_pose(rng, size, 0.12, 0.6)
    canvas, lamp = SupersampledCanvas(size), draw_light(rng)
    hair = draw_coat(rng, size, texture)
    if rng.random() < 0.25:
        body = portrait(rng) if rng.random() < 0.5 else creature(rng)
        draw_fur(rng, canvas, body, pose, lamp, _draw_long_fur_style(rng, pose.scale), hair)
    else:
        _draw_person(rng, canvas, pose, lamp, (hair, draw_surface(rng, size, texture)))
    return canvas.layer(rng.uniform(0.3, 0.8))


def _draw_long_fur_style(rng: np.random.Generator, scale: float) -> FurStyle:
    """Choose long hair that hangs, for an animal `scale` pixels in radius."""
    return FurStyle(
        float(np.clip(scale * rng.uniform(0.25, 0.5), 12, 120)),
        float(rng.uniform(0.35, 0.9)),
        float(rng.uniform(0.1, 0.5)),
        (float(rng.normal(0, 0.4)), float(rng.uniform(0.6, 1.4))),
        float(rng.uniform(0, 0.3)),
        float(rng.uniform(1.0, 2.0)),
        float(rng.choice([0.0, 0.4])),
    )


def _draw_person(
    rng: np.random.Generator,
    canvas: SupersampledCanvas,
    pose: Pose,
    lamp: Light,
    colours: tuple[Colours, Colours],
) -> None:
    """Draw hair behind, shoulders, neck, face, hair in front, and single hairs over all."""
    hair, cloth = colours
    spread, number = rng.uniform(0.7, 1.5), int(rng.integers(26, 52))
    behind = _draw_guides(rng, number, spread)
    skull = pose.place(outline_blob(rng, (0, -0.42), (0.34, 0.40), 0.03))
    paint(canvas, [skull], hair * 0.6, lamp)
    _draw_locks(rng, canvas, behind, pose, lamp, hair * 0.85)
    skin = fill_varied(
        pick_colour(rng, SKIN) if rng.random() < 0.85 else draw_toy_colour(rng),
        rng,
        canvas.size,
        0.04,
    )
    neck = np.array([[-0.13, -0.2], [0.13, -0.2], [0.16, 0.35], [-0.16, 0.35]], np.float32)
    paint(canvas, [pose.place(neck)], skin * 0.85, lamp)
    wide, slope = rng.uniform(0.55, 0.8), rng.uniform(0.12, 0.28)
    hem = rng.uniform(0.9, 2.4)
    side = np.array([(0.13, 0.08), (wide * 0.8, 0.1 + slope), (wide, 0.3 + slope), (wide, hem)])
    chest = np.concatenate([side, side[::-1] * (-1, 1)]).astype(np.float32)
    paint(canvas, [pose.place(round_corners(chest, 3))], cloth, lamp, shadow=0.3, roundness=0.6)
    if rng.random() < 0.15:
        _draw_locks(rng, canvas, _draw_guides(rng, number, spread), pose, lamp, hair)
    else:
        face = outline_blob(rng, (0, -0.36), (0.265, 0.34), 0.02)
        paint(canvas, [pose.place(face)], skin, lamp, shadow=0.3)
        _draw_face(rng, canvas, pose, lamp, pick_colour(rng, HAIR))
        before = _draw_guides(rng, number // 2, spread * 0.9, fringe=True)
        _draw_locks(rng, canvas, before, pose, lamp, hair)
    _draw_flyaways(rng, canvas, pose, lamp, hair, spread)


def _draw_face(
    rng: np.random.Generator, canvas: SupersampledCanvas, pose: Pose, lamp: Light, brow: Colour
) -> None:

    def dab(outline: Points, colour: npt.ArrayLike, gloss: float = 0.0) -> None:
        paint(canvas, [pose.place(outline)], fill_plain(colour, canvas.size), lamp, gloss)

    eyes = pick_colour(rng, HAIR[:6]) * 0.7
    apart, high = rng.uniform(0.1, 0.13), rng.uniform(-0.4, -0.34)
    for side in (-apart, apart):
        dab(outline_ellipse((side, high), (0.05, 0.03)), np.full(3, 0.85))
        dab(outline_ellipse((side, high), (0.024, 0.028)), eyes, gloss=0.6)
        dab(outline_ellipse((side, high - 0.08), (0.06, 0.012), side), brow)
    mouth = np.array([0.65, 0.3, 0.3]) * rng.uniform(0.7, 1.2)
    dab(outline_ellipse((0, -0.16), (rng.uniform(0.05, 0.09), rng.uniform(0.015, 0.03))), mouth)


def _draw_guides(
    rng: np.random.Generator, number: int, spread: float, fringe: bool = False
) -> Points:
    """Guide curves of locks from a head at (0, -0.4), (number, _VERTICES, 2) units.

    Args:
        rng: source of chance.
        number: of locks.
        spread: how far they stand off, around 1.
        fringe: only from the parting, to both sides of the face.
    """
    length, wind = rng.uniform(0.6, 1.9), rng.normal(0, 0.3)
    side = np.where(rng.random(number) < rng.uniform(0.3, 0.7), -1.0, 1.0)
    if fringe:
        parting = rng.uniform(-0.1, 0.1) + rng.normal(0, 0.03, number)
        at = np.stack([parting, -0.42 - rng.uniform(0.24, 0.38, number)], 1)
        way = np.stack([side * rng.uniform(0.5, 1.2, number), np.full(number, -0.25 * spread)], 1)
    else:
        turn = rng.uniform(0, 1.9, number) * side
        out = np.stack([np.sin(turn), -np.cos(turn)], 1)
        at = np.array([0, -0.42]) + out * (0.31, 0.37) * rng.uniform(0.3, 1, (number, 1)) ** 0.5
        way = out * 0.6 * spread + np.stack([0.5 * side, np.full(number, -0.1)], 1)
    drift = wind + rng.normal(0, 0.12, number) * spread + side * 0.12 * spread
    down = np.stack([drift, np.ones(number)], 1)
    step = (length * rng.lognormal(0, 0.15, (number, 1)) / (_VERTICES - 1)).astype(np.float64)
    sink = rng.uniform(2.2, 4.0, (number, 1))
    steps = [at]
    for t in np.linspace(0, 1, _VERTICES)[1:]:
        fallen = np.clip(t * sink, 0, 1)
        fallen = fallen * fallen * (3 - 2 * fallen)
        heading = way * (1 - fallen) + down * fallen
        heading /= np.linalg.norm(heading, axis=1, keepdims=True)
        moved = steps[-1] + heading * step
        steps.append(_move_beside_face(moved, side) if fringe else moved)
    return _add_waves(rng, np.stack(steps, 1).astype(np.float32))


def _move_beside_face(points: npt.NDArray[np.float64], side: Side) -> npt.NDArray[np.float64]:
    """Move (N, 2) points that lie on the face sideways to its edge."""
    height = np.clip((points[:, 1] + 0.34) / 0.34, -1, 1)
    half = 0.24 * np.sqrt(1 - height**2)
    beside = np.where(side > 0, np.maximum(points[:, 0], half), np.minimum(points[:, 0], -half))
    # High on the forehead hair may lie on it.
    low = np.clip((points[:, 1] + 0.62) * 6, 0, 1)
    return np.stack([points[:, 0] * (1 - low) + beside * low, points[:, 1]], 1)


def _add_waves(rng: np.random.Generator, guides: Points) -> Points:
    """Give (N, K, 2) guides waves or curls that grow from root to tip."""
    # Hair is stiff: no sharp bends.
    for _ in range(3):
        guides[:, 1:-1] = (guides[:, :-2] + 2 * guides[:, 1:-1] + guides[:, 2:]) / 4
    t = np.linspace(0, 1, _VERTICES)
    strength, waves = abs(rng.normal(0, 0.03)), rng.uniform(1, 4.5)
    phase = rng.normal(0, 1.2, (len(guides), 1)) + 2 * np.pi * waves * t
    guides[..., 0] += (strength * t * np.sin(phase)).astype(np.float32)
    return guides


def _draw_locks(
    rng: np.random.Generator,
    canvas: SupersampledCanvas,
    guides: Points,
    pose: Pose,
    lamp: Light,
    colours: Colours,
) -> None:
    """Draw each guide as a clump of strands that stray from it and gather at the tip."""
    thick = rng.uniform(0.03, 0.07)
    each = int(np.clip(2.4 * thick * pose.scale, 12, 40))
    number, vertices = guides.shape[:2]
    t = np.linspace(0, 1, vertices)
    gather = (0.55 + 0.45 * np.sin(np.pi * np.minimum(t * 1.3, 1))) * (1 - 0.6 * t**2)
    offset = rng.normal(0, thick, (number, each, 1, 2)) * gather[:, None]
    stray = rng.normal(0, 0.02, (number, each, 1, 2)) * (t**2)[:, None]
    phase = rng.uniform(0, 2 * np.pi, (number, each, 1))
    ripple = 0.006 * np.sin(phase + t * rng.uniform(4, 14, (number, each, 1)))
    full = guides[:, None] + offset + stray
    full[..., 0] += ripple
    # No two hairs of a lock end at the same place.
    paths = _shorten(pose.place(full), rng.beta(5, 1.2, (number, each, 1)))
    _draw_hairs(rng, canvas, paths, lamp, colours)


def _shorten(paths: Points, share: npt.NDArray[np.float64]) -> Points:
    """Keep the first share, (..., 1) in [0, 1], of (..., K, 2) paths, sampled as finely."""
    last = paths.shape[-2] - 1
    at = np.linspace(0, 1, last + 1) * share * last
    low = np.minimum(at.astype(int), last - 1)
    part = (at - low)[..., None]
    start = np.take_along_axis(paths, low[..., None], -2)
    stop = np.take_along_axis(paths, low[..., None] + 1, -2)
    return np.asarray(start + part * (stop - start), np.float32)


def _draw_hairs(
    rng: np.random.Generator,
    canvas: SupersampledCanvas,
    paths: Points,
    lamp: Light,
    colours: Colours,
) -> None:
    """Draw (locks, strands, K, 2) paths in pixels, lock by lock."""
    number, each, vertices = paths.shape[:3]
    flat = paths.reshape(-1, vertices, 2)
    factor, added = light_strands(flat, lamp)
    columns = np.clip(flat[:, 0, 0].astype(int), 0, canvas.size.width - 1)
    rows = np.clip(flat[:, 0, 1].astype(int), 0, canvas.size.height - 1)
    base = colours[rows, columns]
    lock = np.repeat(rng.normal(0, 0.22, number), each)
    tone = np.exp(lock + rng.normal(0, 0.14, len(flat)))[:, None]
    ramp = np.linspace(rng.uniform(0.6, 1.0), rng.uniform(0.95, 1.3), vertices - 1)
    shades = base[:, None] * (tone * ramp * (0.35 + 0.7 * factor))[..., None]
    shades = shades + (added * rng.uniform(0.3, 1.6))[..., None]
    width = (0.3 + 0.6 * rng.beta(1.2, 2)) * np.exp(rng.normal(0, 0.2, (len(flat), 1)))
    widths = width * np.linspace(1, 0.35, vertices)
    canvas.strands(flat, widths.astype(np.float32), np.clip(shades, 0, 1).astype(np.float32))


def _draw_flyaways(
    rng: np.random.Generator,
    canvas: SupersampledCanvas,
    pose: Pose,
    lamp: Light,
    colours: Colours,
    spread: float,
) -> None:
    """Draw single hairs that left their lock."""
    number = int(rng.integers(20, 140))
    guides = _draw_guides(rng, number, spread * 1.25)
    t = np.linspace(0, 1, guides.shape[1])[:, None]
    away = rng.normal(0, 0.12, (number, 1, 2)) * t + rng.normal(0, 0.1, (number, 1, 2)) * t**3
    paths = _shorten(pose.place(guides + away), rng.uniform(0.3, 1.0, (number, 1)))
    _draw_hairs(rng, canvas, paths[:, None], lamp, colours)
