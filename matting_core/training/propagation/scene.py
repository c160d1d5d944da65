"""A scene: an object of one or several layers, what is behind it and what is before it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from matting_core.training.propagation.motion import Floats, draw_motion, draw_part_motion
from matting_core.training.propagation.moving_layers import (
    Bend,
    MovingLayer,
    Rgba,
    keep_part,
    make_opaque,
    tint,
)
from matting_core.training.propagation.synthetic_objects import draw_synthetic_object
from matting_core.training.render.layer import AlphaLayer, Colours
from matting_core.types import Frame8, Plane, Size

SPEEDS = ((0.015, 0.35), (0.05, 0.33), (0.13, 0.22), (0.28, 0.10))
"""Of objects, in their own sizes a frame, each with its share."""
CAMERA_SPEEDS = ((0.004, 0.5), (0.015, 0.35), (0.04, 0.15))
"""Of the backdrop, in widths of the frame."""
BENDS = ((0.0, 0.2), (0.01, 0.3), (0.03, 0.3), (0.06, 0.2))
"""Deformations in sizes of the layer."""
PARTS = ((0, 0.5), (1, 0.3), (2, 0.15), (3, 0.05))
DISTRACTORS = ((0, 0.35), (1, 0.35), (2, 0.2), (3, 0.1))
_OCCLUDED, _LEAVES, _COPY, _BEHIND, _PARTIAL = 0.22, 0.06, 0.3, 0.65, 0.3
_SIZES = (0.16, 0.95)


class ObjectSource(Protocol):
    """Source of the cut-outs and textures that scenes are made of."""

    def cutout(self, rng: np.random.Generator) -> Rgba:
        """Draw an object with its exact alpha."""
        ...

    def texture(self, rng: np.random.Generator, size: Size) -> Frame8:
        """Draw a piece of a photograph."""
        ...


@dataclass(frozen=True, slots=True)
class ClipScene:
    """Scene of a clip: layers from back to front.

    Attributes:
        backdrop: fills the frame.
        behind: what the object may cover.
        subject: the object; the mask is of all of these together.
        front: what may cover the object.
    """

    backdrop: MovingLayer
    behind: tuple[MovingLayer, ...]
    subject: tuple[MovingLayer, ...]
    front: tuple[MovingLayer, ...]

    def draw(self, frame: int, canvas: Size) -> tuple[Colours, Plane]:
        """Draw a frame, (H, W, 3) float32 in [0, 1], and the object's visible alpha, (H, W)."""
        picture = self.backdrop.draw(frame, canvas).on(np.full((*canvas.hw, 3), 0.4, np.float32))
        for layer in self.behind:
            picture = layer.draw(frame, canvas).on(picture)
        whole = AlphaLayer(np.zeros(canvas.hw, np.float32), np.zeros((*canvas.hw, 3), np.float32))
        for layer in self.subject:
            whole = layer.draw(frame, canvas).over(whole)
        picture, seen = whole.on(picture), whole.alpha
        for layer in self.front:
            drawn = layer.draw(frame, canvas)
            picture, seen = drawn.on(picture), seen * (1 - drawn.alpha)
        return picture, np.asarray(seen, np.float32)


def draw_scene(
    rng: np.random.Generator, source: ObjectSource, canvas: Size, frames: int
) -> ClipScene:
    """Draw a scene of some frames; the object is in the frame on the first."""
    return _SceneBuilder(rng, source, canvas, frames).build()


class _SceneBuilder:
    """Builder of one scene, all from one generator."""

    def __init__(
        self, rng: np.random.Generator, source: ObjectSource, canvas: Size, frames: int
    ) -> None:
        self._rng, self._source, self._canvas, self._frames = rng, source, canvas, frames
        self._speed = _draw_weighted(rng, SPEEDS)
        low, high = np.log(np.array(_SIZES) * canvas.height)
        self._span = float(np.exp(rng.uniform(low, high)))
        self._start = rng.uniform(0.25, 0.75, 2) * canvas

    def build(self) -> ClipScene:
        rng = self._rng
        backdrop, base = self._draw_backdrop(), tint(self._draw_cutout(), rng)
        main = self._move_freely(base, self._speed, self._span, self._start)
        if rng.random() < _LEAVES and self._frames > 1:
            main = self._make_leave(main)
        subject = [main]
        for _ in range(int(_draw_weighted(rng, PARTS))):
            subject.insert(int(rng.integers(2)), self._draw_part(main))
        behind: list[MovingLayer] = []
        front: list[MovingLayer] = []
        for _ in range(int(_draw_weighted(rng, DISTRACTORS))):
            (behind if rng.random() < _BEHIND else front).append(self._draw_distractor(base))
        if rng.random() < _OCCLUDED:
            front.append(self._draw_occluder(main))
        return ClipScene(backdrop, tuple(behind), tuple(subject), tuple(front))

    def _draw_backdrop(self) -> MovingLayer:
        rng, canvas = self._rng, self._canvas
        size = Size(round(1.6 * canvas.width), round(1.6 * canvas.height))
        texture = self._source.texture(rng, size)
        speed, middle = _draw_weighted(rng, CAMERA_SPEEDS), np.array(canvas) / 2
        scale = float(rng.uniform(0.75, 1.0))
        motion = draw_motion(rng, self._frames, middle, canvas.width, speed, scale)
        bend = Bend.draw(rng, 0.004 if rng.random() < 0.5 else 0.0)
        blurred = bool(rng.random() < 0.75)
        return MovingLayer.from_cutout(
            make_opaque(texture), motion, bend, blurred=blurred, endless=True
        )

    def _draw_cutout(self) -> Rgba:
        rng = self._rng
        thing = self._draw_synthetic() if rng.random() < 0.1 else self._source.cutout(rng)
        if rng.random() < 0.5:
            thing = np.ascontiguousarray(thing[:, ::-1])
        return keep_part(thing, rng) if rng.random() < _PARTIAL else thing

    def _draw_synthetic(self) -> Rgba:
        return draw_synthetic_object(self._rng, self._source.texture)

    def _move_freely(self, rgba: Rgba, speed: float, span: float, start: Floats) -> MovingLayer:
        rng = self._rng
        motion = draw_motion(rng, self._frames, start, span, speed, span / max(rgba.shape[:2]))
        bend = Bend.draw(rng, _draw_weighted(rng, BENDS))
        gain, blurred = float(rng.normal(0, 0.012)), bool(rng.random() < 0.75)
        return MovingLayer.from_cutout(rgba, motion, bend, gain=gain, blurred=blurred)

    def _draw_part(self, main: MovingLayer) -> MovingLayer:
        """Draw a part of the object that looks like another thing, as a rider's bicycle does."""
        rng = self._rng
        rgba = tint(self._draw_synthetic() if rng.random() < 0.5 else self._draw_cutout(), rng)
        span = self._span * rng.uniform(0.3, 0.9)
        own = draw_motion(rng, self._frames, self._start, span, 0.012, span / max(rgba.shape[:2]))
        motion = draw_part_motion(rng, main.motion, own, self._span)
        bend = Bend.draw(rng, _draw_weighted(rng, BENDS))
        return MovingLayer.from_cutout(rgba, motion, bend, blurred=main.blurred)

    def _draw_distractor(self, base: Rgba) -> MovingLayer:
        """Draw something near the object, now and then its double."""
        rng = self._rng
        rgba = tint(base if rng.random() < _COPY else self._draw_cutout(), rng)
        span = self._span * rng.uniform(0.5, 1.4)
        start = self._start + rng.normal(0, self._span, 2)
        return self._move_freely(rgba, self._speed * rng.uniform(0.2, 1.3), span, start)

    def _draw_occluder(self, main: MovingLayer) -> MovingLayer:
        """Draw a post or a thing that stands where the object comes by."""
        rng, height = self._rng, self._canvas.height
        where = main.motion.places[rng.integers(self._frames)]
        if rng.random() < 0.6:
            post = Size(max(2, round(0.3 * height)), max(2, round(1.25 * height)))
            rgba, span = make_opaque(self._source.texture(rng, post)), 1.6 * height
        else:
            rgba, span = self._draw_cutout(), self._span * rng.uniform(0.6, 1.6)
        start = where + rng.normal(0, 0.32 * self._span, 2)
        return self._move_freely(rgba, float(rng.uniform(0.02, 0.2)), span, start)

    def _make_leave(self, main: MovingLayer) -> MovingLayer:
        """Move the object out of the frame for one to three frames, then back if any are left."""
        rng = self._rng
        first = int(rng.integers(1, self._frames))
        away = np.zeros((self._frames, 2))
        side = 1 if rng.random() < 0.5 else -1
        away[first : first + int(rng.integers(1, 4)), 0] = side * 1.2 * self._canvas.width
        return replace(main, motion=main.motion.shift(away))


def _draw_weighted(rng: np.random.Generator, choices: tuple[tuple[float, float], ...]) -> float:
    values, shares = zip(*choices, strict=True)
    return float(values[int(rng.choice(len(values), p=np.array(shares)))])
