"""A better picture is made only where the playhead rests, and never shown too late."""

import threading

import pytest

from app.canvas.pictures import foregrounds
from app.canvas.pictures.foregrounds import ColourMixture
from app.canvas.pictures.loader import FrameLoader
from app.canvas.pictures.picture import Picture, PictureRequest
from app.canvas.pictures.scene import Scene
from app.model.view import ViewMode
from app.shell.jobs import JobLane
from app.shell.messages import Messenger
from app.shell.tasks import Tasks


class FakeMaker:
    """Makes rough pictures, and better ones when asked to."""

    def __init__(self):
        self.mixed = []
        self.refined = []
        self.fine = ()

    def make(self, request):
        rough = request.frame not in self.fine
        return Picture(request, None, Scene(None), False, rough=rough)

    def mixtures(self, request):
        self.mixed.append(request.frame)
        return (ColourMixture(request.frame, None, None),)

    def refine(self, request, found):
        assert found == {request.frame: "colours"}
        self.refined.append(request.frame)
        return Picture(request, None, Scene(None), False)


@pytest.fixture
def maker():
    return FakeMaker()


class Gate:
    """Holds the estimates up until it is opened, and counts those that began."""

    def __init__(self):
        self._open = threading.Event()
        self.begun = 0

    def estimate(self, _rgb, _alpha):
        self.begun += 1
        assert self._open.wait(timeout=20)
        return "colours"

    def open(self):
        self._open.set()

    def close(self):
        self._open.clear()


@pytest.fixture
def gate(monkeypatch):
    gate = Gate()
    monkeypatch.setattr(foregrounds, "estimate_foreground", gate.estimate)
    yield gate
    gate.open()


@pytest.fixture
def loader(qapp, maker, gate):
    lane, slow = JobLane("test"), JobLane("slow")
    gate.open()
    messenger = Messenger()
    yield FrameLoader(Tasks(messenger), lane, slow, maker, messenger)
    gate.open()
    lane.close()
    slow.close()


def request(frame):
    return PictureRequest("clip", frame, ViewMode.FOREGROUND, ())


def test_a_rough_picture_is_followed_by_a_better_one(loader, maker, qtbot):
    came = []
    loader.loaded.connect(lambda picture: came.append((picture.request.frame, picture.rough)))
    loader.request(request(3))
    qtbot.waitUntil(lambda: len(came) == 2)
    assert came == [(3, True), (3, False)]


def test_frames_that_are_passed_get_no_better_picture(loader, maker, qtbot):
    came = []

    def on_loaded(picture):
        came.append(picture.request.frame)
        if picture.request.frame < 5:
            loader.request(request(picture.request.frame + 1))

    loader.loaded.connect(on_loaded)
    loader.request(request(0))
    qtbot.waitUntil(lambda: maker.refined == [5])
    qtbot.waitUntil(lambda: came == [0, 1, 2, 3, 4, 5, 5])


def test_a_picture_that_needs_no_better_one_is_left_alone(loader, maker, qtbot):
    maker.fine = (1,)
    loader.request(request(1))
    qtbot.waitUntil(lambda: loader.idle)
    loader.request(request(9))
    qtbot.waitUntil(lambda: maker.refined == [9])


def test_no_picture_waits_for_a_better_one(loader, maker, gate, qtbot):
    gate.close()
    came = []
    loader.loaded.connect(lambda picture: came.append((picture.request.frame, picture.rough)))
    loader.request(request(3))
    qtbot.waitUntil(lambda: gate.begun == 1)
    for frame in (4, 5):
        loader.request(request(frame))
        qtbot.waitUntil(lambda frame=frame: came[-1] == (frame, True))
    gate.open()
    qtbot.waitUntil(lambda: came[-1] == (5, False))
    assert maker.refined == [5]


def test_superseded_refinements_are_dropped_before_they_begin(loader, maker, gate, qtbot):
    gate.close()
    loader.request(request(0))
    qtbot.waitUntil(lambda: gate.begun == 1)
    for frame in (1, 2, 3):
        loader.request(request(frame))
        qtbot.waitUntil(lambda frame=frame: maker.mixed[-1] == frame)
    gate.open()
    qtbot.waitUntil(lambda: maker.refined == [3])
    assert gate.begun == 2
