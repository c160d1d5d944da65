"""Scenes: a subject, what belongs to it, what stands behind, beside and before it, and its light.

A scene keeps its subject apart from all the rest, so its alpha is exact whatever lies in front.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from matting_core.training.render.backdrops import Backdrops
from matting_core.training.render.foregrounds import Cutout, Foregrounds
from matting_core.training.render.framing import Extent, stand
from matting_core.training.render.layer import Colours, Layer, Material, straight
from matting_core.training.render.optics import defocus, motion_blur, soften
from matting_core.training.render.photograph import harmonise, shadow
from matting_core.training.render.warp import place_cutout, place_layer
from matting_core.types import Plane, Size


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture, taken apart into its subject and the rest.

    Attributes:
        subject: what is seen of the subject; its alpha is the picture's.
        rest: (H, W, 3) float32 in [0, 1 - alpha], the light of everything else.
    """

    subject: Layer
    rest: Colours

    @property
    def picture(self) -> Colours:
        """The (H, W, 3) float32 sRGB picture: alpha F + (1 - alpha) B."""
        return np.asarray(np.clip(self.subject.premultiplied + self.rest, 0, 1), np.float32)

    @classmethod
    def of(cls, subject: Layer, background: Colours) -> Scene:
        """A subject before an opaque background."""
        return cls(subject, (1 - subject.alpha)[..., None] * background)

    def behind(self, layer: Layer) -> Scene:
        """The scene with something before it, which takes from the subject's alpha."""
        through = 1 - layer.alpha
        lit = through[..., None]
        subject = Layer(self.subject.alpha * through, self.subject.premultiplied * lit)
        return Scene(subject, self.rest * lit + layer.premultiplied)


@dataclass(frozen=True, slots=True)
class Props:
    """Where a scene's parts come from.

    Attributes:
        cutouts: pairs, of which there may be none.
        backdrops: photographs.
        materials: things to draw, of which there may be none.
    """

    cutouts: Foregrounds
    backdrops: Backdrops
    materials: Mapping[str, Material]


def compose(
    subject: Layer, props: Props, rng: np.random.Generator, kin: Cutout | None = None
) -> Scene:
    """Build a scene round a subject.

    Args:
        subject: as it was cut out or rendered, at its place in the picture.
        props: where the rest comes from.
        rng: draws the scene.
        kin: the subject's pair, of which a second instance may stand beside it.
    """
    background = props.backdrops.backdrop(rng, subject.size)
    for _ in range(int(rng.choice(3, p=[0.5, 0.38, 0.12]))):
        other = harmonise(_distractor(background, props, rng, kin), background, rng)
        background = other.on(shadow(other, background, rng))
    subject = _worked(subject, props, rng)
    subject = harmonise(subject, background, rng, similar=rng.random() < 0.12)
    subject = _through_lens(subject, rng)
    if rng.random() < 0.6:
        background = shadow(subject, background, rng)
    scene = Scene.of(subject, background)
    if rng.random() < 0.18:
        scene = _occluded(scene, background, props, rng)
    return scene


def blob(rng: np.random.Generator, size: Size, area: float, edge: float) -> Plane:
    """A round, irregular shape somewhere in the picture.

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


def _distractor(
    background: Colours, props: Props, rng: np.random.Generator, kin: Cutout | None
) -> Layer:
    """Something that is no part of the subject."""
    size = Size(background.shape[1], background.shape[0])
    kind = rng.random()
    if kin is not None and kind < 0.2:
        return _stood(kin, size, rng, (0.03, 0.3))
    if len(props.cutouts) and kind < 0.65:
        return _stood(_any(props, rng), size, rng, (0.02, 0.3))
    drawn = _drawn(props, size, rng, (0.02, 0.3)) if kind < 0.85 else None
    return _same_stuff(background, rng) if drawn is None else drawn


def _same_stuff(background: Colours, rng: np.random.Generator) -> Layer:
    """A piece of a background, mirrored to another place of the same picture."""
    size = Size(background.shape[1], background.shape[0])
    ways = [background[:, ::-1], background[::-1], background[::-1, ::-1]]
    moved = np.roll(
        ways[int(rng.integers(3))],
        (int(rng.integers(size.height)), int(rng.integers(size.width))),
        axis=(0, 1),
    )
    mask = blob(rng, size, rng.uniform(0.01, 0.12), rng.uniform(1, 4))
    return straight(np.ascontiguousarray(moved), mask)


def _worked(subject: Layer, props: Props, rng: np.random.Generator) -> Layer:
    """Give a subject something to hold or wear, or a hole."""
    size, extent = subject.size, Extent.of(subject.alpha)
    share = extent.area / (size.width * size.height)
    if rng.random() < 0.12:
        held = _held(subject, props, rng, share * rng.uniform(0.05, 0.25))
        subject = held.over(subject) if rng.random() < 0.7 else subject.over(held)
    if rng.random() < 0.07:
        kept = 1 - blob(rng, size, share * rng.uniform(0.02, 0.1), rng.uniform(1, 3))
        subject = Layer(subject.alpha * kept, subject.premultiplied * kept[..., None])
    return subject


def _held(subject: Layer, props: Props, rng: np.random.Generator, area: float) -> Layer:
    """Another object that touches the subject."""
    size = subject.size
    rows, columns = np.nonzero(subject.alpha > 0.5)
    if not rows.size:
        return Layer(np.zeros_like(subject.alpha), np.zeros_like(subject.premultiplied))
    pick = int(rng.integers(rows.size))
    drawn = _drawn(props, size, rng, (area, area * 1.2)) if rng.random() < 0.7 else None
    if drawn is not None:
        held = drawn
    else:
        mask = blob(rng, size, area, rng.uniform(1, 2))
        held = straight(props.backdrops.texture(rng, size), mask)
    box = Extent.of(held.alpha).box
    move = np.array(
        [
            [1, 0, columns[pick] - rng.uniform(box[0], box[2])],
            [0, 1, rows[pick] - rng.uniform(box[1], box[3])],
        ],
        np.float32,
    )
    return Layer(
        cv2.warpAffine(held.alpha, move, size), cv2.warpAffine(held.premultiplied, move, size)
    )


def _through_lens(subject: Layer, rng: np.random.Generator) -> Layer:
    """Movement, defocus or soft edges; most subjects are sharp."""
    side, kind = max(subject.size), rng.random()
    if kind < 0.07:
        return motion_blur(subject, side * rng.uniform(0.004, 0.04), rng.uniform(0, math.pi))
    if kind < 0.15:
        return defocus(subject, side * rng.uniform(0.001, 0.006))
    if kind < 0.4:
        return soften(subject, rng.uniform(0.3, 1.1))
    return subject


def _occluded(scene: Scene, background: Colours, props: Props, rng: np.random.Generator) -> Scene:
    """The scene with something in front, unless that hides too much."""
    size, kind = scene.subject.size, rng.random()
    if len(props.cutouts) and kind < 0.65:
        front = _stood(_any(props, rng), size, rng, (0.04, 0.3))
    elif kind < 0.85:
        front = _same_stuff(background, rng)
    else:
        mask = blob(rng, size, rng.uniform(0.02, 0.12), rng.uniform(1, 3))
        front = straight(props.backdrops.texture(rng, size), mask)
    front = harmonise(front, background, rng)
    if rng.random() < 0.4:
        front = defocus(front, max(size) * rng.uniform(0.002, 0.02))
    hidden = scene.behind(front)
    enough = hidden.subject.alpha.sum() > 0.5 * scene.subject.alpha.sum()
    return hidden if enough else scene


def _any(props: Props, rng: np.random.Generator) -> Cutout:
    return props.cutouts[int(rng.integers(len(props.cutouts)))]


def _drawn(
    props: Props, size: Size, rng: np.random.Generator, shares: tuple[float, float]
) -> Layer | None:
    """A rendered thing; None if there is none, or if it does not end within its picture."""
    names = sorted(props.materials)
    if not names:
        return None
    draw = props.materials[names[int(rng.integers(len(names)))]]
    # it is to be small, and half the size is drawn in a quarter of the time
    half = Size(max(16, size.width // 2), max(16, size.height // 2))
    layer = draw(rng, half, props.backdrops.texture)
    extent = Extent.of(layer.alpha)
    if any(extent.cut):
        return None
    return place_layer(layer, stand(extent, size, rng, shares), size)


def _stood(
    cutout: Cutout, size: Size, rng: np.random.Generator, shares: tuple[float, float]
) -> Layer:
    if rng.random() < 0.5:
        cutout = cutout.flipped()
    extent = Extent.of(cutout.alpha)
    return place_cutout(cutout, extent.cut, stand(extent, size, rng, shares), size)
