"""Synthetic clips: a scene filmed, with the exact mask of what is seen of its object."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.errors import MediaError
from matting_core.training.propagation.scene import Props, Scene, stage
from matting_core.training.render.photograph import compress
from matting_core.types import Frame8, Size

_LEAST = 0.0015
_ATTEMPTS = 30
_CUT, _ELSEWHERE = 0.25, 0.65
_SHORTEST = 4
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


@dataclass(frozen=True, slots=True)
class Cut:
    """Frames on which something else is filmed, without the object.

    Attributes:
        first: the first of them, an index.
        after: the first one that shows the object's scene again; may be past the last frame.
        scene: what is filmed instead.
    """

    first: int
    after: int
    scene: Scene

    def covers(self, frame: int) -> bool:
        """Whether a frame, an index, shows it."""
        return self.first <= frame < self.after


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
                return film(scene, self._size, self._frames, rng, self._cut(rng, scene))
        raise MediaError(
            "No object can be seen in the clips that are made; check that the alphas of the pairs "
            "are not empty."
        )

    def _cut(self, rng: np.random.Generator, scene: Scene) -> Cut | None:
        """Now and then another scene for a while, or this one when the object was not there."""
        if self._frames < _SHORTEST or rng.random() >= _CUT:
            return None
        first = int(rng.integers(2, self._frames - 1))
        after = first + int(rng.integers(1, 4))
        if rng.random() < _ELSEWHERE:
            return Cut(first, after, stage(rng, self._props, self._size, self._frames))
        return Cut(first, after, replace(scene, subject=()))


def film(
    scene: Scene, size: Size, frames: int, rng: np.random.Generator, cut: Cut | None = None
) -> Clip:
    """Film a scene with a camera's light, noise and compression.

    Args:
        scene: with the object.
        size: of the frames.
        frames: how many.
        rng: draws light, noise and compression.
        cut: frames that show something else; none of what they show is the object.
    """
    light = np.cumsum(rng.normal(0, 0.01, (frames, 3)), 0)
    noise = rng.uniform(0, 5)
    compression = int(rng.integers(2**31))
    shots, masks = [], []
    for frame in range(frames):
        away = cut is not None and cut.covers(frame)
        picture, seen = (cut.scene if cut and away else scene).draw(frame, size)
        lit = picture * np.exp(light[frame]) * 255
        noisy = np.clip(lit + rng.normal(0, noise, lit.shape), 0, 255).astype(np.uint8)
        # one generator anew for each frame: a codec keeps its settings over a clip
        shots.append(compress(noisy, np.random.default_rng(compression)))
        masks.append(np.zeros_like(seen, bool) if away else seen > 0.5)
    return Clip(tuple(shots), tuple(masks))


def outlined(clip: Clip, frame: int) -> Frame8:
    """A frame with the object's outline drawn in red, to look over."""
    picture = clip.frames[frame].copy()
    mask = clip.masks[frame].astype(np.uint8)
    lines, _ = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    cv2.drawContours(picture, lines, -1, (255, 60, 60), 2)
    return picture
