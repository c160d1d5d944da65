"""The editor with the embedded weights: a wrong span is corrected, and what is locked stays."""

import cv2
import numpy as np
import pytest

from app.engine.coverage import Status
from matting_core.digests import matte_key, segmentation_key
from matting_core.document.project import Settings
from matting_core.matte.guides import mask_inside
from matting_core.media.opening import open_source
from matting_core.resources import resource_path
from matting_core.types import FrameRange, ObjectId, Size
from tests.app.conftest import Hand, do, open_and_wait

pytestmark = pytest.mark.weights

FIRST = ObjectId(1)
FRAMES = 7
SIZE = (640, 360)
RABBIT = ((75, 30), (296, 316))
BELLY = (230, 215)
LOCKED = FrameRange(1, 3)
PATIENCE = 240_000


@pytest.fixture
def rabbit(tmp_path):
    """Frames 77 to 83 of the demo clip, half as large."""
    folder = tmp_path / "rabbit"
    folder.mkdir()
    source = open_source(resource_path("demo/bigbuckbunny.mp4"))
    for number in range(FRAMES):
        rgb = cv2.resize(source.read(77 + number), SIZE, interpolation=cv2.INTER_AREA)
        cv2.imwrite(str(folder / f"rabbit_{number:04d}.png"), cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    source.close()
    return folder


def _statuses(window) -> list[Status]:
    return [Status(int(value)) for value in window.editor.coverage.statuses(FIRST)]


def _alphas(window) -> dict[int, np.ndarray]:
    editor = window.editor
    keys = {frame: matte_key(editor.project, FIRST, frame) for frame in range(FRAMES)}
    return {frame: editor.cache.get_matte(key).alpha for frame, key in keys.items()}


def _outermost(alpha: np.ndarray) -> tuple[int, int]:
    """A place well inside the part that reaches out furthest to the left."""
    inside = cv2.erode((alpha > 0.9).astype(np.uint8), np.ones((9, 9), np.uint8))
    ys, xs = np.nonzero(inside)
    at = xs.argmin()
    return int(xs[at]), int(ys[at])


def _wait(qtbot, done) -> None:
    qtbot.waitUntil(done, timeout=PATIENCE)


def test_a_wrong_span_is_corrected_and_locked_frames_stay_bit_for_bit(make_window, rabbit, qtbot):
    window = make_window(settings=Settings())
    open_and_wait(window, rabbit, qtbot)
    do(window, "edit.tool_box")
    Hand(window).drag(RABBIT[0], (200, 200), RABBIT[1])
    do(window, "track.both")
    _wait(qtbot, lambda: _statuses(window) == [Status.FRESH] * FRAMES)
    before = _alphas(window)
    assert before[0][BELLY[::-1]] > 0.9

    window.editor.view.select_span(LOCKED)
    do(window, "track.lock")
    _wait(qtbot, lambda: _statuses(window)[1:3] == [Status.LOCKED] * 2)
    window.editor.transport.seek(5)
    _wait(qtbot, lambda: window.stage.picture.request.frame == 5)
    do(window, "edit.tool_point")
    wrong = _outermost(before[5])
    Hand(window).click(*wrong, control=True)
    _wait(qtbot, lambda: _statuses(window)[5] is Status.FRESH and Status.STALE in _statuses(window))
    assert [status is Status.STALE for status in _statuses(window)] == [
        *(False, False, False),
        *(True, True, False, True),
    ]
    do(window, "track.update")
    _wait(qtbot, lambda: Status.STALE not in _statuses(window))
    after = _alphas(window)
    for frame in (0, *LOCKED):
        assert np.array_equal(after[frame], before[frame]), frame
    for frame in (4, 5, 6):
        assert not np.array_equal(after[frame], before[frame]), frame
    assert after[5][BELLY[::-1]] > 0.9
    editor = window.editor
    key = segmentation_key(editor.project, FIRST, 5)
    mask = mask_inside(editor.cache.get_segmentation(key), Size(*SIZE))
    assert not mask[wrong[::-1]]
    assert after[5][wrong[::-1]] < before[5][wrong[::-1]]
