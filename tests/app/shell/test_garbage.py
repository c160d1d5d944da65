"""While lanes run, cyclic garbage is collected on the UI thread only."""

import gc
import threading
import weakref

import pytest

from app.shell.garbage import GarbageCollector
from app.shell.jobs import JobLane


class Knot:
    """Garbage as soon as nobody holds it; says which thread it died on."""

    def __init__(self, died: list[threading.Thread]) -> None:
        self.itself = self
        weakref.finalize(self, lambda: died.append(threading.current_thread()))


@pytest.fixture
def lane(qapp):
    lane = JobLane("test")
    yield lane
    lane.close()


def littering(died):
    """Work that makes as much garbage as would have Python collect several times."""

    def work(_token):
        for _ in range(20):
            for _ in range(1000):
                Knot(died)
            yield None

    return work


def test_what_a_lane_drops_dies_on_the_ui_thread(lane, qtbot):
    died: list[threading.Thread] = []
    with qtbot.waitSignal(lane.submit(littering(died)).ended, timeout=20_000):
        pass
    qtbot.waitUntil(lambda: len(died) > 0)
    lane.close()
    gc.collect()
    assert set(died) == {threading.main_thread()}
    assert len(died) == 20_000


def test_python_collects_by_itself_again_when_the_last_lane_is_closed(qapp):
    first, second = JobLane("first"), JobLane("second")
    assert not gc.isenabled()
    first.close()
    assert not gc.isenabled()
    second.close()
    second.close()
    assert gc.isenabled()


def test_little_garbage_is_left_for_later(qapp):
    collector = GarbageCollector()
    try:
        gc.collect()
        knot = Knot([])
        left = weakref.ref(knot)
        del knot
        collector.collect()
        assert left() is not None
    finally:
        collector.stop()


def test_what_survives_a_long_collection_is_set_aside(qapp, monkeypatch):
    monkeypatch.setattr("app.shell.garbage._PATIENCE", 0.0)
    collector = GarbageCollector()
    try:
        aside = gc.get_freeze_count()
        held = [[] for _ in range(2000)]
        collector.collect()
        assert gc.get_freeze_count() >= aside + len(held)
    finally:
        collector.stop()
    assert gc.get_freeze_count() == 0
