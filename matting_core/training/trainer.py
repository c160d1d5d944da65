"""Trainer: frozen features in, weights out, checkpoints to go on from after a kill."""

from __future__ import annotations

import copy
import ctypes
import json
import logging
import math
import os
import pickle
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from matting_core.errors import InputError, MattingError
from matting_core.jobs import CancelToken
from matting_core.training.config import TrainConfig
from matting_core.training.examples import pool_files
from matting_core.training.experiments import AnyBatch, ValidationScores, make_experiment

_log = logging.getLogger(__name__)
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_MAX = -1, -2, -4
"""Options of `mallopt` in the GNU C library."""
_BAD_STEPS = 20
_WAIT = 0.5
_UNREADABLE = (
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    pickle.UnpicklingError,
    RuntimeError,
    TypeError,
    ValueError,
)
CHECKPOINT = "checkpoint.pt"
LOG = "log.jsonl"
LAST, BEST = "weights.safetensors", "best.safetensors"


class TrainingError(MattingError):
    """Training cannot go on."""


@dataclass(frozen=True, slots=True)
class StepReport:
    """Report of a step: its losses, and scores where it was validated.

    Attributes:
        step: steps done.
        losses: each loss, a running mean.
        scores: measured on the validation pool with the averaged weights, or None.
    """

    step: int
    losses: Mapping[str, float]
    scores: ValidationScores | None = None


class Trainer:
    """Trainer of one network on a pool of examples.

    With several processes (torchrun) each draws other examples and gradients are averaged.

    Args:
        config: the run.
        device: where the network is trained; of several processes each takes its own GPU.
    """

    def __init__(self, config: TrainConfig, device: torch.device) -> None:
        keep_freed_memory()
        if config.optimisation.threads:
            torch.set_num_threads(config.optimisation.threads)
        self.rank, self.processes = int(os.environ.get("RANK", "0")), _join_processes(device)
        if self.processes > 1 and device.type == "cuda":
            device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
            torch.cuda.set_device(device)
        self.config, self.device = config, device
        torch.manual_seed(config.seed)
        self.experiment = make_experiment(config)
        self.task = self.experiment.task
        self.net = self.task.build().to(device).to(memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.net).requires_grad_(requires_grad=False)
        self.optimiser = torch.optim.AdamW(
            self.net.parameters(),
            config.optimisation.learning_rate,
            weight_decay=config.optimisation.weight_decay,
        )
        self.step, self._bad, self._best = 0, 0, math.inf
        self._running: dict[str, float] = {}
        self._parallel: nn.Module = self.net
        if self.processes > 1:
            ids = [device.index] if device.type == "cuda" else None
            self._parallel = nn.parallel.DistributedDataParallel(self.net, device_ids=ids)

    def run(
        self,
        token: CancelToken,
        tell: Callable[[StepReport], None],
        supplied: Callable[[], bool] = lambda: True,
    ) -> ValidationScores | None:
        """Train to the last step, from the checkpoint if there is one, and return the scores.

        Only the first of several processes measures and writes; the others return None.

        Args:
            token: stops the run at the next step.
            tell: is told of the losses every 20 steps, and of every checkpoint.
            supplied: whether more examples are still being made.

        Raises:
            TrainingError: the gradients stay infinite, or too few examples were made.
            CancelledError: `token` was cancelled; the last checkpoint stays.
        """
        self.config.out.mkdir(parents=True, exist_ok=True)
        self.resume()
        files = self._files(token, supplied)
        last: StepReport | None = None
        while self.step < self.config.optimisation.steps:
            token.check()
            if self.step % 50 == 0:
                files = self._files(token, supplied)
            self.advance(self._batch(files))
            done = self.step == self.config.optimisation.steps
            if (done or self.step % self.config.every == 0) and self.rank == 0:
                last = self.checkpoint()
                tell(last)
            elif self.step % 20 == 0:
                tell(StepReport(self.step, dict(self._running)))
        if self.rank:
            return None
        last = last or self.checkpoint()
        if last.scores is None:
            raise InputError("The validation pool is empty; ask for one example at least.")
        return last.scores

    def advance(self, batch: AnyBatch) -> dict[str, float]:
        """Do one step of AdamW and return its losses; a step with an infinite gradient is left out.

        Raises:
            TrainingError: twenty steps running had to be left out.
        """
        options = self.config.optimisation
        for group in self.optimiser.param_groups:
            group["lr"] = options.learning_rate * self.schedule(self.step)
        self.net.train()
        statistics = [value.clone() for value in self.net.buffers()]
        with self._precision():
            terms = self.task.losses(self._parallel, batch)
        total = torch.stack(list(terms.values())).sum()
        self.optimiser.zero_grad()
        total.backward()  # type: ignore[no-untyped-call]
        norm = nn.utils.clip_grad_norm_(self.net.parameters(), options.clip)
        found = {name: float(term.detach()) for name, term in terms.items()}
        if bool(torch.isfinite(norm)):
            self._bad = 0
            self.optimiser.step()
            self._update_average()
            for name, value in found.items():
                self._running[name] = 0.95 * self._running.get(name, value) + 0.05 * value
        else:
            self._undo_step(statistics)
        self.step += 1
        return found

    def _undo_step(self, statistics: Sequence[torch.Tensor]) -> None:
        """Undo a step with an infinite gradient, BatchNorm's statistics included."""
        self._bad += 1
        if self._bad >= _BAD_STEPS:
            raise TrainingError(
                f"The gradient has been infinite for {_BAD_STEPS} steps; lower learning_rate, or "
                "set precision to fp32."
            )
        for value, before in zip(self.net.buffers(), statistics, strict=True):
            value.copy_(before)

    def schedule(self, step: int) -> float:
        """Factor on the learning rate: a linear warm-up, then half a cosine down to 0."""
        options = self.config.optimisation
        rise = min(1.0, (step + 1) / max(1, options.warmup))
        return rise * 0.5 * (1 + math.cos(math.pi * step / max(1, options.steps)))

    def checkpoint(self) -> StepReport:
        """Measure, then write checkpoint, weights (the best so far apart), log and pictures."""
        report = StepReport(self.step, dict(self._running))
        files = pool_files(self.config.validation_pool)
        if files:
            scores = self.experiment.measure(self.average, files, self.device, self._precision)
            report = StepReport(self.step, dict(self._running), scores)
            sheet = self.config.out / f"validation_{self.step:06d}.png"
            self.experiment.write_sheet(sheet, self.average, files, self.device)
        if report.scores is not None and report.scores.ranking_error < self._best:
            self._best = report.scores.ranking_error
            self._write_weights(BEST)
        self._save()
        with (self.config.out / LOG).open("a", encoding="utf-8") as file:
            scores_found = report.scores.as_dict() if report.scores else {}
            line = {"step": self.step, "time": round(time.time()), **self._running, **scores_found}
            file.write(json.dumps(line) + "\n")
        return report

    def wait_for_others(self) -> None:
        """Wait until all processes have come here: what the first writes is then on disk."""
        if self.processes > 1:
            torch.distributed.barrier()

    def resume(self) -> bool:
        """Go on from the folder's checkpoint; False if there is none.

        Raises:
            TrainingError: the checkpoint is of another network, or damaged.
        """
        path = self.config.out / CHECKPOINT
        if not path.exists():
            return False
        try:
            state: dict[str, Any] = torch.load(path, map_location=self.device, weights_only=True)
            self.net.load_state_dict(state["net"])
            self.average.load_state_dict(state["average"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.step, self._running = int(state["step"]), dict(state["running"])
            self._best = float(state.get("best", math.inf))
        except _UNREADABLE as error:
            raise TrainingError(
                f"{path} does not fit this configuration ({type(error).__name__}); move it away "
                "to start anew."
            ) from error
        return True

    def _save(self) -> None:
        state = {
            "net": self.net.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "running": self._running,
            "best": self._best,
        }
        path = self.config.out / CHECKPOINT
        part = path.with_suffix(".part")
        torch.save(state, part)
        part.replace(path)
        self._write_weights(LAST)

    def _write_weights(self, name: str) -> None:
        """Write the averaged weights, whole or not at all."""
        from safetensors.torch import save_file

        path = self.config.out / name
        part = path.with_suffix(".part")
        weights = {name: value.contiguous() for name, value in self.average.state_dict().items()}
        save_file(weights, part)
        part.replace(path)

    @torch.no_grad()
    def _update_average(self) -> None:
        """Move the average of weights and BatchNorm's statistics, exponentially; quick at first."""
        decay = min(self.config.optimisation.ema, (self.step + 1) / (self.step + 10))
        mine, theirs = self.average.state_dict(), self.net.state_dict()
        for name, value in mine.items():
            if value.dtype.is_floating_point:
                value.lerp_(theirs[name], 1 - decay)
            else:
                value.copy_(theirs[name])

    def _batch(self, files: list[Path]) -> AnyBatch:
        """Draw a batch by step and process, so that a resumed run draws the same batches."""
        draw = np.random.default_rng((self.config.seed, self.step, self.rank))
        return self.experiment.draw(files, draw, self.device)

    def _files(self, token: CancelToken, supplied: Callable[[], bool]) -> list[Path]:
        """Wait for enough files in the pool, and list them."""
        folder, wanted = self.config.training_pool, self.config.examples
        least = max(1, min(wanted.first, wanted.capacity))
        while len(files := pool_files(folder) if folder.exists() else []) < least:
            token.check()
            if not supplied():
                raise TrainingError(
                    f"Only {len(files)} of {least} examples could be made; the messages above say "
                    "why."
                )
            time.sleep(_WAIT)
        return files

    def _precision(self) -> torch.autocast:
        half = self.config.optimisation.precision == "bf16"
        return torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=half)


def _join_processes(device: torch.device) -> int:
    """Join the others that torchrun started; returns how many there are."""
    processes = int(os.environ.get("WORLD_SIZE", "1"))
    if processes > 1 and not torch.distributed.is_initialized():
        torch.distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    return processes


def keep_freed_memory() -> None:
    """Keep large freed blocks for the next step instead of handing them back to the system.

    A step frees and asks for hundreds of megabytes; having the system clear them anew each time
    took 40% of a step. Does nothing where the C library is not GNU's.
    """
    try:
        library = ctypes.CDLL("libc.so.6")
    except OSError:
        return
    library.mallopt(_MMAP_MAX, 0)
    library.mallopt(_TRIM_THRESHOLD, 2**31 - 1)
    library.mallopt(_TOP_PAD, 2**28)
