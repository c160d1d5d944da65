"""Courses: a task with the kind of its examples, how they are drawn, measured and shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import nn

from matting_core.training.config import TrainConfig
from matting_core.training.examples import Batch, Example
from matting_core.training.progress import SHOWN, Scores, measure, write_page
from matting_core.training.tasks import MattingTask, Task, task_of

_TRIES = 50
AnyBatch = Any
"""What a course draws and its task takes; no one else looks into it."""


class Scored(Protocol):
    """What was measured on the validation pool."""

    @property
    def badness(self) -> float:
        """The number by which the best weights are told; lower is better."""
        ...

    def as_dict(self) -> dict[str, float]:
        """By name, rounded."""
        ...

    def summary(self) -> str:
        """For one line on screen."""
        ...


class Course(Protocol):
    """What a `Trainer` needs to know of a network and its examples."""

    @property
    def task(self) -> Task[Any]:
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
    ) -> Scored:
        """Run a network over a pool's files; at least one."""
        ...

    def write_page(
        self, path: Path, net: nn.Module, files: Sequence[Path], device: torch.device
    ) -> None:
        """Write a PNG of what a network makes of a pool's first files."""
        ...


def course_of(config: TrainConfig) -> Course:
    """The course that a configuration asks for."""
    if config.network == "follower":
        from matting_core.training.propagation.course import FollowerCourse

        return FollowerCourse(config)
    return MattingCourse(config)


class MattingCourse:
    """Trains a matting head on pictures.

    Args:
        config: the run.
    """

    def __init__(self, config: TrainConfig) -> None:
        self.task: MattingTask = task_of(config)
        self._options = config.optimisation

    def draw(self, files: Sequence[Path], rng: np.random.Generator, device: torch.device) -> Batch:
        """See `Course.draw`."""
        examples = [self._example(files, rng) for _ in range(self._options.batch)]
        batch = Batch.of(examples, device)
        return batch.mirrored() if rng.random() < 0.5 else batch

    def measure(
        self,
        net: nn.Module,
        files: Sequence[Path],
        device: torch.device,
        precision: Callable[[], AbstractContextManager[Any]],
    ) -> Scores:
        """See `Course.measure`."""
        examples = [Example.read(path) for path in files]
        return measure(self.task, net, examples, device, precision)

    def write_page(
        self, path: Path, net: nn.Module, files: Sequence[Path], device: torch.device
    ) -> None:
        """See `Course.write_page`."""
        examples = [Example.read(path) for path in files[:SHOWN]]
        write_page(path, self.task, net, examples, device)

    def _example(self, files: Sequence[Path], rng: np.random.Generator) -> Example:
        """One example; of those with a wrong mask only the share that is asked for."""
        share = self._options.wrong_masks
        for _ in range(_TRIES):
            example = Example.read(files[int(rng.integers(len(files)))])
            if share == 1 or not example.has_wrong_mask or rng.random() < share:
                break
        return example
