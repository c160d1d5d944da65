"""A better picture is made only where the playhead rests, and never shown too late."""

import pytest

from app.frames.frame_loader import FrameLoader
from app.jobs import JobLane
from app.view_state import ViewMode
from app.views.picture import Picture, PictureRequest
from app.views.scene import Scene


class FakeMaker:
    """Makes rough pictures, and better ones when asked to."""

    def __init__(self):
        self.refined = []
        self.fine = ()

    def make(self, request):
        rough = request.frame not in self.fine
        return Picture(request, None, Scene(None), False, rough=rough)

    def refine(self, request):
        self.refined.append(request.frame)
        return Picture(request, None, Scene(None), False)


@pytest.fixture
def maker():
    return FakeMaker()


@pytest.fixture
def loader(qapp, maker):
    lane = JobLane("test")
    yield FrameLoader(lane, maker)
    lane.close()


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
