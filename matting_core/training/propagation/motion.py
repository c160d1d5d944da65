"""Motion of a layer over a clip: a smooth random walk of place, angle, scale and stretch."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matting_core.types import Size

Floats = npt.NDArray[np.float64]
_JUMP_CHANCE = 0.12


@dataclass(frozen=True, slots=True)
class Motion:
    """Place, angle, scale and stretch of a picture on each of N frames.

    Attributes:
        places: (N, 2), where its middle is, (x, y) in pixels of the canvas, edges at whole numbers.
        angles: (N,) degrees, clockwise.
        scales: (N,), canvas pixels for one of the picture's.
        stretches: (N,), by how much more it is scaled along its own x.
    """

    places: Floats
    angles: Floats
    scales: Floats
    stretches: Floats

    def matrix(self, frame: int, size: Size) -> Floats:
        """The (2, 3) matrix from pixel centres of a picture of a size to those of the canvas."""
        turn = np.deg2rad(self.angles[frame])
        c, s, stretch = np.cos(turn), np.sin(turn), self.stretches[frame]
        linear = self.scales[frame] * np.array([[c * stretch, -s], [s * stretch, c]])
        middle = np.array([size.width - 1, size.height - 1]) / 2
        offset = self.places[frame] - 0.5 - linear @ middle
        return np.concatenate([linear, offset[:, None]], axis=1)

    def velocity(self, frame: int) -> Floats:
        """Displacement of the place since the frame before, (2,) pixels."""
        return np.asarray(self.places[frame] - self.places[max(0, frame - 1)], np.float64)

    def rescale(self, factor: float) -> Motion:
        """Rescale the motion for a picture of which one pixel shows `1 / factor` as much."""
        return dataclasses.replace(self, scales=self.scales * factor)

    def shift(self, offsets: Floats) -> Motion:
        """Shift the places by (N, 2) pixels."""
        return dataclasses.replace(self, places=self.places + offsets)


def draw_motion(
    rng: np.random.Generator, frames: int, start: Floats, span: float, speed: float, scale: float
) -> Motion:
    """Draw a motion; now and then the layer jumps by half its own size.

    Args:
        rng: draws it.
        frames: N.
        start: (2,), the place on the first frame.
        span: the layer's size on the canvas, pixels.
        speed: in spans a frame; turning and growing go with it.
        scale: on the first frame.
    """
    way = rng.normal(0, 1, 2)
    way *= speed * span / max(float(np.linalg.norm(way)), 1e-6)
    pushes = np.cumsum(rng.normal(0, 0.25 * speed * span, (frames, 2)), 0)
    steps = way + 0.5 * pushes
    if rng.random() < _JUMP_CHANCE:
        steps[rng.integers(frames)] += rng.normal(0, 0.5 * span, 2)
    turn = rng.normal(0, 1) * min(14.0, 60 * speed + 3)
    turns = rng.normal(turn, abs(turn) * 0.4 + 0.5, frames)
    growth = rng.normal(rng.normal(0, 0.25 * speed + 0.008), 0.01, frames)
    widening = rng.normal(rng.normal(0, 0.15 * speed + 0.004), 0.006, frames)
    return Motion(
        places=start + _sum_steps(steps),
        angles=rng.uniform(-25, 25) + _sum_steps(turns),
        scales=scale * np.exp(np.clip(_sum_steps(growth), -1, 1)),
        stretches=np.exp(np.clip(_sum_steps(widening), -0.5, 0.5)),
    )


def draw_part_motion(rng: np.random.Generator, leader: Motion, own: Motion, span: float) -> Motion:
    """Draw a part's motion: that of the whole, with a little wobble and four fifths of its turning.

    Args:
        rng: draws where it is held.
        leader: the whole's motion.
        own: gives its size and its own turning.
        span: the whole's size, pixels.
    """
    frames = len(leader.places)
    held = rng.normal(0, 0.35 * span, 2)
    wobble = np.cumsum(rng.normal(0, 0.012 * span, (frames, 2)), 0)
    turned = 0.8 * (leader.angles - leader.angles[0])
    return Motion(leader.places + held + wobble, own.angles + turned, own.scales, own.stretches)


def _sum_steps(steps: Floats) -> Floats:
    """Sum all steps before each frame; 0 on the first."""
    return np.concatenate([np.zeros_like(steps[:1]), np.cumsum(steps[:-1], 0)])
