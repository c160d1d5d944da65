"""Synthetic clips: a scene filmed, with the exact mask of what is seen of its object."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.errors import MediaError
from matting_core.training.propagation.scene import ClipScene, ObjectSource, draw_scene
from matting_core.training.render.photograph import compress
from matting_core.types import Frame8, Size

_LEAST = 0.0015
_ATTEMPTS = 30
_CUT, _ELSEWHERE = 0.25, 0.65
_SHORTEST = 4
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class TrainingClip:
    """Frames in order, and the object's visible part on each.

    Attributes:
        frames: (H, W, 3) uint8 sRGB.
        masks: (H, W) bool, alpha above a half; on the first frame never empty.
    """

    frames: tuple[Frame8, ...]
    masks: tuple[Mask, ...]


@dataclass(frozen=True, slots=True)
class SceneCut:
    """Frames on which something else is filmed, without the object.

    Attributes:
        first: the first of them, an index.
        after: the first one that shows the object's scene again; may be past the last frame.
        scene: what is filmed instead.
    """

    first: int
    after: int
    scene: ClipScene

    def contains(self, frame: int) -> bool:
        """Whether a frame, an index, shows the other scene."""
        return self.first <= frame < self.after


class ClipStream:
    """Stream of clips by index; an index and a seed give the same clip in any order.

    Args:
        source: gives the cut-outs and textures of the scenes.
        size: of the frames.
        frames: in each clip.
        seed: of everything random.
    """

    def __init__(self, source: ObjectSource, size: Size, frames: int, seed: int) -> None:
        self._source, self._size, self._frames, self._seed = source, size, frames, seed

    def clip(self, index: int) -> TrainingClip:
        """Make a clip.

        Raises:
            MediaError: the source are so small or thin that no object can be seen.
        """
        for attempt in range(_ATTEMPTS):
            rng = np.random.default_rng((self._seed, index, attempt))
            scene = draw_scene(rng, self._source, self._size, self._frames)
            if (scene.draw(0, self._size)[1] > 0.5).mean() >= _LEAST:
                return render_clip(scene, self._size, self._frames, rng, self._cut(rng, scene))
        raise MediaError(
            "No object can be seen in the clips that are made; check that the alphas of the pairs "
            "are not empty."
        )

    def _cut(self, rng: np.random.Generator, scene: ClipScene) -> SceneCut | None:
        """Draw a cut to another scene, or to the same one without its object; mostly none."""
        if self._frames < _SHORTEST or rng.random() >= _CUT:
            return None
        first = int(rng.integers(2, self._frames - 1))
        after = first + int(rng.integers(1, 4))
        if rng.random() < _ELSEWHERE:
            return SceneCut(first, after, draw_scene(rng, self._source, self._size, self._frames))
        return SceneCut(first, after, replace(scene, subject=()))


def render_clip(
    scene: ClipScene, size: Size, frames: int, rng: np.random.Generator, cut: SceneCut | None = None
) -> TrainingClip:
    """Render a scene's frames with a camera's light, noise and compression.

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
    pictures, masks = [], []
    for frame in range(frames):
        away = cut is not None and cut.contains(frame)
        picture, seen = (cut.scene if cut and away else scene).draw(frame, size)
        lit = picture * np.exp(light[frame]) * 255
        noisy = np.clip(lit + rng.normal(0, noise, lit.shape), 0, 255).astype(np.uint8)
        # one generator anew for each frame: a codec keeps its settings over a clip
        pictures.append(compress(noisy, np.random.default_rng(compression)))
        masks.append(np.zeros_like(seen, bool) if away else seen > 0.5)
    return TrainingClip(tuple(pictures), tuple(masks))


def draw_outline(clip: TrainingClip, frame: int) -> Frame8:
    """Draw the object's outline in red on a frame."""
    picture = clip.frames[frame].copy()
    mask = clip.masks[frame].astype(np.uint8)
    lines, _ = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    cv2.drawContours(picture, lines, -1, (255, 60, 60), 2)
    return picture
