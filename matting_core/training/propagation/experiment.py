"""Experiment of the propagation network: batches, validation and its contact sheet."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from matting_core.files import write_bytes_atomically
from matting_core.training.config import TrainConfig
from matting_core.training.propagation.episodes import (
    MEMORY_FRAMES,
    FrameSample,
    count_frames,
    recent_frames,
)
from matting_core.training.propagation.losses import region_iou
from matting_core.training.propagation.task import PropagationTask
from matting_core.training.render.sheet import draw_contact_sheet
from matting_core.types import Plane

_CARRIED, _TRUST, _BEST, _MASKED, _BOXED = 0, 1, 4, 5, 6
_NO = -1.0
_DROPPED = 0.25
_ANY_MEMORY_FRAME = 0.3
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class PropagationScores:
    """Scores of the propagation network on every other frame of the validation episodes.

    Attributes:
        region: mean J (region IoU) of the network's masks.
        decoder: mean J of the decoder's best answer.
        flow: mean J of the mask carried over by flow.
        belief: correlation of the J that the network expects with the J it has; 0 where either
            does not vary.
    """

    region: float
    decoder: float
    flow: float
    belief: float

    @property
    def ranking_error(self) -> float:
        """See `ValidationScores.ranking_error`."""
        return 1 - self.region

    def as_dict(self) -> dict[str, float]:
        """Scores by name, rounded."""
        return {name: round(value, 4) for name, value in dataclasses.asdict(self).items()}

    def summary(self) -> str:
        """See `ValidationScores.summary`."""
        return (
            f"J {self.region:.4f}  (decoder {self.decoder:.4f}, flow {self.flow:.4f})  "
            f"belief {self.belief:.2f}"
        )


class PropagationExperiment:
    """Experiment that trains the propagation network on episodes.

    Args:
        config: the run.
    """

    def __init__(self, config: TrainConfig) -> None:
        self.task = PropagationTask(config.rollout_weights)
        self._batch = config.optimisation.batch

    def draw(
        self, files: Sequence[Path], rng: np.random.Generator, device: torch.device
    ) -> FrameSample:
        """See `Experiment.draw`."""
        return FrameSample.stack(
            [draw_frame_sample(files, rng) for _ in range(self._batch)], device
        )

    @torch.inference_mode()
    def measure(
        self,
        net: nn.Module,
        files: Sequence[Path],
        device: torch.device,
        precision: Callable[[], AbstractContextManager[Any]],
    ) -> PropagationScores:
        """See `Experiment.measure`."""
        net.eval()
        found: list[list[float]] = []
        for path in files:
            for batch in _read_validation_samples(path, device):
                with precision():
                    logits, belief = net(batch.inputs, [batch.anchor], batch.later)
                cues, truth = batch.inputs.cues, batch.truth
                mine = (logits, cues[:, _BEST, None], cues[:, _CARRIED, None] - 0.5)
                scores = [float(region_iou(plane, truth)) for plane in mine]
                found.append([*scores, float(torch.sigmoid(belief.float())[0, 0])])
        region, decoder, flow, believed = np.array(found).T
        return PropagationScores(
            region=float(np.mean(region)),
            decoder=float(np.mean(decoder)),
            flow=float(np.mean(flow)),
            belief=_correlate(region, believed),
        )

    @torch.inference_mode()
    def write_sheet(
        self, path: Path, net: nn.Module, files: Sequence[Path], device: torch.device
    ) -> None:
        """See `Experiment.write_sheet`; shows the decoder's best answer and the network's."""
        net.eval()
        items = []
        for file in files[:_SHOWN]:
            batch = list(_read_validation_samples(file, device))[-1]
            logits, _ = net(batch.inputs, [batch.anchor], batch.later)
            thumbnail = (255 * (batch.inputs.image[0] + 0.5)).permute(1, 2, 0).cpu().numpy()
            rgb = np.rint(thumbnail).astype(np.uint8)
            best = 10 * batch.inputs.cues[:, _BEST, None]
            for name, answer in (("decoder", best), ("net", logits)):
                region = float(region_iou(answer, batch.truth))
                items.append((f"{name} {region:.2f}", rgb, _to_plane(torch.sigmoid(answer))))
        done, png = cv2.imencode(".png", draw_contact_sheet(items, columns=4)[..., ::-1])
        if done:
            write_bytes_atomically(path, png.tobytes())


def draw_frame_sample(files: Sequence[Path], rng: np.random.Generator) -> FrameSample:
    """Draw an episode's frame with its memory frames; drop cues and mirror it at random."""
    path = files[int(rng.integers(len(files)))]
    frame = int(rng.integers(1, count_frames(path)))
    memory = recent_frames(frame)
    if rng.random() < _ANY_MEMORY_FRAME and frame > 1:
        memory = [int(rng.integers(1, frame))] * MEMORY_FRAMES
    sample = FrameSample.read(path, frame, memory)
    if rng.random() < _DROPPED:
        drop_cues(sample.inputs.cues, int(rng.integers(4)))
    return sample.mirror() if rng.random() < 0.5 else sample


def drop_cues(cues: Tensor, kind: int) -> None:
    """Drop cues, so that the network relies on none of them alone.

    Args:
        cues: (B, 7, S/4, S/4), changed in place.
        kind: 0 or 1: another answer stands for the best; 2: no flow; 3: no answers at all.
    """
    if kind in (0, 1):
        cues[:, _BEST] = cues[:, (_MASKED, _BOXED)[kind]]
    elif kind == 2:
        cues[:, (_CARRIED, _TRUST)] = 0
    else:
        cues[:, _BEST:] = _NO


def _read_validation_samples(path: Path, device: torch.device) -> Iterator[FrameSample]:
    """Read every other frame from the second on, one at a time."""
    for frame in range(1, count_frames(path), 2):
        yield FrameSample.stack([FrameSample.read(path, frame, recent_frames(frame))], device)


def _to_plane(values: Tensor) -> Plane:
    return np.asarray(values[0, 0].float().cpu().numpy(), np.float32)


def _correlate(one: np.ndarray, other: np.ndarray) -> float:
    spread = float(np.std(one) * np.std(other))
    if spread < 1e-9:
        return 0.0
    found = float(np.mean((one - one.mean()) * (other - other.mean()))) / spread
    return found if math.isfinite(found) else 0.0
