"""The editor with the embedded weights: a wrong span is corrected, and what is locked stays."""

import cv2
import numpy as np
import pytest

from matting_core.document import span_edits
from matting_core.document.project import Project, Settings
from matting_core.matte.guides import mask_inside
from matting_core.media.opening import open_source
from matting_core.resources import resource_path
from matting_core.results.recipes import MatteKey, matte_key, segmentation_key
from matting_core.results.status import Status
from matting_core.types import FrameRange, ObjectId, Size
from tests.app.conftest import Hand, do, open_and_wait

pytestmark = [pytest.mark.weights, pytest.mark.slow]

FIRST = ObjectId(1)
FRAMES = 7
SIZE = (640, 360)
RABBIT = ((75, 30), (296, 316))
BELLY = (230, 215)
CORRECTED = 5
GOVERNED = FrameRange(3, 7)
"""What the correction speaks for: nearer to it than to the box on the first frame."""
LOCKED = FrameRange(3, 5)
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
    return [Status(int(value)) for value in window.editor.results.statuses(FIRST)]


def _keys(project: Project) -> dict[int, MatteKey]:
    return {frame: matte_key(project, FIRST, frame) for frame in range(FRAMES)}


def _alphas(window) -> dict[int, np.ndarray]:
    editor = window.editor
    return {
        frame: editor.cache.get_matte(key).alpha for frame, key in _keys(editor.project).items()
    }


def _changed(before: dict[int, object], after: dict[int, object]) -> list[int]:
    return [frame for frame in before if not np.array_equal(before[frame], after[frame])]


def _outermost(alpha: np.ndarray) -> tuple[int, int]:
    """A place well inside the part that reaches out furthest to the left."""
    inside = cv2.erode((alpha > 0.9).astype(np.uint8), np.ones((9, 9), np.uint8))
    ys, xs = np.nonzero(inside)
    at = xs.argmin()
    return int(xs[at]), int(ys[at])


def _wait(qtbot, done) -> None:
    qtbot.waitUntil(done, timeout=PATIENCE)


def _correct(window, qtbot, place: tuple[int, int]) -> None:
    """Say that a place is not the object, and wait until its own frame is made again."""
    window.editor.playback.seek(CORRECTED)
    _wait(qtbot, lambda: window.stage.picture.request.frame == CORRECTED)
    do(window, "edit.tool_point")
    Hand(window).click(*place, control=True)
    _wait(
        qtbot,
        lambda: _statuses(window)[CORRECTED] is Status.FRESH and Status.STALE in _statuses(window),
    )


def test_a_wrong_span_is_corrected_and_locked_frames_stay_bit_for_bit(make_window, rabbit, qtbot):
    window = make_window(settings=Settings())
    editor = window.editor
    open_and_wait(window, rabbit, qtbot)
    do(window, "edit.tool_box")
    Hand(window).drag(RABBIT[0], (200, 200), RABBIT[1])
    do(window, "track.both")
    _wait(qtbot, lambda: _statuses(window) == [Status.FRESH] * FRAMES)
    keys, before = _keys(editor.project), _alphas(window)
    assert before[0][BELLY[::-1]] > 0.9

    editor.view.select_span(LOCKED)
    do(window, "track.lock")
    wrong = _outermost(before[CORRECTED])
    _correct(window, qtbot, wrong)
    stale = [frame for frame in GOVERNED if frame not in LOCKED and frame != CORRECTED]
    assert [f for f, status in enumerate(_statuses(window)) if status is Status.STALE] == stale
    unlocked = _keys(span_edits.unlock_span(editor.project, FIRST, LOCKED))
    assert _changed(keys, unlocked) == list(GOVERNED)

    do(window, "track.update")
    _wait(qtbot, lambda: Status.STALE not in _statuses(window))
    after = _alphas(window)
    assert _changed(before, after) == [frame for frame in GOVERNED if frame not in LOCKED]
    assert after[CORRECTED][BELLY[::-1]] > 0.9
    key = segmentation_key(editor.project, FIRST, CORRECTED)
    mask = mask_inside(editor.cache.get_segmentation(key), Size(*SIZE))
    assert not mask[wrong[::-1]]
    assert after[CORRECTED][wrong[::-1]] < before[CORRECTED][wrong[::-1]]
