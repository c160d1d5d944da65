"""Creatures as lists of parts, back to front, for plush toys and animals."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from matting_core.training.render.materials.canvas import Points
from matting_core.training.render.materials.outlines import (
    outline_blob,
    outline_ellipse,
    outline_ribbon,
    sample_spline,
)


class Role(Enum):
    """Material of a creature's part."""

    BODY = auto()
    ACCENT = auto()
    """Muzzle, belly, inner ear: the same matter in another colour."""
    BARE = auto()
    """Eyes, nose: smooth, dark and glossy."""


@dataclass(frozen=True, slots=True)
class CreaturePart:
    """One outline of a creature, in units around (0, 0) with a reach of about 1."""

    outline: Points
    role: Role = Role.BODY


def creature(rng: np.random.Generator) -> list[CreaturePart]:
    """Draw a random creature, parts from back to front."""
    makers = (sitting, standing, portrait, lump)
    return makers[rng.choice(4, p=[0.35, 0.25, 0.25, 0.15])](rng)


def limb(
    rng: np.random.Generator, start: tuple[float, float], end: tuple[float, float], width: float
) -> Points:
    """Outline a bent arm, leg or tail, thicker at its start, round at its end."""
    first, last = np.array(start), np.array(end)
    length = float(np.linalg.norm(last - first))
    middle = (first + last) / 2 + rng.normal(0, 0.1, 2) * length
    path = sample_spline([first, middle, last], 16)
    t = np.linspace(0, 1, 16)
    widths = width * (1.1 - rng.uniform(0.1, 0.45) * t)
    # The last eighth closes as a half circle does.
    widths *= np.sqrt(np.clip((1 - t) * 7, 0.02, 1)) * np.sqrt(np.clip(t * 7, 0.2, 1))
    return outline_ribbon(path, widths.astype(np.float32))


def head(
    rng: np.random.Generator, centre: tuple[float, float], radius: float
) -> list[CreaturePart]:
    """Draw a face seen from the front: ears, head, muzzle, eyes, nose."""
    x, y = centre
    wide = radius * rng.uniform(0.95, 1.2)
    parts: list[CreaturePart] = []
    spread, tall = rng.uniform(0.5, 0.85), radius * rng.choice([0.3, 0.42, 0.75, 1.1])
    lean, thick = rng.normal(0.25, 0.25), radius * rng.uniform(0.22, 0.36)
    for side in (-1, 1):
        ear = (x + side * wide * spread, y - radius * np.sqrt(1 - spread**2) - tall * 0.45)
        tilt = np.pi / 2 + side * (lean + rng.normal(0, 0.08))
        parts.append(CreaturePart(outline_ellipse(ear, (max(tall, thick), thick), tilt)))
        parts.append(
            CreaturePart(outline_ellipse(ear, (tall * 0.65, thick * 0.55), tilt), Role.ACCENT)
        )
    parts.append(CreaturePart(outline_blob(rng, centre, (wide, radius), 0.05)))
    low = y + radius * rng.uniform(0.25, 0.45)
    muzzle = radius * rng.uniform(0.3, 0.48)
    parts.append(CreaturePart(outline_ellipse((x, low), (muzzle * 1.15, muzzle)), Role.ACCENT))
    nose = radius * rng.uniform(0.08, 0.16)
    parts.append(
        CreaturePart(outline_ellipse((x, low - muzzle * 0.5), (nose * 1.3, nose)), Role.BARE)
    )
    apart, eye = wide * rng.uniform(0.32, 0.48), radius * rng.uniform(0.07, 0.14)
    parts.extend(
        CreaturePart(
            outline_ellipse((x + side * apart, y - radius * 0.12), (eye, eye * 1.1)), Role.BARE
        )
        for side in (-1, 1)
    )
    return parts


def sitting(rng: np.random.Generator) -> list[CreaturePart]:
    """Draw something like a teddy bear: trunk, arms, legs, head."""
    fat = rng.uniform(0.3, 0.48)
    parts = []
    if rng.random() < 0.5:
        tail = (rng.uniform(0.6, 0.95), rng.uniform(-0.2, 0.6))
        parts.append(CreaturePart(limb(rng, (0.2, 0.6), tail, rng.uniform(0.1, 0.28))))
    parts.append(CreaturePart(outline_blob(rng, (0, 0.35), (fat, 0.5), 0.05)))
    if rng.random() < 0.6:
        parts.append(CreaturePart(outline_ellipse((0, 0.4), (fat * 0.6, 0.32)), Role.ACCENT))
    arm, leg = rng.uniform(0.17, 0.27), rng.uniform(0.22, 0.34)
    for side in (-1, 1):
        foot = (side * rng.uniform(0.45, 0.7), rng.uniform(0.8, 0.95))
        parts.append(CreaturePart(limb(rng, (side * 0.2, 0.68), foot, leg)))
        sole = outline_ellipse(foot, (leg * 0.5, leg * 0.6), rng.normal(0, 0.3))
        parts.append(CreaturePart(sole))
        parts.append(CreaturePart(outline_ellipse(foot, (leg * 0.28, leg * 0.34)), Role.ACCENT))
        hand = (side * rng.uniform(0.5, 0.9), rng.uniform(-0.35, 0.6))
        parts.append(CreaturePart(limb(rng, (side * fat * 0.7, 0.08), hand, arm)))
    return parts + head(rng, (rng.normal(0, 0.05), -0.42), rng.uniform(0.3, 0.42))


def standing(rng: np.random.Generator) -> list[CreaturePart]:
    """Draw something on four legs, seen from its side."""
    tall, leg = rng.uniform(0.22, 0.36), rng.uniform(0.12, 0.22)
    parts = [
        CreaturePart(limb(rng, (x, 0.1), (x + rng.normal(0, 0.1), 0.85), leg)) for x in (-0.38, 0.3)
    ]
    tip = (rng.uniform(-1.05, -0.8), rng.uniform(-0.7, 0.5))
    parts.append(CreaturePart(limb(rng, (-0.55, -0.1), tip, rng.uniform(0.08, 0.3))))
    parts.append(CreaturePart(outline_blob(rng, (0, 0.02), (0.65, tall), 0.08)))
    parts += [
        CreaturePart(limb(rng, (x, 0.05), (x + rng.normal(0, 0.1), 0.9), leg * 1.1))
        for x in (-0.5, 0.42)
    ]
    top = (rng.uniform(0.6, 0.8), rng.uniform(-0.65, -0.25))
    parts.append(CreaturePart(limb(rng, (0.4, 0.05), top, rng.uniform(0.28, 0.42))))
    return parts + head(rng, top, rng.uniform(0.2, 0.3))


def portrait(rng: np.random.Generator) -> list[CreaturePart]:
    """Draw a big head over a chest that the picture's lower border may cut."""
    parts = [CreaturePart(outline_blob(rng, (0, 0.95), (rng.uniform(0.55, 0.85), 0.6), 0.08))]
    if rng.random() < 0.5:
        parts.append(CreaturePart(outline_blob(rng, (0, 0.9), (0.35, 0.45), 0.1), Role.ACCENT))
    return parts + head(rng, (rng.normal(0, 0.08), -0.15), rng.uniform(0.5, 0.65))


def lump(rng: np.random.Generator) -> list[CreaturePart]:
    """Draw a shapeless one: a few overlapping blobs, perhaps with eyes."""
    parts = []
    for _ in range(rng.integers(1, 5)):
        centre = rng.normal(0, 0.28, 2)
        radii = (float(rng.uniform(0.3, 0.7)), float(rng.uniform(0.3, 0.7)))
        parts.append(
            CreaturePart(outline_blob(rng, centre, radii, 0.2, float(rng.uniform(0, np.pi))))
        )
    for _ in range(rng.integers(0, 4)):
        tip = rng.uniform(-1, 1, 2)
        parts.insert(
            0, CreaturePart(limb(rng, (0.0, 0.0), (tip[0], tip[1]), rng.uniform(0.08, 0.25)))
        )
    if rng.random() < 0.5:
        eye = rng.uniform(0.04, 0.1)
        parts.extend(
            CreaturePart(outline_ellipse((x, -0.15), (eye, eye)), Role.BARE) for x in (-0.15, 0.15)
        )
    return parts
