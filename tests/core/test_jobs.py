from __future__ import annotations

import itertools

import pytest

from matting_core import jobs
from matting_core.errors import CancelledError
from matting_core.jobs import CancelToken, Pace, Progress, Stopwatch


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Times that the clocks give, in order; the last one stays."""
    times = [0.0]

    def now() -> float:
        return times.pop(0) if len(times) > 1 else times[0]

    monkeypatch.setattr(jobs.time, "monotonic", now)
    monkeypatch.setattr(jobs.time, "perf_counter", now)
    return times


def test_a_token_stops_only_after_cancel() -> None:
    token = CancelToken()
    token.check()
    assert not token.cancelled
    token.cancel()
    token.cancel()
    assert token.cancelled
    with pytest.raises(CancelledError, match="kept"):
        token.check()


def test_progress_as_fraction() -> None:
    assert Progress("x", 1, 4).fraction == 0.25
    assert Progress("x", 0, 0).fraction == 1.0


def test_pace_estimates_the_time_left(clock) -> None:
    pace = Pace("Matting", 4)
    clock[:] = [2.0]
    assert pace.advance() == Progress("Matting", 1, 4, 6.0)
    clock[:] = [4.0]
    assert pace.advance() == Progress("Matting", 2, 4, 4.0)


def test_pace_forgets_a_slow_start(clock) -> None:
    pace = Pace("Matting", 100, window=4)
    times = itertools.accumulate([50.0, *[1.0] * 20])
    for time in times:
        clock[:] = [time]
        progress = pace.advance()
    assert progress.done == 21
    assert progress.seconds_left == pytest.approx(79.0)


def test_stopwatch_adds_up_by_stage(clock) -> None:
    watch = Stopwatch()
    for name, began, ended in (("a", 1.0, 3.0), ("b", 3.0, 4.0), ("a", 10.0, 11.0)):
        clock[:] = [began]
        with watch.stage(name):
            clock[:] = [ended]
    assert watch.seconds == {"a": 3.0, "b": 1.0}


def test_stopwatch_counts_a_stage_that_fails(clock) -> None:
    watch = Stopwatch()

    def fail() -> None:
        with watch.stage("a"):
            clock[:] = [5.0]
            raise KeyError("x")

    with pytest.raises(KeyError):
        fail()
    assert watch.seconds == {"a": 5.0}
