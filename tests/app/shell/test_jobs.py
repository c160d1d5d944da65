"""Lanes step jobs one at a time, by urgency, and end each exactly once."""

import threading

import pytest
from PySide6.QtCore import QObject, Signal, Slot

from app.shell.jobs import JobLane, JobStatus, Priority
from matting_core.errors import InputError
from matting_core.jobs import Progress


class Listener(QObject):
    """Writes down what a job says."""

    def __init__(self, job) -> None:
        super().__init__()
        self.values, self.progress, self.outcomes = [], [], []
        job.on_item = self.values.append
        job.progressed.connect(self._on_progressed)
        job.ended.connect(self._on_ended)

    @Slot(object)
    def _on_progressed(self, value) -> None:
        self.progress.append(value)

    @Slot(object)
    def _on_ended(self, outcome) -> None:
        self.outcomes.append(outcome)


@pytest.fixture
def lane(qapp):
    lane = JobLane("test")
    yield lane
    lane.close()


def counting(count):
    return lambda _token: iter(range(count))


def gated(gate, count=1000):
    def work(_token):
        for number in range(count):
            assert gate.acquire(timeout=20)
            yield number

    return work


def finished(listener):
    return lambda: bool(listener.outcomes)


def test_values_come_in_order_and_then_one_end(lane, qtbot):
    heard = Listener(lane.submit(counting(50)))
    qtbot.waitUntil(finished(heard))
    assert heard.values == list(range(50))
    assert [outcome.status for outcome in heard.outcomes] == [JobStatus.DONE]


def test_work_runs_on_the_lanes_thread_and_slots_in_the_ui_thread(lane, qtbot):
    here = threading.get_ident()
    places = []

    def work(_token):
        yield threading.get_ident()

    job = lane.submit(work)
    job.on_item = lambda value: places.append((value, threading.get_ident()))
    qtbot.waitUntil(lambda: bool(places))
    assert places[0][0] != here
    assert places[0][1] == here


@pytest.mark.parametrize("error", [RuntimeError("CUDA out of memory"), MemoryError("full")])
def test_unexpected_errors_reach_ended_and_the_log(lane, qtbot, log_guard, error):
    def work(_token):
        yield 1
        raise error

    log_guard.expect("a job failed")
    heard = Listener(lane.submit(work))
    qtbot.waitUntil(finished(heard))
    assert heard.values == [1]
    assert heard.outcomes[0].status is JobStatus.FAILED
    assert heard.outcomes[0].error is error


def test_an_error_before_the_first_step_reaches_ended(lane, qtbot):
    def work(_token):
        raise InputError("no such frame")

    heard = Listener(lane.submit(work))
    qtbot.waitUntil(finished(heard))
    assert str(heard.outcomes[0].error) == "no such frame"


def test_nothing_is_delivered_after_cancel(lane, qtbot):
    """The worker is ahead: its values are queued when the job is cancelled, and are dropped."""
    sent = threading.Event()

    def work(_token):
        yield from range(100)
        sent.set()
        yield "late"

    job = lane.submit(work)
    heard = Listener(job)
    assert sent.wait(20)
    job.cancel()
    qtbot.waitUntil(finished(heard))
    assert heard.values == []
    assert [outcome.status for outcome in heard.outcomes] == [JobStatus.CANCELLED]


def test_cancelling_closes_the_generator(lane, qtbot):
    gate, closed = threading.Semaphore(3), threading.Event()

    def work(_token):
        try:
            yield from gated(gate)(_token)
        finally:
            closed.set()

    job = lane.submit(work)
    heard = Listener(job)
    qtbot.waitUntil(lambda: len(heard.values) == 3)
    job.cancel()
    gate.release()
    qtbot.waitUntil(finished(heard))
    assert closed.is_set()


def test_an_error_while_closing_does_not_stop_the_lane(lane, qtbot, log_guard):
    gate = threading.Semaphore(1)

    def work(_token):
        try:
            yield from gated(gate)(_token)
        finally:
            raise ValueError("cannot close")

    log_guard.expect("while it was being closed")
    job = lane.submit(work)
    heard = Listener(job)
    qtbot.waitUntil(lambda: heard.values == [0])
    job.cancel()
    gate.release()
    qtbot.waitUntil(finished(heard))
    after = Listener(lane.submit(counting(1)))
    qtbot.waitUntil(finished(after))


def test_a_job_of_the_same_key_takes_the_earlier_ones_place(lane, qtbot):
    gate = threading.Semaphore(0)
    running = Listener(lane.submit(gated(gate), key="preview"))
    queued = Listener(lane.submit(counting(3), key="preview"))
    last = Listener(lane.submit(counting(2), key="preview"))
    gate.release()
    qtbot.waitUntil(finished(last))
    assert last.values == [0, 1]
    assert running.values == queued.values == []
    assert running.outcomes[0].status is queued.outcomes[0].status is JobStatus.CANCELLED


def test_an_urgent_job_overtakes_a_running_one_at_its_next_step(lane, qtbot):
    gate, order = threading.Semaphore(0), []

    def slow(_token):
        for number in range(6):
            assert gate.acquire(timeout=20)
            order.append(f"slow {number}")
            yield number

    def quick(_token):
        order.append("quick")
        yield None

    running = Listener(lane.submit(slow, priority=Priority.BACKGROUND))
    gate.release(2)
    qtbot.waitUntil(lambda: running.values == [0, 1])
    preview = Listener(lane.submit(quick, priority=Priority.URGENT))
    gate.release(4)
    qtbot.waitUntil(finished(running))
    assert preview.outcomes
    # The step that was under way ends first.
    assert order.index("quick") in (2, 3)


def test_a_paused_job_lets_others_run_and_goes_on_where_it_was(lane, qtbot):
    gate = threading.Semaphore(2)
    job = lane.submit(gated(gate, 4))
    heard = Listener(job)
    qtbot.waitUntil(lambda: heard.values == [0, 1])
    job.set_paused(True)
    gate.release(1)
    other = Listener(lane.submit(counting(1)))
    qtbot.waitUntil(finished(other))
    assert heard.values in ([0, 1], [0, 1, 2])
    assert not heard.outcomes
    job.set_paused(False)
    gate.release(5)
    qtbot.waitUntil(finished(heard))
    assert heard.values == [0, 1, 2, 3]


def test_a_paused_job_can_be_cancelled(lane, qtbot):
    job = lane.submit(counting(3))
    job.set_paused(True)
    heard = Listener(job)
    job.cancel()
    qtbot.waitUntil(finished(heard))
    assert heard.outcomes[0].status is JobStatus.CANCELLED


def test_progress_is_thinned_out_but_the_last_always_comes(lane, qtbot):
    def work(_token):
        for done in range(1, 2001):
            yield Progress("counting", done, 2000)

    heard = Listener(lane.submit(work))
    qtbot.waitUntil(finished(heard))
    assert heard.progress[-1].done == 2000
    assert len(heard.progress) < 100


def test_closing_ends_every_job_once_and_releases_on_the_lanes_thread(qapp, qtbot):
    released = []
    lane = JobLane("closing", lambda: released.append(threading.get_ident()))
    gate = threading.Semaphore(1)
    running, queued = Listener(lane.submit(gated(gate))), Listener(lane.submit(counting(3)))
    qtbot.waitUntil(lambda: running.values == [0])
    gate.release()
    lane.close()
    qapp.sendPostedEvents()
    for heard in (running, queued):
        assert [outcome.status for outcome in heard.outcomes] == [JobStatus.CANCELLED]
    assert released != [threading.get_ident()]
    assert len(released) == 1


def test_true_survives_thousands_of_emissions(qapp):
    """PySide 6.12.0 loses a reference to True at every emit() and aborts the process."""

    class Sender(QObject):
        said = Signal(bool)

    heard = []
    sender = Sender()
    sender.said.connect(heard.append)
    for _ in range(5000):
        sender.said.emit(True)
    assert heard == [True] * 5000


def test_jobs_can_be_waited_for_and_what_they_made_is_there(lane, qtbot):
    gate = threading.Semaphore(0)
    endless = Listener(lane.submit(gated(gate)))
    job = lane.submit(counting(3), priority=Priority.URGENT)
    listener = Listener(job)
    gate.release(2)
    lane.finish([job])
    assert listener.values == [0, 1, 2]
    assert [outcome.status for outcome in listener.outcomes] == [JobStatus.DONE]
    assert endless.outcomes == []
    gate.release(1000)
    qtbot.waitUntil(finished(endless))


def test_a_closed_lane_keeps_nobody_waiting(qapp):
    lane = JobLane("test")
    lane.close()
    lane.finish([lane.submit(counting(3))])
