"""Fur: thousands of short strands that grow out of a part and over its edge."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.training.render.layer import Colours
from matting_core.training.render.materials.canvas import Patch, Points, SupersampledCanvas
from matting_core.training.render.materials.shading import Light, draw_noise
from matting_core.types import Plane, Size

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class FurStyle:
    """Style of fur.

    Attributes:
        length: of a usual strand, pixels.
        width: at its root, pixels.
        wildness: 0 is brushed, 1 is tousled.
        lie: xy the fur is combed to, length 0 to 1.
        curl: bend of each strand, 0 is straight.
        density: 1 covers what lies below about once.
        rim: how much brighter the outermost strands are, lit from behind.
    """

    length: float
    width: float
    wildness: float
    lie: tuple[float, float]
    curl: float
    density: float = 1.0
    rim: float = 0.0


def draw_fur_style(rng: np.random.Generator, scale: float) -> FurStyle:
    """Choose a style for a creature `scale` pixels in radius."""
    length = float(np.clip(scale * np.exp(rng.uniform(np.log(0.03), np.log(0.28))), 3, 70))
    return FurStyle(
        length,
        float(0.32 + 0.95 * rng.beta(1.2, 2.2)),
        float(rng.uniform(0.1, 1.0)),
        (float(rng.normal(0, 0.3)), float(rng.uniform(-0.2, 0.9))),
        float(abs(rng.normal(0, 0.35))),
        float(rng.uniform(0.7, 1.4)),
        float(rng.choice([0.0, rng.uniform(0.1, 0.7)])),
    )


def light_strands(paths: Points, lamp: Light) -> tuple[Floats, Floats]:
    """Light thin strands by Kajiya and Kay (1989), in the picture's plane.

    Args:
        paths: (N, K, 2) vertices.
        lamp: the light.

    Returns:
        (N, K - 1) factor for the colour of each piece, and light to add to it.
    """
    along = np.diff(paths, axis=1)
    along /= np.maximum(np.linalg.norm(along, axis=2, keepdims=True), 1e-6)
    toward = np.array(lamp.direction)
    diffuse = np.sqrt(np.maximum(1 - (along @ toward[:2]) ** 2, 0))
    half = toward + np.array([0, 0, 1])
    half /= np.linalg.norm(half)
    sheen = np.maximum(1 - (along @ half[:2]) ** 2, 0) ** 12
    factor = lamp.ambient + (1.1 - lamp.ambient) * diffuse
    return factor.astype(np.float32), (0.12 * sheen).astype(np.float32)


def grow_fur(
    rng: np.random.Generator,
    canvas: SupersampledCanvas,
    part: Patch,
    colours: Colours,
    style: FurStyle,
    lamp: Light,
) -> None:
    """Grow fur on a part, the outermost strands first.

    Args:
        rng: source of chance.
        canvas: to paint on.
        part: what it grows on.
        colours: (h, w, 3) lit colours of that patch; each strand takes those at its root.
        style: of the fur.
        lamp: the light.
    """
    inside = (part.coverage() > 0.5).astype(np.uint8)
    depth = np.minimum(cv2.distanceTransform(inside, cv2.DIST_L2, 3), float(max(part.size)))
    roots = _roots(rng, depth, style)
    if not len(roots):
        return
    rows, columns = roots[:, 1].astype(int), roots[:, 0].astype(int)
    tuft = draw_noise(rng, part.size, max(style.length * 0.5, 4.0), 2)[rows, columns]
    angle = _angles(rng, depth, (rows, columns), style)
    angle += style.wildness * (0.7 * tuft + rng.normal(0, 0.3, len(roots)))
    length = style.length * np.exp(rng.normal(-0.1, 0.3, len(roots)))
    # Long fur pokes out less far where the part itself is small.
    length = length * np.clip(0.35 + depth.max() / (1.6 * style.length), 0.35, 1)
    paths = _paths(rng, roots, angle, length.astype(np.float32), style)
    vertices = paths.shape[1]
    paths += np.array([part.x0, part.y0], np.float32)
    taper = np.linspace(1, 0.25, vertices) ** 0.7
    width = style.width * np.exp(rng.normal(0, 0.25, (len(roots), 1)))
    shades = _shades(rng, colours[rows, columns], paths, tuft, lamp)
    behind = style.rim * np.exp(-depth[rows, columns] / (0.3 * style.length + 1))
    shades = np.minimum(shades * (1 + behind[:, None, None]), 1)
    canvas.strands(paths, (width * taper).astype(np.float32), shades)


def _roots(rng: np.random.Generator, depth: Plane, style: FurStyle) -> Points:
    """Choose (N, 2) places for strands: all over, and more near the edge."""
    inner = np.flatnonzero(depth > 0)
    rim = np.flatnonzero((depth > 0) & (depth < max(1.5, 0.35 * style.length)))
    if not len(inner):
        return np.zeros((0, 2), np.float32)
    wanted = style.density * 1.5 * len(inner) / (style.length * style.width)
    dense = style.density * 0.5 * len(rim) / style.width
    chosen = np.concatenate([
        rng.choice(inner, int(np.clip(wanted, 20, 2800))),
        rng.choice(rim, int(np.clip(dense, 20, 2800))),
    ])  # fmt: skip
    order = np.argsort(depth.ravel()[chosen] + rng.uniform(0, 0.4 * style.length, len(chosen)))
    rows, columns = np.divmod(chosen[order], depth.shape[1])
    return (np.stack([columns, rows], 1) + rng.random((len(chosen), 2))).astype(np.float32)


def _angles(
    rng: np.random.Generator,
    depth: Plane,
    at: tuple[npt.NDArray[np.int_], npt.NDArray[np.int_]],
    style: FurStyle,
) -> npt.NDArray[np.float64]:
    """Direction of each strand: out of the part, turned to where the fur is combed."""
    soft = cv2.GaussianBlur(depth, (0, 0), float(np.clip(0.35 * style.length, 1, 8)))
    away = -np.stack([
        cv2.Sobel(soft, cv2.CV_32F, 1, 0, scale=1 / 8)[at],
        cv2.Sobel(soft, cv2.CV_32F, 0, 1, scale=1 / 8)[at],
    ], 1)  # fmt: skip
    size = Size(depth.shape[1], depth.shape[0])
    swirl = draw_noise(rng, size, max(size) / 3, 1)[at] * 1.2 * style.wildness
    x = away[:, 0] + style.lie[0] + 0.5 * np.cos(swirl * 3) * style.wildness
    y = away[:, 1] + style.lie[1] + 0.5 * np.sin(swirl * 3)
    angles: npt.NDArray[np.float64] = np.arctan2(y, x).astype(np.float64)
    return angles


def _paths(
    rng: np.random.Generator,
    roots: Points,
    angle: npt.NDArray[np.float64],
    length: Floats,
    style: FurStyle,
) -> Points:
    vertices = 4 if style.length < 22 else 6 if style.length < 45 else 9
    t = np.linspace(0, 1, vertices)[None, :]
    bend = rng.normal(0, 0.3 + style.curl, (len(roots), 1)) + 0.5 * style.curl
    turn = angle[:, None] + bend * t
    # A strand starts a little behind its root, so that neighbours overlap.
    along = (t - 0.15) * length[:, None]
    x = roots[:, :1] + along * np.cos(turn)
    y = roots[:, 1:] + along * np.sin(turn) + 0.12 * length[:, None] * t**2
    return np.stack([x, y], 2).astype(np.float32)


def _shades(
    rng: np.random.Generator, base: Colours, paths: Points, tuft: Floats, lamp: Light
) -> Colours:
    pieces = paths.shape[1] - 1
    factor, added = light_strands(paths, lamp)
    ramp = np.linspace(rng.uniform(0.65, 0.95), rng.uniform(1.0, 1.25), pieces)
    strand = np.exp(rng.normal(0, 0.13, len(base)) + 0.12 * tuft)
    tone = (0.55 + 0.5 * factor) * ramp * strand[:, None]
    tint = 1 + rng.normal(0, 0.025, (len(base), 1, 3))
    shades = base[:, None, :] * tone[..., None] * tint
    return np.asarray(np.clip(shades + added[..., None] * base.mean(), 0, 1), np.float32)
