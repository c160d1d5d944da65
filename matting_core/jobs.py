"""Cancellation and progress of work that takes time, without threads or Qt."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from matting_core.errors import CancelledError


class CancelToken:
    """Token that carries a cancellation from any thread to the worker that checks it."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the worker to stop at its next check."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether stopping was asked for."""
        return self._event.is_set()

    def check(self) -> None:
        """Stop here if asked to.

        Raises:
            CancelledError: `cancel` was called.
        """
        if self._event.is_set():
            raise CancelledError("Cancelled; what was done so far is kept.")


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a job.

    Attributes:
        stage: what is being done, in a word or two.
        done: units finished.
        total: units in all.
        seconds_left: estimate, or None before the first unit.
    """

    stage: str
    done: int
    total: int
    seconds_left: float | None = None

    @property
    def fraction(self) -> float:
        """Done part in [0, 1]."""
        return self.done / self.total if self.total else 1.0


@dataclass(slots=True)
class Pace:
    """Pace of a job, to estimate the time left from the units done so far.

    The mean over the last units is used, so that a slow first frame (models loading) is forgotten.
    """

    stage: str
    total: int
    window: int = 16
    _done: int = 0
    _times: list[float] = field(default_factory=lambda: [time.monotonic()])

    def advance(self) -> Progress:
        """Count one unit as done and return the progress after it."""
        self._done += 1
        self._times = [*self._times[-self.window :], time.monotonic()]
        per_unit = (self._times[-1] - self._times[0]) / (len(self._times) - 1)
        return Progress(self.stage, self._done, self.total, per_unit * (self.total - self._done))


@dataclass(slots=True)
class Stopwatch:
    """Stopwatch that adds up seconds by stage: `with watch.stage("matte"): ...`.

    A stage inside another counts for itself only, so that the sum is the time that passed.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    _running: list[str] = field(default_factory=list)

    def stage(self, name: str) -> _Lap:
        """Return a context manager whose duration is added to `name`."""
        return _Lap(self, name)


@dataclass(slots=True)
class _Lap:
    watch: Stopwatch
    name: str
    began: float = 0.0

    def __enter__(self) -> None:
        self.began = time.perf_counter()
        self.watch._running.append(self.name)

    def __exit__(self, *_: object) -> None:
        spent = time.perf_counter() - self.began
        seconds, running = self.watch.seconds, self.watch._running
        running.pop()
        seconds[self.name] = seconds.get(self.name, 0.0) + spent
        if running:
            seconds[running[-1]] = seconds.get(running[-1], 0.0) - spent
