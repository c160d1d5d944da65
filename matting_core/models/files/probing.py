"""Probing of a model's speed and memory on a synthetic picture for a few seconds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from matting_core.document.prompts import BoxPrompt
from matting_core.errors import ModelError
from matting_core.memory import peak_memory_bytes, resident_bytes
from matting_core.models.devices import choose_device, describe_device, memory_guard
from matting_core.models.files.overview import ModelKind
from matting_core.models.files.probes import Probe, keep_probe
from matting_core.models.heads.base import Guide
from matting_core.models.registry import build_tracker, head_spec, tracker_spec
from matting_core.models.trackers.base import Features
from matting_core.types import (
    DeviceChoice,
    Frame8,
    FrameRange,
    Logits,
    ObjectId,
    Quality,
    Segmentation,
    Size,
    TrackState,
    Transfer,
)
from matting_core.windows import Window

if TYPE_CHECKING:
    import torch

SECONDS = 5.0
"""After the first frame, no frame is begun after so long; the second one always is."""

_SIZE = Size(1280, 720)
_FRAMES = 12
_OBJECT = ObjectId(1)
_LEVELS = ((4, 32), (8, 64), (16, 256))
_GRID = 256


def probe(kind: ModelKind, model_id: str, choice: DeviceChoice, seconds: float = SECONDS) -> Probe:
    """Build a model, run it on a 1280 x 720 picture for a while, and keep what was found.

    Memory is what the process grew by, at its peak; on CUDA, torch's own peak on the device, and on
    an Apple GPU what its driver holds for torch at the end. In a process where the model has been
    loaded before that is less than it takes.

    Args:
        kind: tracker or head.
        model_id: its id.
        choice: where it runs.
        seconds: after the first frame, no frame but the second is begun after so long.

    Raises:
        MattingError: the model is unknown, not installed, or cannot be built.
        OutOfMemoryError: the device's memory is full.
    """
    import torch

    device = choose_device(choice)
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
    before, peak = resident_bytes(), peak_memory_bytes()
    with memory_guard(device, "while it is tried", "a smaller model"):
        version, steps = _start(kind, model_id, choice)
        per_frame = _time_frames(steps, seconds)
    memory = (
        _measure_growth(before, peak) if device.type == "cpu" else _measure_device_memory(device)
    )
    when = datetime.now(UTC).isoformat(timespec="seconds")
    found = Probe(version, describe_device(choice), per_frame, memory, when)
    keep_probe(f"{kind}:{model_id}", found)
    return found


def _start(kind: ModelKind, model_id: str, choice: DeviceChoice) -> tuple[str, Iterator[object]]:
    if kind is ModelKind.TRACKER:
        return tracker_spec(model_id).version, _tracking(model_id, choice)
    if kind is ModelKind.HEAD:
        return head_spec(model_id).version, _matting(model_id, choice)
    raise ModelError(f"'{model_id}' is neither a tracker nor a head; see `wisp models`.")


def _time_frames(steps: Iterator[object], seconds: float) -> float:
    """Seconds per frame after the first, which is prompted, and on which the network warms up."""
    next(steps)  # builds the model
    next(steps)
    start = now = time.perf_counter()
    frames = 0
    for frames, _ in enumerate(steps, 1):  # noqa: B007 - counted until the time is up
        now = time.perf_counter()
        if now - start > seconds:
            break
    return (now - start) / frames


def _measure_growth(before: int, peak: int) -> int | None:
    """Bytes that the process grew by, at its peak; None where the system does not say."""
    if not before or not peak:
        return None
    return max(resident_bytes() - before, peak_memory_bytes() - max(peak, before), 0)


def _measure_device_memory(device: torch.device) -> int | None:
    """Bytes that torch took on a device, at its peak where that is known."""
    import torch

    if device.type == "cuda":
        return int(torch.cuda.max_memory_allocated(device))
    if device.type == "mps":
        return int(torch.mps.driver_allocated_memory())
    return None


def _tracking(tracker_id: str, choice: DeviceChoice) -> Iterator[object]:
    tracker = build_tracker(tracker_id, choice, Quality.FAST)
    yield None
    try:
        tracker.open(_StillClip())
        prompts = {_OBJECT: (BoxPrompt(0, (400.0, 160.0, 880.0, 560.0)),)}
        yield from tracker.track(prompts, FrameRange(0, _FRAMES), lambda *_: None)
    finally:
        tracker.close()


def _matting(head_id: str, choice: DeviceChoice) -> Iterator[object]:
    head = head_spec(head_id).build(choice)
    yield None
    picture = _picture()
    guide = Guide(Segmentation(_disc(), 0.9, TrackState.TRACKED), _make_noise_features)
    for _ in range(_FRAMES):
        yield head.matte(picture, guide)


def _make_noise_features(_window: Window, side: int) -> Features:
    """Make features of noise: a head takes as long for them as for any others."""
    import torch

    noise = torch.Generator().manual_seed(0)
    fine, middle, coarse = (
        torch.randn(1, channels, side // stride, side // stride, generator=noise)
        for stride, channels in _LEVELS
    )
    return Features(fine, middle, coarse)


def _picture() -> Frame8:
    noise = np.random.default_rng(0).integers(0, 64, (*_SIZE.hw, 3), dtype=np.uint8)
    x = np.linspace(0, 191, _SIZE.width, dtype=np.uint8)[None, :, None]
    return noise + x


def _disc() -> Logits:
    y, x = np.mgrid[:_GRID, :_GRID] - _GRID / 2
    return np.asarray(np.clip(_GRID / 4 - np.hypot(x, y), -10, 10), np.float16)


class _StillClip:
    """A clip of one synthetic picture, held."""

    path, first_number, fingerprint = "/probe", 0, "0" * 32
    size, rate = _SIZE, Fraction(24)
    transfer: Transfer = "srgb"

    def __init__(self) -> None:
        self._picture = _picture()
        self._picture.flags.writeable = False

    def __len__(self) -> int:
        return _FRAMES

    def read(self, index: int) -> Frame8:
        """Return the picture, whatever the index."""
        return self._picture

    def time(self, index: int) -> Fraction:
        """As in `FrameSource`."""
        return index / self.rate

    def close(self) -> None:
        """Nothing to close."""
