"""Layers of a clip: a cut-out that moves, bends and is blurred by its motion."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.training.propagation.motion import Motion
from matting_core.training.render.layer import AlphaLayer
from matting_core.types import Frame8, Size

Rgba = npt.NDArray[np.uint8]
"""(H, W, 4) uint8: straight sRGB colours and coverage."""

_GRID = 4
_DETAIL = 1.5
_SHUTTER = 0.5


@dataclass(frozen=True, slots=True)
class Bend:
    """Two smooth fields of displacement that swing out of step.

    Attributes:
        fields: (2, 4, 4, 2) float32, (x, y) as shares of the picture's longer side.
        phase: radians on the first frame.
        rate: radians a frame.
    """

    fields: npt.NDArray[np.float32]
    phase: float
    rate: float

    @classmethod
    def none(cls) -> Bend:
        """Bend of no displacement."""
        return cls(np.zeros((2, _GRID, _GRID, 2), np.float32), 0.0, 0.0)

    @classmethod
    def draw(cls, rng: np.random.Generator, strength: float) -> Bend:
        """Draw a random bend; `strength` is the displacements' deviation."""
        fields = rng.normal(0, strength, (2, _GRID, _GRID, 2)).astype(np.float32)
        return cls(fields, float(rng.uniform(0, 2 * math.pi)), float(rng.uniform(0.15, 0.9)))

    def displacement(self, frame: int, size: Size) -> npt.NDArray[np.float32]:
        """Displacement of a picture's pixels on a frame, (H, W, 2) pixels."""
        one, other = self.fields
        swing = one * math.sin(self.rate * frame + self.phase)
        swing = swing + other * math.cos(0.6 * self.rate * frame + self.phase)
        field = (swing * max(size)).astype(np.float32)
        return np.asarray(cv2.resize(field, tuple(size), interpolation=cv2.INTER_CUBIC))


@dataclass(frozen=True, slots=True)
class MovingLayer:
    """Picture that moves, bends and is blurred over a clip.

    Attributes:
        picture: (H, W, 4) float32 in [0, 1], premultiplied sRGB.
        motion: of its middle.
        bend: its deformation.
        gain: log of how much brighter it gets from frame to frame.
        blurred: whether its motion blurs it.
        endless: whether it goes on, mirrored, beyond its edges.
    """

    picture: npt.NDArray[np.float32]
    motion: Motion
    bend: Bend
    gain: float = 0.0
    blurred: bool = False
    endless: bool = False

    @classmethod
    def from_cutout(
        cls,
        rgba: Rgba,
        motion: Motion,
        bend: Bend,
        *,
        gain: float = 0.0,
        blurred: bool = False,
        endless: bool = False,
    ) -> MovingLayer:
        """Make a layer of a cut-out; a cut-out shown much smaller is averaged down first."""
        picture = rgba.astype(np.float32) / 255
        picture[..., :3] *= picture[..., 3:]
        shrink = min(1.0, _DETAIL * float(motion.scales.max()))
        height, width = picture.shape[:2]
        small = (max(1, round(width * shrink)), max(1, round(height * shrink)))
        if small != (width, height):
            picture = cv2.resize(picture, small, interpolation=cv2.INTER_AREA)
            motion = motion.rescale(max(width, height) / max(small))
        return cls(np.asarray(picture, np.float32), motion, bend, gain, blurred, endless)

    def draw(self, frame: int, canvas: Size) -> AlphaLayer:
        """Draw the layer on one frame."""
        size = Size(self.picture.shape[1], self.picture.shape[0])
        back = cv2.invertAffineTransform(self.motion.matrix(frame, size))
        x, y = np.meshgrid(np.arange(canvas.width), np.arange(canvas.height))
        source = np.stack([x, y], 2) @ back[:, :2].T + back[:, 2]
        source = source.astype(np.float32)
        bend = self.bend.displacement(frame, size)
        moved = cv2.remap(bend, source, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        border = cv2.BORDER_REFLECT if self.endless else cv2.BORDER_CONSTANT
        drawn = cv2.remap(self.picture, source + moved, None, cv2.INTER_LINEAR, borderMode=border)
        if self.blurred:
            drawn = _blur_along(drawn, _SHUTTER * self.motion.velocity(frame))
        alpha = np.clip(drawn[..., 3], 0, 1)
        lit = drawn[..., :3] * np.float32(math.exp(self.gain * frame))
        return AlphaLayer(alpha, np.clip(lit, 0, alpha[..., None]))


def keep_part(rgba: Rgba, rng: np.random.Generator) -> Rgba:
    """Keep only a part of a cut-out: what the object is, the mask alone says."""
    height, width = rgba.shape[:2]
    turn = rng.uniform(0, 2 * math.pi)
    y, x = np.mgrid[:height, :width]
    across = (x / width - 0.5) * math.cos(turn) + (y / height - 0.5) * math.sin(turn)
    part = rgba.copy()
    part[across >= rng.uniform(0, 0.3), 3] = 0
    return part


def tint(rgba: Rgba, rng: np.random.Generator) -> Rgba:
    """Change a cut-out's light."""
    gain = rng.uniform(0.7, 1.2, 3) * rng.uniform(0.8, 1.15)
    changed = rgba.copy()
    lit = rgba[..., :3] * gain + rng.uniform(-15, 15)
    changed[..., :3] = np.clip(lit, 0, 255).astype(np.uint8)
    return changed


def make_opaque(rgb: Frame8) -> Rgba:
    """Make a cut-out of a whole picture."""
    return np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])


def _blur_along(
    picture: npt.NDArray[np.float32], way: npt.NDArray[np.float64]
) -> cv2.typing.MatLike:
    """Average along a straight way, (2,) pixels; below two pixels nothing changes."""
    length = int(np.hypot(*way))
    if length < 2:
        return picture
    side = 2 * (length // 2) + 3
    kernel, middle = np.zeros((side, side), np.float32), side // 2
    half = way / np.linalg.norm(way) * length / 2
    ends = [(round(middle + s * half[0]), round(middle + s * half[1])) for s in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], 1.0, 1)
    return cv2.filter2D(picture, -1, kernel / kernel.sum())
