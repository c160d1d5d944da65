"""Tasks: handlers are called on the UI thread, by how the operation ended, while they are there."""

import threading

import pytest
from PySide6.QtCore import QObject

from app.shell.jobs import JobLane
from app.shell.messages import Messenger
from app.shell.tasks import Task, Tasks
from matting_core.errors import InputError
from matting_core.jobs import Progress


@pytest.fixture
def lane(qapp):
    lane = JobLane("test")
    yield lane
    lane.close()


@pytest.fixture
def tasks(qapp) -> Tasks:
    return Tasks(Messenger())


class Receiver(QObject):
    """Writes down which handlers were called."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = []

    def on_item(self, item) -> None:
        self.calls.append(item)

    def on_done(self) -> None:
        self.calls.append("done")

    def on_failed(self, error) -> None:
        self.calls.append(str(error))

    def on_cancelled(self) -> None:
        self.calls.append("cancelled")

    def on_ended(self) -> None:
        self.calls.append("ended")

    def task(self, work) -> Task:
        task = Task(work).each(self.on_item).done(self.on_done).failed(self.on_failed)
        return task.cancelled(self.on_cancelled).ended(self.on_ended)


def failing(_token):
    yield 1
    raise InputError("That does not fit.")


def endless(token):
    while True:
        token.check()
        yield None


def test_items_and_then_the_end_are_handed_on(tasks, lane, qtbot):
    receiver = Receiver()
    tasks.run(receiver.task(lambda _token: iter((1, Progress("x", 1, 2), 2))), lane)
    qtbot.waitUntil(lambda: "ended" in receiver.calls)
    assert receiver.calls == [1, 2, "done", "ended"]


def test_a_plain_function_is_called_on_the_lane_and_its_result_here(tasks, lane, qtbot):
    places = []
    task = Task.call(threading.get_ident).each(lambda there: places.append(there))
    tasks.run(task.ended(lambda: places.append(threading.get_ident())), lane)
    qtbot.waitUntil(lambda: len(places) == 2)
    assert places[0] != places[1] == threading.get_ident()


def test_a_failure_goes_to_its_handler_or_else_to_the_user(tasks, lane, qtbot, log_guard):
    log_guard.expect("That does not fit.")
    receiver, told = Receiver(), []
    tasks._messenger.posted.connect(told.append)
    tasks.run(receiver.task(failing), lane)
    qtbot.waitUntil(lambda: "ended" in receiver.calls)
    assert receiver.calls == [1, "That does not fit.", "ended"]
    assert told == []
    tasks.run(Task(failing), lane)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].text == "That does not fit."


def test_a_task_of_the_same_key_cancels_the_one_before(tasks, lane, qtbot):
    first, second = Receiver(), Receiver()
    tasks.run(first.task(endless), lane, key="latest")
    tasks.run(second.task(lambda _token: iter((7,))), lane, key="latest")
    qtbot.waitUntil(lambda: "ended" in second.calls)
    assert first.calls == ["cancelled", "ended"]
    assert second.calls == [7, "done", "ended"]


def test_handlers_of_an_object_that_is_gone_are_not_called(tasks, lane, qtbot):
    receiver, gate = Receiver(), threading.Event()

    def work(_token):
        assert gate.wait(20)
        yield 1

    ended = []
    tasks.run(receiver.task(work), lane)
    tasks.run(Task.call(int).ended(lambda: ended.append(True)), lane)
    receiver.deleteLater()
    qtbot.waitSignal(receiver.destroyed)
    qtbot.wait(1)
    gate.set()
    qtbot.waitUntil(lambda: bool(ended))
    assert receiver.calls == []


def test_only_tasks_with_a_title_are_listed_and_long_ones_announced(tasks, lane, qtbot):
    announced = []
    tasks.long_starting.connect(lambda: announced.append(True))
    quiet = tasks.run(Task(endless), lane)
    assert tasks.foremost is None
    shown = tasks.run(Task(endless), lane, title="Tracking", pausable=True)
    assert tasks.shown is shown
    assert announced == [True]
    shown.cancel()
    quiet.cancel()
    qtbot.waitUntil(lambda: tasks.foremost is None)
