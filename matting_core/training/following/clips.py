"""Synthetic clips: a scene filmed, with the exact mask of what is seen of its object."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.errors import MediaError
from matting_core.training.following.scene import Props, Scene, stage
from matting_core.training.render.photograph import compress
from matting_core.types import Frame8, Size

_LEAST = 0.0015
_ATTEMPTS = 30
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Clip:
    """Frames in order, and the object's visible part on each.

    Attributes:
        frames: (H, W, 3) uint8 sRGB.
        masks: (H, W) bool, alpha above a half; on the first frame never empty.
    """

    frames: tuple[Frame8, ...]
    masks: tuple[Mask, ...]


class ClipStream:
    """Clips by index, the same ones for the same seed in whatever order they are asked for.

    Args:
        props: what their scenes are made of.
        size: of the frames.
        frames: in each clip.
        seed: of everything random.
    """

    def __init__(self, props: Props, size: Size, frames: int, seed: int) -> None:
        self._props, self._size, self._frames, self._seed = props, size, frames, seed

    def clip(self, index: int) -> Clip:
        """Make a clip.

        Raises:
            MediaError: the props are so small or thin that no object can be seen.
        """
        for attempt in range(_ATTEMPTS):
            rng = np.random.default_rng((self._seed, index, attempt))
            scene = stage(rng, self._props, self._size, self._frames)
            if (scene.draw(0, self._size)[1] > 0.5).mean() >= _LEAST:
                return film(scene, self._size, self._frames, rng)
        raise MediaError(
            "No object can be seen in the clips that are made; check that the alphas of the pairs "
            "are not empty."
        )


def film(scene: Scene, size: Size, frames: int, rng: np.random.Generator) -> Clip:
    """Film a scene with a camera's light, noise and compression."""
    light = np.cumsum(rng.normal(0, 0.01, (frames, 3)), 0)
    noise = rng.uniform(0, 5)
    compression = int(rng.integers(2**31))
    shots, masks = [], []
    for frame in range(frames):
        picture, seen = scene.draw(frame, size)
        lit = picture * np.exp(light[frame]) * 255
        noisy = np.clip(lit + rng.normal(0, noise, lit.shape), 0, 255).astype(np.uint8)
        # one generator anew for each frame: a codec keeps its settings over a clip
        shots.append(compress(noisy, np.random.default_rng(compression)))
        masks.append(seen > 0.5)
    return Clip(tuple(shots), tuple(masks))


def outlined(clip: Clip, frame: int) -> Frame8:
    """A frame with the object's outline drawn in red, to look over."""
    picture = clip.frames[frame].copy()
    mask = clip.masks[frame].astype(np.uint8)
    lines, _ = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    cv2.drawContours(picture, lines, -1, (255, 60, 60), 2)
    return picture
