"""Experiments: a task with its batches, its validation and the sheet of its results."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
import torch
from torch import nn

from matting_core.files import write_bytes_atomically
from matting_core.training.config import TrainConfig
from matting_core.training.examples import Batch, Example
from matting_core.training.render.sheet import draw_contact_sheet
from matting_core.training.tasks import MattingTask, TrainingTask, make_matting_task, mask_alpha

_TRIES = 50
_AT_ONCE = 8
_SHOWN = 12
"""How many examples a contact sheet shows."""
AnyBatch = Any
"""Batch of an experiment's own kind; only the experiment and its task read it."""


class ValidationScores(Protocol):
    """Scores on the validation pool."""

    @property
    def ranking_error(self) -> float:
        """Number that ranks the weights; lower is better."""
        ...

    def as_dict(self) -> dict[str, float]:
        """Scores by name, rounded."""
        ...

    def summary(self) -> str:
        """Scores as one line on screen."""
        ...


class Experiment(Protocol):
    """Network, its examples and its validation, as a `Trainer` needs them."""

    @property
    def task(self) -> TrainingTask[Any]:
        """The network and its losses."""
        ...

    def draw(
        self, files: Sequence[Path], rng: np.random.Generator, device: torch.device
    ) -> AnyBatch:
        """Draw a batch from a pool's files, all by `rng`."""
        ...

    def measure(
        self,
        net: nn.Module,
        files: Sequence[Path],
        device: torch.device,
        precision: Callable[[], AbstractContextManager[Any]],
    ) -> ValidationScores:
        """Run a network over a pool's files; at least one."""
        ...

    def write_sheet(
        self, path: Path, net: nn.Module, files: Sequence[Path], device: torch.device
    ) -> None:
        """Write a PNG of what a network makes of a pool's first files."""
        ...


def make_experiment(config: TrainConfig) -> Experiment:
    """Make the experiment that a configuration asks for."""
    if config.network == "follower":
        from matting_core.training.propagation.experiment import PropagationExperiment

        return PropagationExperiment(config)
    return MattingExperiment(config)


@dataclass(frozen=True, slots=True)
class MattingScores:
    """Scores of a matting head on the validation examples, at half the encoder's input size.

    Attributes:
        mad: mean over the examples of MAD x 1000 of the finest alpha.
        median: median over the examples.
        mask_mad: mean of the guide masks' MAD x 1000.
        mask_median: median over the examples.
        spoiled: share of examples where the alpha is worse than the mask by more than a third.
    """

    mad: float
    median: float
    mask_mad: float
    mask_median: float
    spoiled: float

    @property
    def ranking_error(self) -> float:
        """See `ValidationScores.ranking_error`."""
        return self.mad

    def as_dict(self) -> dict[str, float]:
        """Scores by name, rounded."""
        return {name: round(value, 4) for name, value in dataclasses.asdict(self).items()}

    def summary(self) -> str:
        """See `ValidationScores.summary`."""
        return (
            f"MAD {self.mad:.1f}/{self.median:.1f}  (mask {self.mask_mad:.1f}/"
            f"{self.mask_median:.1f})  spoiled {self.spoiled:.0%}"
        )


class MattingExperiment:
    """Experiment that trains a matting head on pictures.

    Args:
        config: the run.
    """

    def __init__(self, config: TrainConfig) -> None:
        self.task: MattingTask = make_matting_task(config)
        self._options = config.optimisation

    def draw(self, files: Sequence[Path], rng: np.random.Generator, device: torch.device) -> Batch:
        """See `Experiment.draw`."""
        examples = [self._example(files, rng) for _ in range(self._options.batch)]
        batch = Batch.stack(examples, device)
        return batch.mirror() if rng.random() < 0.5 else batch

    def measure(
        self,
        net: nn.Module,
        files: Sequence[Path],
        device: torch.device,
        precision: Callable[[], AbstractContextManager[Any]],
    ) -> MattingScores:
        """See `Experiment.measure`."""
        examples = [Example.read(path) for path in files]
        return measure_matting(self.task, net, examples, device, precision)

    def write_sheet(
        self, path: Path, net: nn.Module, files: Sequence[Path], device: torch.device
    ) -> None:
        """See `Experiment.write_sheet`."""
        examples = [Example.read(path) for path in files[:_SHOWN]]
        write_validation_sheet(path, self.task, net, examples, device)

    def _example(self, files: Sequence[Path], rng: np.random.Generator) -> Example:
        """Read an example; of the ones with a wrong mask only the configured share."""
        share = self._options.wrong_masks
        for _ in range(_TRIES):
            example = Example.read(files[int(rng.integers(len(files)))])
            if share == 1 or not example.has_wrong_mask or rng.random() < share:
                break
        return example


@torch.inference_mode()
def measure_matting(
    task: MattingTask,
    net: nn.Module,
    examples: Sequence[Example],
    device: torch.device,
    precision: Callable[[], AbstractContextManager[Any]],
) -> MattingScores:
    """Run a network over examples; at least one."""
    net.eval()
    mine: list[float] = []
    masks: list[float] = []
    for first in range(0, len(examples), _AT_ONCE):
        batch = Batch.stack(examples[first : first + _AT_ONCE], device)
        truth = nn.functional.avg_pool2d(batch.alpha, 2)
        with precision():
            alpha = task.alpha(net, batch)
        mine += (1000 * (alpha - truth).abs().mean((1, 2, 3))).tolist()
        masks += (1000 * (mask_alpha(batch) - truth).abs().mean((1, 2, 3))).tolist()
    worse = [one > 4 / 3 * other for one, other in zip(mine, masks, strict=True)]
    return MattingScores(
        mad=float(np.mean(mine)),
        median=float(np.median(mine)),
        mask_mad=float(np.mean(masks)),
        mask_median=float(np.median(masks)),
        spoiled=float(np.mean(worse)),
    )


@torch.inference_mode()
def write_validation_sheet(
    path: Path,
    task: MattingTask,
    net: nn.Module,
    examples: Sequence[Example],
    device: torch.device,
) -> None:
    """Write a PNG of the first examples: picture, mask and alpha, each with its MAD x 1000."""
    net.eval()
    items = []
    for example in examples[:_SHOWN]:
        batch = Batch.stack([example], device)
        truth = nn.functional.avg_pool2d(batch.alpha, 2)
        for name, alpha in (("mask", mask_alpha(batch)), ("net", task.alpha(net, batch))):
            error = 1000 * float((alpha - truth).abs().mean())
            plane = alpha[0, 0].float().cpu().numpy()
            hw = plane.shape[::-1]
            small = cv2.resize(example.rgb.numpy(), hw, interpolation=cv2.INTER_AREA)
            items.append((f"{name} {error:.1f}", small, plane))
    sheet = draw_contact_sheet(items, columns=4)
    done, png = cv2.imencode(".png", sheet[..., ::-1])
    if done:
        write_bytes_atomically(path, png.tobytes())
