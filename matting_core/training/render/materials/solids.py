"""Solids: plush toys, dolls and gadgets put together from lit parts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from matting_core.training.render.layer import AlphaLayer, Colours, Texture
from matting_core.training.render.materials.canvas import Points, SupersampledCanvas
from matting_core.training.render.materials.figures import Role, creature
from matting_core.training.render.materials.fur import FurStyle, grow_fur
from matting_core.training.render.materials.outlines import (
    Pose,
    draw_pose,
    outline_blob,
    outline_ellipse,
    outline_ribbon,
    round_corners,
    sample_spline,
)
from matting_core.training.render.materials.palette import (
    draw_coat,
    draw_surface,
    draw_toy_colour,
    fill_plain,
    fill_varied,
)
from matting_core.training.render.materials.parts import paint
from matting_core.training.render.materials.shading import Light, draw_light
from matting_core.types import Size

Outlines = list[Points]


def plush(rng: np.random.Generator, size: Size, texture: Texture) -> AlphaLayer:
    """Draw a cuddly toy: smooth or with a short pile, parts sewn from different cloths."""
    pose = draw_pose(rng, size)
    canvas, lamp = SupersampledCanvas(size), draw_light(rng)
    natural = draw_coat(rng, size, texture)
    cloths = [natural if rng.random() < 0.5 else draw_surface(rng, size, texture)]
    cloths.append(draw_surface(rng, size, texture))
    pile = FurStyle(
        float(rng.uniform(1.5, 6)), float(rng.uniform(0.4, 0.8)), 0.8, (0.0, 0.2), 0.6, 0.5
    )
    fuzzy = rng.random() < 0.6
    dark = fill_plain(np.full(3, rng.uniform(0.02, 0.2)), size)
    for part in creature(rng):
        outline = [pose.place(part.outline)]
        if part.role is Role.BARE:
            paint(canvas, outline, dark, lamp, gloss=0.9)
            continue
        cloth = cloths[part.role is Role.ACCENT or rng.random() < 0.1]
        fine, shaded = paint(
            canvas, outline, cloth, lamp, shadow=0.4 if part.role is Role.BODY else 0.15
        )
        if fuzzy:
            grow_fur(rng, canvas, fine, shaded, pile, lamp)
    return canvas.layer(rng.uniform(0.25, 0.8))


def solid(rng: np.random.Generator, size: Size, texture: Texture) -> AlphaLayer:
    """Draw a thing of several parts, with holes, handles, wires and straps."""
    pose = draw_pose(rng, size, 0.6)
    canvas, lamp = SupersampledCanvas(size), draw_light(rng)
    covers = [draw_surface(rng, size, texture) for _ in range(3)]
    gloss = float(rng.choice([0.0, 0.3, 0.9]))
    joints: list[tuple[float, float]] = []
    for _ in range(rng.integers(0, 4)):
        thin = _THIN[rng.integers(len(_THIN))]
        for outline in thin(rng):
            paint(canvas, [pose.place(outline)], covers[rng.integers(3)], lamp, gloss)
    for k in range(rng.integers(1, 6)):
        centre = (0.0, 0.0) if k == 0 else joints[rng.integers(len(joints))]
        reach = rng.uniform(0.55, 0.9) if k == 0 else rng.uniform(0.15, 0.4)
        outlines = _part(rng, centre, reach)
        edge = outlines[0][rng.integers(len(outlines[0]))]
        joints += [(float(edge[0]), float(edge[1])), (centre[0] * 0.5, centre[1] * 0.5)]
        placed = [pose.place(outline) for outline in outlines]
        round_share = float(rng.choice([0.15, 0.4, 1.0]))
        fine, shaded = paint(canvas, placed, covers[rng.integers(3)], lamp, gloss, 0.4, round_share)
        if rng.random() < 0.15:
            trim = FurStyle(0.12 * pose.scale * reach + 2, 0.7, 0.6, (0.0, 0.3), 0.4, 0.8)
            grow_fur(rng, canvas, fine, shaded, trim, lamp)
    for _ in range(rng.integers(0, 4)):
        thin = _THIN[rng.integers(len(_THIN))]
        for outline in thin(rng):
            placed = [pose.place(outline)]
            paint(canvas, placed, covers[rng.integers(3)], lamp, gloss, shadow=0.2)
    return canvas.layer(rng.uniform(0.2, 1.0))


def doll(rng: np.random.Generator, size: Size, texture: Texture) -> AlphaLayer:
    """Draw a doll or a figure of a person: limbs, clothes, head, hat or woollen hair."""
    pose = draw_pose(rng, size, 0.2)
    canvas, lamp = SupersampledCanvas(size), draw_light(rng)
    skin = fill_varied(draw_toy_colour(rng) if rng.random() < 0.3 else _skin(rng), rng, size, 0.04)
    top, skirt, shoes = (draw_surface(rng, size, texture) for _ in range(3))

    def draw(outline: Points, colours: Colours, gloss: float = 0.0, shadow: float = 0.35) -> None:
        paint(canvas, [pose.place(outline)], colours, lamp, gloss, shadow)

    limb = rng.uniform(0.09, 0.17)
    for side in (-1, 1):
        knee = (side * rng.uniform(0.1, 0.22), 0.55)
        foot = (side * rng.uniform(0.1, 0.35), 0.92)
        path = sample_spline([(side * 0.12, 0.2), knee, foot], 12)
        draw(outline_ribbon(path, np.full(12, limb * 1.2, np.float32)), skin)
        draw(outline_ellipse((foot[0] + side * 0.04, 0.94), (limb, limb * 0.6)), shoes, 0.4)
    waist, hem = rng.uniform(0.1, 0.2), rng.uniform(0.2, 0.55)
    low = rng.uniform(0.3, 0.75)
    dress = np.array([[-waist, 0.0], [waist, 0.0], [hem, low], [-hem, low]], np.float32)
    draw(round_corners(dress, 3, 0.1), skirt)
    draw(outline_blob(rng, (0, -0.12), (0.22, 0.28), 0.05), top)
    for side in (-1, 1):
        hand = (side * rng.uniform(0.3, 0.75), rng.uniform(-0.5, 0.4))
        elbow = ((side * 0.2 + hand[0]) / 2 + side * 0.08, hand[1] / 2 + 0.05)
        path = sample_spline([(side * 0.19, -0.28), elbow, hand], 12)
        draw(
            outline_ribbon(path, np.full(12, limb, np.float32)), top if rng.random() < 0.5 else skin
        )
        draw(outline_ellipse(hand, (limb * 0.65, limb * 0.6)), skin)
    _doll_head(rng, canvas, pose, lamp, (skin, draw_coat(rng, size, texture), top))
    return canvas.layer(rng.uniform(0.25, 0.8))


def _doll_head(
    rng: np.random.Generator,
    canvas: SupersampledCanvas,
    pose: Pose,
    lamp: Light,
    colours: tuple[Colours, Colours, Colours],
) -> None:
    skin, hair, hat = colours
    radius = rng.uniform(0.2, 0.32)
    y = -0.38 - radius * 0.8
    wool = FurStyle(
        float(rng.uniform(0.05, 0.3) * pose.scale + 2), float(rng.uniform(0.5, 1.2)),
        float(rng.uniform(0.2, 1)), (0.0, 0.9), float(rng.uniform(0, 0.5)),
    )  # fmt: skip
    scalp = pose.place(outline_ellipse((0, y - radius * 0.15), (radius * 1.05, radius)))
    fine, shaded = paint(canvas, [scalp], hair, lamp)
    grow_fur(rng, canvas, fine, shaded, wool, lamp)
    face = pose.place(outline_blob(rng, (0, y), (radius * 0.88, radius * 0.95), 0.03))
    paint(canvas, [face], skin, lamp, shadow=0.3)
    eye = radius * rng.uniform(0.08, 0.15)
    dark = fill_plain(np.full(3, 0.06), canvas.size)
    for side in (-1, 1):
        ball = outline_ellipse((side * radius * 0.35, y - 0.02), (eye, eye * 1.2))
        paint(canvas, [pose.place(ball)], dark, lamp, gloss=0.8)
    mouth = outline_ellipse((0, y + radius * 0.45), (radius * 0.25, radius * 0.06))
    paint(canvas, [pose.place(mouth)], dark * 4, lamp)
    crown = outline_ellipse((0, y - radius * 0.75), (radius * 0.9, radius * 0.42))
    if rng.random() < 0.4:
        brim = outline_ellipse(
            (0, y - radius * 0.6), (radius * rng.uniform(1.1, 1.7), radius * 0.14)
        )
        paint(canvas, [pose.place(crown)], hat, lamp, shadow=0.3)
        paint(canvas, [pose.place(brim)], hat, lamp, shadow=0.3)
    else:
        fine, shaded = paint(canvas, [pose.place(crown)], hair, lamp)
        grow_fur(rng, canvas, fine, shaded, wool, lamp)


def _skin(rng: np.random.Generator) -> Points:
    tone = rng.uniform(0.3, 0.95)
    return np.array([1, rng.uniform(0.7, 0.82), rng.uniform(0.55, 0.72)], np.float32) * np.float32(
        tone
    )


def _part(rng: np.random.Generator, centre: tuple[float, float], reach: float) -> Outlines:
    """Outline a blob, an ellipse or a rounded polygon, at times with holes."""
    kind = rng.integers(3)
    radii = (reach, reach * rng.uniform(0.5, 1.0))
    turn = float(rng.uniform(0, np.pi))
    if kind == 0:
        outer = outline_blob(rng, centre, radii, rng.uniform(0.05, 0.25), turn)
    elif kind == 1:
        outer = outline_ellipse(centre, radii, turn, 96)
    else:
        corners = outline_ellipse(centre, radii, turn, int(rng.integers(3, 8)))
        corners = corners + rng.normal(0, 0.1 * reach, corners.shape).astype(np.float32)
        outer = round_corners(corners, 4, rng.uniform(0.08, 0.25))
    outlines = [outer]
    hole = rng.random()
    if hole < 0.2:
        share = np.float32(rng.uniform(0.3, 0.85))
        outlines.append(outer * share + np.array(centre, np.float32) * (1 - share))
    elif hole < 0.35:
        for turn in np.arange(rng.integers(2, 7)) * 2.4:
            spot = np.array(centre) + 0.45 * np.array(radii).min() * np.array(
                [np.cos(turn), np.sin(turn)]
            )
            outlines.append(outline_ellipse(spot, (reach * 0.08, reach * 0.08)))
    return outlines


def _handle(rng: np.random.Generator) -> Outlines:
    side = rng.choice([-1.0, 1.0])
    x, y = side * rng.uniform(0.15, 0.4), rng.uniform(-0.2, 0.2)
    far = side * rng.uniform(0.75, 1.0)
    path = sample_spline([(x, y - 0.25), (far, y - 0.2), (far, y + 0.2), (x, y + 0.3)], 32)
    return [outline_ribbon(path, np.full(32, rng.uniform(0.015, 0.12), np.float32))]


def _wire(rng: np.random.Generator) -> Outlines:
    """Draw antennae and cables, thin ones down to less than a pixel."""
    outlines = []
    for _ in range(rng.integers(1, 5)):
        turn = rng.uniform(0, 2 * np.pi)
        tip = rng.uniform(0.7, 1.15) * np.array([np.cos(turn), np.sin(turn)])
        path = sample_spline([rng.normal(0, 0.1, 2), tip * 0.5 + rng.normal(0, 0.12, 2), tip], 32)
        width = np.exp(rng.uniform(np.log(0.004), np.log(0.03)))
        outlines.append(outline_ribbon(path, np.full(32, width, np.float32)))
        if rng.random() < 0.4:
            outlines.append(outline_ellipse(tip, (width * 2.5, width * 2.5)))
    return outlines


def _strap(rng: np.random.Generator) -> Outlines:
    top = rng.uniform(-1.1, -0.75)
    path = sample_spline(
        [(-0.4, -0.2), (-0.25, top), (0.25, top + rng.normal(0, 0.1)), (0.4, -0.2)], 40
    )
    return [outline_ribbon(path, np.full(40, rng.uniform(0.01, 0.08), np.float32))]


def _wheel(rng: np.random.Generator) -> Outlines:
    """Draw a rim with spokes, made of strips so that it is open between them."""
    centre, radius = rng.uniform(-0.45, 0.45, 2), rng.uniform(0.2, 0.45)
    path = outline_ellipse(centre, (radius, radius), 0, 65)
    path = np.concatenate([path, path[:2]])
    thick = rng.uniform(0.01, 0.07)
    outlines = [outline_ribbon(path, np.full(len(path), thick, np.float32))]
    for turn in np.arange(rng.integers(3, 24)) * 2 * np.pi:
        angle = turn / 17
        rim = centre + radius * np.array([np.cos(angle), np.sin(angle)])
        outlines.append(
            outline_ribbon(sample_spline([centre, rim], 2), np.full(2, thick * 0.3, np.float32))
        )
    outlines.append(outline_ellipse(centre, (radius * 0.15, radius * 0.15)))
    return outlines


_THIN: tuple[Callable[[np.random.Generator], Outlines], ...] = (_handle, _wire, _strap, _wheel)
