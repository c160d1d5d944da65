from __future__ import annotations

from collections.abc import Iterator

import pytest

from matting_core.errors import ModelError
from matting_core.model_files import probing
from matting_core.model_files.overview import Kind
from matting_core.model_files.probes import known_probes
from matting_core.model_files.probing import probe
from matting_core.types import DeviceChoice

CPU = DeviceChoice.CPU


@pytest.mark.parametrize(
    ("kind", "model_id"), [(Kind.HEAD, "mask"), (Kind.TRACKER, "fake"), (Kind.HEAD, "wisp")]
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
        probe(Kind.WEIGHTS, "sam2.1-tiny", CPU)


def _clocked(monkeypatch, *seconds: float) -> Iterator[object]:
    """Steps of which each takes so long; the first builds the model."""
    now = [0.0]
    monkeypatch.setattr(probing.time, "perf_counter", lambda: now[0])
    for each in seconds:
        now[0] += each
        yield None


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [((1, 3, 1, 1), 1), ((9, 7), 7), ((1, 2, 1, 1, 99), 1), ((1, 9, 5), 9)],
)
def test_the_first_frame_counts_only_where_it_is_the_only_one(
    monkeypatch, seconds, expected
) -> None:
    assert probing._timed(_clocked(monkeypatch, *seconds), 3.5) == pytest.approx(expected)
