"""A scene: an object of one or several layers, what is behind it and what is before it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from matting_core.training.propagation.actors import Actor, Bend, Rgba, cut_away, opaque, tinted
from matting_core.training.propagation.drawn import draw_thing
from matting_core.training.propagation.motion import Floats, go_along, wander
from matting_core.training.render.layer import Colours, Layer
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


class Props(Protocol):
    """What scenes are made of."""

    def cutout(self, rng: np.random.Generator) -> Rgba:
        """Something with its exact alpha."""
        ...

    def texture(self, rng: np.random.Generator, size: Size) -> Frame8:
        """A piece of a photograph."""
        ...


@dataclass(frozen=True, slots=True)
class Scene:
    """Layers from back to front.

    Attributes:
        backdrop: fills the frame.
        behind: what the object may cover.
        subject: the object; the mask is of all of these together.
        front: what may cover the object.
    """

    backdrop: Actor
    behind: tuple[Actor, ...]
    subject: tuple[Actor, ...]
    front: tuple[Actor, ...]

    def draw(self, frame: int, canvas: Size) -> tuple[Colours, Plane]:
        """One frame, (H, W, 3) float32 in [0, 1], and what is seen of the object, (H, W)."""
        picture = self.backdrop.draw(frame, canvas).on(np.full((*canvas.hw, 3), 0.4, np.float32))
        for actor in self.behind:
            picture = actor.draw(frame, canvas).on(picture)
        whole = Layer(np.zeros(canvas.hw, np.float32), np.zeros((*canvas.hw, 3), np.float32))
        for actor in self.subject:
            whole = actor.draw(frame, canvas).over(whole)
        picture, seen = whole.on(picture), whole.alpha
        for actor in self.front:
            layer = actor.draw(frame, canvas)
            picture, seen = layer.on(picture), seen * (1 - layer.alpha)
        return picture, np.asarray(seen, np.float32)


def stage(rng: np.random.Generator, props: Props, canvas: Size, frames: int) -> Scene:
    """Draw a scene of some frames; the object is in the frame on the first."""
    return _Stage(rng, props, canvas, frames).scene()


class _Stage:
    """Draws one scene, all from one generator."""

    def __init__(self, rng: np.random.Generator, props: Props, canvas: Size, frames: int) -> None:
        self._rng, self._props, self._canvas, self._frames = rng, props, canvas, frames
        self._speed = _one_of(rng, SPEEDS)
        low, high = np.log(np.array(_SIZES) * canvas.height)
        self._span = float(np.exp(rng.uniform(low, high)))
        self._start = rng.uniform(0.25, 0.75, 2) * canvas

    def scene(self) -> Scene:
        rng = self._rng
        backdrop, base = self._backdrop(), tinted(self._thing(), rng)
        main = self._actor(base, self._speed, self._span, self._start)
        if rng.random() < _LEAVES and self._frames > 1:
            main = self._leaving(main)
        subject = [main]
        for _ in range(int(_one_of(rng, PARTS))):
            subject.insert(int(rng.integers(2)), self._part(main))
        behind: list[Actor] = []
        front: list[Actor] = []
        for _ in range(int(_one_of(rng, DISTRACTORS))):
            (behind if rng.random() < _BEHIND else front).append(self._distractor(base))
        if rng.random() < _OCCLUDED:
            front.append(self._occluder(main))
        return Scene(backdrop, tuple(behind), tuple(subject), tuple(front))

    def _backdrop(self) -> Actor:
        rng, canvas = self._rng, self._canvas
        size = Size(round(1.6 * canvas.width), round(1.6 * canvas.height))
        texture = self._props.texture(rng, size)
        speed, middle = _one_of(rng, CAMERA_SPEEDS), np.array(canvas) / 2
        scale = float(rng.uniform(0.75, 1.0))
        motion = wander(rng, self._frames, middle, canvas.width, speed, scale)
        bend = Bend.drawn(rng, 0.004 if rng.random() < 0.5 else 0.0)
        blurred = bool(rng.random() < 0.75)
        return Actor.of(opaque(texture), motion, bend, blurred=blurred, endless=True)

    def _thing(self) -> Rgba:
        rng = self._rng
        thing = self._drawn() if rng.random() < 0.1 else self._props.cutout(rng)
        if rng.random() < 0.5:
            thing = np.ascontiguousarray(thing[:, ::-1])
        return cut_away(thing, rng) if rng.random() < _PARTIAL else thing

    def _drawn(self) -> Rgba:
        return draw_thing(self._rng, self._props.texture)

    def _actor(self, rgba: Rgba, speed: float, span: float, start: Floats) -> Actor:
        rng = self._rng
        motion = wander(rng, self._frames, start, span, speed, span / max(rgba.shape[:2]))
        bend = Bend.drawn(rng, _one_of(rng, BENDS))
        gain, blurred = float(rng.normal(0, 0.012)), bool(rng.random() < 0.75)
        return Actor.of(rgba, motion, bend, gain=gain, blurred=blurred)

    def _part(self, main: Actor) -> Actor:
        """As a bicycle is of its rider: another thing by its looks, but the same object."""
        rng = self._rng
        rgba = tinted(self._drawn() if rng.random() < 0.5 else self._thing(), rng)
        span = self._span * rng.uniform(0.3, 0.9)
        own = wander(rng, self._frames, self._start, span, 0.012, span / max(rgba.shape[:2]))
        motion = go_along(rng, main.motion, own, self._span)
        bend = Bend.drawn(rng, _one_of(rng, BENDS))
        return Actor.of(rgba, motion, bend, blurred=main.blurred)

    def _distractor(self, base: Rgba) -> Actor:
        """Something near the object, and now and then its double."""
        rng = self._rng
        rgba = tinted(base if rng.random() < _COPY else self._thing(), rng)
        span = self._span * rng.uniform(0.5, 1.4)
        start = self._start + rng.normal(0, self._span, 2)
        return self._actor(rgba, self._speed * rng.uniform(0.2, 1.3), span, start)

    def _occluder(self, main: Actor) -> Actor:
        """A post or a thing that stands where the object comes by."""
        rng, height = self._rng, self._canvas.height
        where = main.motion.places[rng.integers(self._frames)]
        if rng.random() < 0.6:
            post = Size(max(2, round(0.3 * height)), max(2, round(1.25 * height)))
            rgba, span = opaque(self._props.texture(rng, post)), 1.6 * height
        else:
            rgba, span = self._thing(), self._span * rng.uniform(0.6, 1.6)
        start = where + rng.normal(0, 0.32 * self._span, 2)
        return self._actor(rgba, float(rng.uniform(0.02, 0.2)), span, start)

    def _leaving(self, main: Actor) -> Actor:
        """Out of the frame at once for one to three frames, then back if any are left."""
        rng = self._rng
        first = int(rng.integers(1, self._frames))
        away = np.zeros((self._frames, 2))
        side = 1 if rng.random() < 0.5 else -1
        away[first : first + int(rng.integers(1, 4)), 0] = side * 1.2 * self._canvas.width
        return replace(main, motion=main.motion.moved(away))


def _one_of(rng: np.random.Generator, choices: tuple[tuple[float, float], ...]) -> float:
    values, shares = zip(*choices, strict=True)
    return float(values[int(rng.choice(len(values), p=np.array(shares)))])
