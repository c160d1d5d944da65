"""Composed scenes: a subject with held objects, distractors, occluders, backdrop and light.

A scene keeps its subject apart from all the rest, so its alpha is exact whatever lies in front.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from matting_core.training.render.backdrops import PhotographBackdrops
from matting_core.training.render.foregrounds import Cutout, ForegroundPairs
from matting_core.training.render.framing import SubjectExtent, place_subject
from matting_core.training.render.layer import AlphaLayer, Colours, Material, layer_from_straight
from matting_core.training.render.optics import defocus, motion_blur, soften
from matting_core.training.render.photograph import cast_shadow, harmonise
from matting_core.training.render.warp import place_cutout, place_layer
from matting_core.types import Plane, Size


@dataclass(frozen=True, slots=True)
class ComposedScene:
    """Composed picture as two layers: its subject and the rest.

    Attributes:
        subject: what is seen of the subject; its alpha is the picture's.
        rest: (H, W, 3) float32 in [0, 1 - alpha], the light of everything else.
    """

    subject: AlphaLayer
    rest: Colours

    @property
    def picture(self) -> Colours:
        """Composite of the scene, (H, W, 3) float32 sRGB: alpha F + (1 - alpha) B."""
        return np.asarray(np.clip(self.subject.premultiplied + self.rest, 0, 1), np.float32)

    @classmethod
    def place(cls, subject: AlphaLayer, background: Colours) -> ComposedScene:
        """Place a subject before an opaque background."""
        return cls(subject, (1 - subject.alpha)[..., None] * background)

    def cover_with(self, layer: AlphaLayer) -> ComposedScene:
        """Cover the scene with a layer, which takes from the subject's alpha."""
        through = 1 - layer.alpha
        lit = through[..., None]
        subject = AlphaLayer(self.subject.alpha * through, self.subject.premultiplied * lit)
        return ComposedScene(subject, self.rest * lit + layer.premultiplied)


@dataclass(frozen=True, slots=True)
class SceneSources:
    """Sources of a scene's parts.

    Attributes:
        cutouts: pairs, of which there may be none.
        backdrops: photographs.
        materials: things to draw, of which there may be none.
    """

    cutouts: ForegroundPairs
    backdrops: PhotographBackdrops
    materials: Mapping[str, Material]


def compose_scene(
    subject: AlphaLayer, sources: SceneSources, rng: np.random.Generator, twin: Cutout | None = None
) -> ComposedScene:
    """Build a scene round a subject.

    Args:
        subject: as it was cut out or rendered, at its place in the picture.
        sources: where the rest comes from.
        rng: draws the scene.
        twin: the subject's pair, of which a second instance may stand beside it.
    """
    background = sources.backdrops.backdrop(rng, subject.size)
    for _ in range(int(rng.choice(3, p=[0.5, 0.38, 0.12]))):
        other = harmonise(_draw_distractor(background, sources, rng, twin), background, rng)
        background = other.on(cast_shadow(other, background, rng))
    subject = _add_object_or_hole(subject, sources, rng)
    subject = harmonise(subject, background, rng, similar=rng.random() < 0.12)
    subject = _apply_lens(subject, rng)
    if rng.random() < 0.6:
        background = cast_shadow(subject, background, rng)
    scene = ComposedScene.place(subject, background)
    if rng.random() < 0.18:
        scene = _occlude(scene, background, sources, rng)
    return scene


def draw_blob_mask(rng: np.random.Generator, size: Size, area: float, edge: float) -> Plane:
    """Draw a round, irregular shape somewhere in the picture.

    Args:
        rng: draws it.
        size: the picture's.
        area: about which share of the picture it takes, below 0.5.
        edge: pixels over which it ends.

    Returns:
        (H, W) float32 in [0, 1].
    """
    radius = math.sqrt(area * size.width * size.height / math.pi)
    angle, flat = rng.uniform(0, math.pi), math.exp(rng.normal(0, 0.35))
    x = np.arange(size.width, dtype=np.float32)[None] - np.float32(rng.uniform(0, size.width))
    y = np.arange(size.height, dtype=np.float32)[:, None] - np.float32(rng.uniform(0, size.height))
    along = (x * math.cos(angle) + y * math.sin(angle)) / flat
    across = (y * math.cos(angle) - x * math.sin(angle)) * flat
    lumps = rng.standard_normal((int(rng.integers(3, 12)), int(rng.integers(3, 12))), np.float32)
    rough = cv2.resize(lumps, size, interpolation=cv2.INTER_CUBIC)
    rough *= np.float32(rng.uniform(0, 0.35) * radius)
    inside = np.float32(radius) - np.sqrt(along * along + across * across) + rough
    return np.asarray(np.clip(inside / max(edge, 1) + 0.5, 0, 1), np.float32)


def _draw_distractor(
    background: Colours, sources: SceneSources, rng: np.random.Generator, twin: Cutout | None
) -> AlphaLayer:
    """Draw a thing that is no part of the subject."""
    size = Size(background.shape[1], background.shape[0])
    kind = rng.random()
    if twin is not None and kind < 0.2:
        return _place_cutout_randomly(twin, size, rng, (0.03, 0.3))
    if len(sources.cutouts) and kind < 0.65:
        return _place_cutout_randomly(_pick_cutout(sources, rng), size, rng, (0.02, 0.3))
    drawn = _draw_material(sources, size, rng, (0.02, 0.3)) if kind < 0.85 else None
    return _mirror_background_piece(background, rng) if drawn is None else drawn


def _mirror_background_piece(background: Colours, rng: np.random.Generator) -> AlphaLayer:
    """Mirror a piece of a background to another place of the same picture."""
    size = Size(background.shape[1], background.shape[0])
    ways = [background[:, ::-1], background[::-1], background[::-1, ::-1]]
    moved = np.roll(
        ways[int(rng.integers(3))],
        (int(rng.integers(size.height)), int(rng.integers(size.width))),
        axis=(0, 1),
    )
    mask = draw_blob_mask(rng, size, rng.uniform(0.01, 0.12), rng.uniform(1, 4))
    return layer_from_straight(np.ascontiguousarray(moved), mask)


def _add_object_or_hole(
    subject: AlphaLayer, sources: SceneSources, rng: np.random.Generator
) -> AlphaLayer:
    """Give a subject something to hold or wear, or a hole."""
    size, extent = subject.size, SubjectExtent.measure(subject.alpha)
    share = extent.area / (size.width * size.height)
    if rng.random() < 0.12:
        held = _draw_held_object(subject, sources, rng, share * rng.uniform(0.05, 0.25))
        subject = held.over(subject) if rng.random() < 0.7 else subject.over(held)
    if rng.random() < 0.07:
        kept = 1 - draw_blob_mask(rng, size, share * rng.uniform(0.02, 0.1), rng.uniform(1, 3))
        subject = AlphaLayer(subject.alpha * kept, subject.premultiplied * kept[..., None])
    return subject


def _draw_held_object(
    subject: AlphaLayer, sources: SceneSources, rng: np.random.Generator, area: float
) -> AlphaLayer:
    """Draw another object that touches the subject."""
    size = subject.size
    rows, columns = np.nonzero(subject.alpha > 0.5)
    if not rows.size:
        return AlphaLayer(np.zeros_like(subject.alpha), np.zeros_like(subject.premultiplied))
    pick = int(rng.integers(rows.size))
    drawn = _draw_material(sources, size, rng, (area, area * 1.2)) if rng.random() < 0.7 else None
    if drawn is not None:
        held = drawn
    else:
        mask = draw_blob_mask(rng, size, area, rng.uniform(1, 2))
        held = layer_from_straight(sources.backdrops.texture(rng, size), mask)
    box = SubjectExtent.measure(held.alpha).box
    move = np.array(
        [
            [1, 0, columns[pick] - rng.uniform(box[0], box[2])],
            [0, 1, rows[pick] - rng.uniform(box[1], box[3])],
        ],
        np.float32,
    )
    return AlphaLayer(
        cv2.warpAffine(held.alpha, move, size), cv2.warpAffine(held.premultiplied, move, size)
    )


def _apply_lens(subject: AlphaLayer, rng: np.random.Generator) -> AlphaLayer:
    """Apply movement, defocus or soft edges; most subjects stay sharp."""
    side, kind = max(subject.size), rng.random()
    if kind < 0.07:
        return motion_blur(subject, side * rng.uniform(0.004, 0.04), rng.uniform(0, math.pi))
    if kind < 0.15:
        return defocus(subject, side * rng.uniform(0.001, 0.006))
    if kind < 0.4:
        return soften(subject, rng.uniform(0.3, 1.1))
    return subject


def _occlude(
    scene: ComposedScene, background: Colours, sources: SceneSources, rng: np.random.Generator
) -> ComposedScene:
    """Cover a scene with something in front, unless that hides too much."""
    size, kind = scene.subject.size, rng.random()
    if len(sources.cutouts) and kind < 0.65:
        front = _place_cutout_randomly(_pick_cutout(sources, rng), size, rng, (0.04, 0.3))
    elif kind < 0.85:
        front = _mirror_background_piece(background, rng)
    else:
        mask = draw_blob_mask(rng, size, rng.uniform(0.02, 0.12), rng.uniform(1, 3))
        front = layer_from_straight(sources.backdrops.texture(rng, size), mask)
    front = harmonise(front, background, rng)
    if rng.random() < 0.4:
        front = defocus(front, max(size) * rng.uniform(0.002, 0.02))
    hidden = scene.cover_with(front)
    enough = hidden.subject.alpha.sum() > 0.5 * scene.subject.alpha.sum()
    return hidden if enough else scene


def _pick_cutout(sources: SceneSources, rng: np.random.Generator) -> Cutout:
    return sources.cutouts[int(rng.integers(len(sources.cutouts)))]


def _draw_material(
    sources: SceneSources, size: Size, rng: np.random.Generator, shares: tuple[float, float]
) -> AlphaLayer | None:
    """Draw a material's object; None without materials, or if its picture cuts it off."""
    names = sorted(sources.materials)
    if not names:
        return None
    draw = sources.materials[names[int(rng.integers(len(names)))]]
    # it is to be small, and half the size is drawn in a quarter of the time
    half = Size(max(16, size.width // 2), max(16, size.height // 2))
    layer = draw(rng, half, sources.backdrops.texture)
    extent = SubjectExtent.measure(layer.alpha)
    if any(extent.cut):
        return None
    return place_layer(layer, place_subject(extent, size, rng, shares), size)


def _place_cutout_randomly(
    cutout: Cutout, size: Size, rng: np.random.Generator, shares: tuple[float, float]
) -> AlphaLayer:
    if rng.random() < 0.5:
        cutout = cutout.flip()
    extent = SubjectExtent.measure(cutout.alpha)
    return place_cutout(cutout, extent.cut, place_subject(extent, size, rng, shares), size)
