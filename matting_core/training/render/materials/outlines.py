"""Outlines and curves in float pixels, and the pose of an object in the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matting_core.training.render.materials.canvas import Points
from matting_core.types import Size


@dataclass(frozen=True, slots=True)
class Pose:
    """Pose in a picture of a drawing made in units around (0, 0) with a reach of about 1.

    Attributes:
        centre: xy in pixels.
        scale: pixels per unit.
        angle: turn in radians, clockwise as seen.
        mirrored: whether left and right are swapped first.
    """

    centre: tuple[float, float]
    scale: float
    angle: float = 0.0
    mirrored: bool = False

    def place(self, points: npt.ArrayLike) -> Points:
        """Turn (..., 2) units into pixels."""
        units = np.array(points, np.float32)
        if self.mirrored:
            units[..., 0] *= -1
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        turned = units @ np.array([[cos, sin], [-sin, cos]], np.float32)
        return np.asarray(turned * self.scale + np.array(self.centre), np.float32)


def draw_pose(rng: np.random.Generator, size: Size, turn: float = 0.3, cut: float = 0.35) -> Pose:
    """Choose a place: 25 to 90 % of the picture's extent, at times cut by the border.

    Args:
        rng: source of chance.
        size: of the picture.
        turn: standard deviation of the angle, radians.
        cut: how often the object reaches over a border, most often the lower one.
    """
    extent = 0.25 + 0.65 * rng.beta(2.4, 1.1)
    scale = min(size) * extent / 2
    slack = np.maximum(np.array(size) / 2 - scale, 0)
    centre = np.array(size) / 2 + slack * rng.uniform(-0.8, 0.8, 2)
    if rng.random() < cut:
        # What is seen of it still fills as much of the picture.
        scale *= rng.uniform(1.0, 1.35)
        side = rng.choice(4, p=[0.55, 0.15, 0.15, 0.15])
        beyond = scale * rng.uniform(0.05, 0.6)
        if side == 0:
            centre[1] = size.height - scale + beyond
        elif side == 1:
            centre[1] = scale - beyond
        elif side == 2:
            centre[0] = size.width - scale + beyond
        else:
            centre[0] = scale - beyond
    mirrored = bool(rng.random() < 0.5)
    return Pose((float(centre[0]), float(centre[1])), scale, float(rng.normal(0, turn)), mirrored)


def outline_ellipse(
    centre: npt.ArrayLike, radii: tuple[float, float], angle: float = 0.0, count: int = 64
) -> Points:
    """Return the (count, 2) outline of an ellipse turned by `angle` radians."""
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    x, y = radii[0] * np.cos(turn), radii[1] * np.sin(turn)
    cos, sin = np.cos(angle), np.sin(angle)
    outline = np.stack([x * cos - y * sin, x * sin + y * cos], 1) + np.asarray(centre)
    return np.asarray(outline, np.float32)


def outline_blob(
    rng: np.random.Generator,
    centre: npt.ArrayLike,
    radii: tuple[float, float],
    roughness: float = 0.12,
    angle: float = 0.0,
) -> Points:
    """Return a smooth random (96, 2) outline: an ellipse whose radius wavers.

    Args:
        rng: source of chance.
        centre: xy.
        radii: of the ellipse.
        roughness: relative standard deviation of the radius.
        angle: of the ellipse, radians.
    """
    turn = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    waver = np.zeros_like(turn)
    for wave in range(2, 7):
        waver += rng.normal(0, 1 / wave) * np.cos(wave * turn + rng.uniform(0, 2 * np.pi))
    factor = np.clip(1 + roughness * waver / 0.6, 0.35, 1.8)[:, None]
    around = outline_ellipse((0, 0), radii, angle, 96) * factor + np.asarray(centre)
    return np.asarray(around, np.float32)


def sample_spline(points: npt.ArrayLike, count: int, closed: bool = False) -> Points:
    """Sample a Catmull-Rom curve through (K, 2) points at `count` places."""
    knots = np.asarray(points, np.float64)
    number = len(knots)
    at = np.linspace(0, number if closed else number - 1, count, endpoint=not closed)
    first = np.minimum(at.astype(int), number - 1 if closed else number - 2)
    t = (at - first)[:, None]
    index = first[:, None] + np.arange(-1, 3)
    index = index % number if closed else np.clip(index, 0, number - 1)
    a, b, c, d = (knots[index[:, k]] for k in range(4))
    curve = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    return np.asarray(curve, np.float32)


def round_corners(
    corners: Sequence[npt.ArrayLike] | Points, times: int = 3, cut: float = 0.25
) -> Points:
    """Round a polygon's corners (Chaikin 1974), `cut` of each side at each of `times` passes."""
    outline = np.asarray(corners, np.float32)
    for _ in range(times):
        following = np.roll(outline, -1, 0)
        pair = [outline + cut * (following - outline), following - cut * (following - outline)]
        outline = np.stack(pair, 1).reshape(-1, 2)
    return outline


def outline_ribbon(path: Points, widths: npt.NDArray[np.float32]) -> Points:
    """Outline strips along paths: (..., K, 2) and (..., K) widths give (..., 2 K, 2)."""
    along = np.gradient(path, axis=-2)
    across = np.stack([-along[..., 1], along[..., 0]], -1)
    across /= np.maximum(np.linalg.norm(across, axis=-1, keepdims=True), 1e-6)
    half = across * (widths / 2)[..., None]
    return np.concatenate([path + half, (path - half)[..., ::-1, :]], -2).astype(np.float32)
