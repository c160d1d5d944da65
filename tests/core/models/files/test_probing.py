from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from matting_core.cli.models import probe_line
from matting_core.errors import ModelError, OutOfMemoryError
from matting_core.models.files import probing
from matting_core.models.files.overview import ModelKind
from matting_core.models.files.probes import known_probes
from matting_core.models.files.probing import probe
from matting_core.types import DeviceChoice
from tests.tables import table

CPU = DeviceChoice.CPU


@table(
    ("kind", "model_id"),
    [(ModelKind.HEAD, "mask"), (ModelKind.TRACKER, "fake"), (ModelKind.HEAD, "wisp")],
)
def test_a_probe_measures_and_is_kept(kind, model_id) -> None:
    found = probe(kind, model_id, CPU, seconds=0.5)
    assert 0 < found.seconds < 60
    assert found.memory >= 0
    assert found.device.startswith("CPU (")
    assert found.when.endswith("+00:00")
    assert known_probes() == {f"{kind}:{model_id}": found}


def test_only_trackers_and_heads_are_probed() -> None:
    with pytest.raises(ModelError, match="neither a tracker nor a head"):
        probe(ModelKind.WEIGHTS, "sam2.1-tiny", CPU)


def test_memory_that_the_system_does_not_tell_is_not_none_at_all(monkeypatch) -> None:
    monkeypatch.setattr(probing, "peak_memory_bytes", lambda: 0)
    monkeypatch.setattr(probing, "resident_bytes", lambda: 0)
    found = probe(ModelKind.HEAD, "mask", CPU, seconds=0.1)
    assert found.memory is None
    assert known_probes()["head:mask"] == found
    assert ", -, CPU" in probe_line(found)


def test_an_apple_gpu_tells_what_its_driver_holds(monkeypatch) -> None:
    monkeypatch.setattr(torch.mps, "driver_allocated_memory", lambda: 7)
    assert probing._measure_device_memory(torch.device("mps")) == 7


def test_a_full_memory_is_one_sentence(monkeypatch) -> None:
    def full(_kind, _model_id, _choice):
        raise MemoryError

    monkeypatch.setattr(probing, "_start", full)
    with pytest.raises(OutOfMemoryError, match="memory while it is tried; choose a smaller model"):
        probe(ModelKind.HEAD, "mask", CPU)


def _clocked(monkeypatch, *seconds: float) -> Iterator[object]:
    """Steps of which each takes so long; the first builds the model, the second is prompted."""
    now = [0.0]
    monkeypatch.setattr(probing.time, "perf_counter", lambda: now[0])
    for each in seconds:
        now[0] += each
        yield None


@table(
    ("seconds", "expected"),
    [((1, 3, 1, 1), 1), ((1, 9, 5), 5), ((1, 9, 5, 1), 5), ((1, 9, 3, 1, 99), 2)],
)
def test_the_first_frame_never_counts_and_one_more_always_does(
    monkeypatch, seconds, expected
) -> None:
    assert probing._time_frames(_clocked(monkeypatch, *seconds), 3.5) == pytest.approx(expected)
