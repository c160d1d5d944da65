"""Rollouts: the tracker run over a clip, recording all that its network was shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np
import torch
from torch import Tensor

from matting_core.metrics.regions import region_similarity
from matting_core.models.trackers.sam2_tiny_flow import propagate
from matting_core.models.trackers.sam2_tiny_flow.flow import WarpedMask, make_small_frame
from matting_core.models.trackers.sam2_tiny_flow.memory import ObjectMemory
from matting_core.models.trackers.sam2_tiny_flow.network import CUES, PropagationNet
from matting_core.models.trackers.sam2_tiny_flow.propagation_model import (
    NetworkAnswer,
    PropagationModel,
)
from matting_core.training.propagation.clips import TrainingClip
from matting_core.training.propagation.episodes import Episode
from matting_core.types import Plane, Size
from matting_core.windows import Window, cut_out, whole

if TYPE_CHECKING:
    from matting_core.models.trackers.sam2_tiny_flow.image_model import EncodedPicture, ImageModel
    from matting_core.models.trackers.sam2_tiny_flow.memory import Encode, ObjectMemory

Mode = Literal["own", "truth", "damaged"]
MODES: tuple[tuple[Mode, float], ...] = (("own", 0.45), ("truth", 0.3), ("damaged", 0.25))
"""What the tracker goes on with after a frame: its own mask, the true one, or that damaged."""

_FORCED = 0.04
_LOST_BELOW = 0.3
_DAMAGED = 0.6
_GAIN = 20.0
_BEND_GRID = 8


class RecordingNetwork(PropagationModel):
    """Propagation network that records the cues it was last shown.

    Args:
        weights: its parameters; None for an untrained network. Its correction is zero, so it
            answers with the decoder's best answer, and its opinion of itself, which means nothing
            yet, is replaced by its agreement with flow or memory.
        device: where it runs.
    """

    def __init__(self, weights: Mapping[str, Tensor] | None, device: torch.device) -> None:
        super().__init__(PropagationNet().state_dict() if weights is None else weights, device)
        self._trained = weights is not None
        self.cues: Plane | None = None

    def predict(
        self, encoded: EncodedPicture, cues: Plane, memory: ObjectMemory, encode: Encode
    ) -> NetworkAnswer:
        """See `PropagationModel.ask`."""
        self.cues = cues
        answer = super().predict(encoded, cues, memory, encode)
        if self._trained:
            return answer
        agreed = _measure_agreement(propagate.probability(answer.logits), cues)
        return replace(answer, expected_iou=agreed, right=agreed)


def roll_out(
    clip: TrainingClip, image: ImageModel, network: RecordingNetwork, rng: np.random.Generator
) -> Episode:
    """Track a clip's object from its true mask on the first frame.

    Args:
        clip: frames and truth.
        image: encoder and decoder.
        network: the network as it stands.
        rng: draws the mode, forced searches and damage.
    """
    rollout = _Rollout(clip, image, network, rng)
    for frame in range(1, len(clip.frames)):
        rollout.step(frame)
    return rollout.episode()


@dataclass(frozen=True, slots=True)
class _RecordedFrame:
    """One recorded frame of a rollout."""

    encoded: EncodedPicture
    cues: Plane
    truth: Plane
    mask: Plane


class _Rollout:
    def __init__(
        self,
        clip: TrainingClip,
        image: ImageModel,
        network: RecordingNetwork,
        rng: np.random.Generator,
    ) -> None:
        self._clip, self._image, self._network, self._rng = clip, image, network, rng
        self._encoded: dict[tuple[int, Window], EncodedPicture] = {}
        self._models = propagate.Models(propagate.CachedImageModel(image, self._encode), network)
        modes, shares = zip(*MODES, strict=True)
        self._mode: Mode = modes[int(rng.choice(len(modes), p=np.array(shares)))]
        small = make_small_frame(clip.frames[0])
        self._raster = small.size
        self._full = Size(clip.frames[0].shape[1], clip.frames[0].shape[0])
        first = self._shrink_truth(0)
        memory = ObjectMemory(propagate.make_memory_frame(0, first))
        self._state = propagate.start_state(small, first, memory)
        side = image.side // 4
        nothing = np.zeros((CUES, side, side), np.float32)
        window = self._state.memory.anchor.window
        self._recorded = [self._record(0, window, nothing)]

    def step(self, frame: int) -> None:
        """Track one frame, record it, and go on as the mode says."""
        rng, small, truth = (
            self._rng,
            make_small_frame(self._clip.frames[frame]),
            self._shrink_truth(frame),
        )
        target = propagate.choose_target(self._state, small)
        if rng.random() < _FORCED:
            nothing = np.zeros_like(truth)
            target = propagate.FrameTarget(
                WarpedMask(nothing, nothing, True), whole(self._raster), True
            )
        found = propagate.step(self._state, target, frame, self._models)
        wrong = region_similarity(found.logits > 0, truth > 0.5) < _LOST_BELOW
        given = self._choose_mask(truth, wrong=wrong)
        if given is not None:
            logits = ((given - 0.5) * _GAIN).astype(np.float16)
            sure = float(rng.uniform(0.6, 1))
            found = propagate.StepResult(logits, sure, lost=not (given > 0.5).any())
        self._state = propagate.advance(self._state, target, frame, small, found)
        cues = self._network.cues
        if cues is None:
            raise RuntimeError("a step asks the network")
        self._recorded.append(self._record(frame, target.window, cues))

    def episode(self) -> Episode:
        recorded = self._recorded

        def level(planes: list[Tensor]) -> Tensor:
            return torch.cat(planes).half().cpu()

        def bytes_of(planes: list[Plane]) -> Tensor:
            return torch.from_numpy(np.rint(255 * np.clip(np.stack(planes), 0, 1)).astype(np.uint8))

        return Episode(
            stride4=level([shot.encoded.stride4 for shot in recorded]),
            stride8=level([shot.encoded.stride8 for shot in recorded]),
            stride16=level([shot.encoded.stride16 for shot in recorded]),
            thumbnail=torch.from_numpy(np.stack([shot.encoded.thumbnail for shot in recorded])),
            cues=torch.from_numpy(np.stack([shot.cues for shot in recorded])).half(),
            truth=bytes_of([shot.truth for shot in recorded]),
            mask=bytes_of([shot.mask for shot in recorded]),
        )

    def _choose_mask(self, truth: Plane, *, wrong: bool) -> Plane | None:
        """Choose the mask that the tracker is given instead of its own, or None."""
        if self._mode == "truth" or wrong:
            return truth
        if self._mode == "damaged" and self._rng.random() < _DAMAGED:
            return damage_mask(truth, self._rng)
        return None

    def _record(self, frame: int, window: Window, cues: Plane) -> _RecordedFrame:
        side, full = self._image.side // 4, window.scale(self._raster, self._full)
        truth = cut_out(self._clip.masks[frame].astype(np.float32), full, side)
        mask = cut_out(self._state.mask, window, side)
        return _RecordedFrame(self._encode(frame, window), cues, truth, mask)

    def _shrink_truth(self, frame: int) -> Plane:
        """Shrink the true mask to the raster, (h, w) float32 in [0, 1]."""
        mask = self._clip.masks[frame].astype(np.float32)
        return np.asarray(cv2.resize(mask, tuple(self._raster), interpolation=cv2.INTER_AREA))

    def _encode(self, frame: int, window: Window) -> EncodedPicture:
        key = (frame, window)
        if key not in self._encoded:
            full = window.scale(self._raster, self._full)
            seen = cut_out(self._clip.frames[frame], full, self._image.side)
            self._encoded[key] = self._image.encode(seen)
        return self._encoded[key]


def _measure_agreement(mask: Plane, cues: Plane) -> float:
    """Soft IoU with what flow carried here or, where that is more, with what memory found."""
    found = (cues[2] + cues[3]) / 2
    return max(
        float(np.minimum(mask, other).sum() / max(1e-6, float(np.maximum(mask, other).sum())))
        for other in (cues[0], found)
    )


def damage_mask(mask: Plane, rng: np.random.Generator) -> Plane:
    """Bend a mask's outline, and add or take away up to two discs, as drift does.

    Args:
        mask: (h, w) float32 in [0, 1].
        rng: draws the damage.

    Returns:
        (h, w) float32 in [0, 1]; an empty mask stays empty.
    """
    height, width = mask.shape
    extent = float(np.sqrt((mask > 0.5).sum()))
    field = rng.normal(0, 1, (_BEND_GRID, _BEND_GRID, 2)).astype(np.float32) * max(
        3.0, 0.06 * extent
    )
    bend = cv2.resize(field, (width, height), interpolation=cv2.INTER_CUBIC)
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    source = np.stack([x, y], 2).astype(np.float32) + bend
    result = np.asarray(cv2.remap(mask, source, None, cv2.INTER_LINEAR), np.float32)
    ys, xs = np.nonzero(mask > 0.5)
    for _ in range(rng.integers(0, 3) if len(ys) else 0):
        at = rng.integers(len(ys))
        radius = max(2, int(rng.uniform(0.1, 0.4) * extent))
        centre = (int(xs[at] + rng.normal(0, radius)), int(ys[at] + rng.normal(0, radius)))
        cv2.circle(result, centre, radius, float(rng.random() < 0.5), -1)
    return np.asarray(np.clip(cv2.GaussianBlur(result, (0, 0), 1), 0, 1), np.float32)
