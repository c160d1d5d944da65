"""The editor with the embedded weights, on three small frames: a box becomes mattes."""

import cv2
import pytest

from matting_core.document.project import Settings
from matting_core.media.opening import open_source
from matting_core.resources import resource_path
from matting_core.results.recipes import matte_key
from matting_core.results.status import Status
from matting_core.types import ObjectId
from tests.app.conftest import Hand, do, open_and_wait

pytestmark = pytest.mark.weights

FIRST = ObjectId(1)
SIZE = (320, 180)
BOX = ((37, 15), (148, 158))
BELLY, ROCK = (115, 107), (250, 80)
PATIENCE = 240_000


@pytest.fixture
def rabbit(tmp_path):
    """Frames 77 to 79 of the demo clip, a quarter as large."""
    folder = tmp_path / "rabbit"
    folder.mkdir()
    source = open_source(resource_path("demo/bigbuckbunny.mp4"))
    for number in range(3):
        rgb = cv2.resize(source.read(77 + number), SIZE, interpolation=cv2.INTER_AREA)
        cv2.imwrite(str(folder / f"rabbit_{number:04d}.png"), cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    source.close()
    return folder


def test_a_box_is_tracked_and_every_frame_is_matted(make_window, rabbit, qtbot):
    window = make_window(settings=Settings())
    editor = window.editor
    open_and_wait(window, rabbit, qtbot)
    do(window, "edit.tool_box")
    Hand(window).drag(BOX[0], (90, 90), BOX[1])
    do(window, "track.both")
    qtbot.waitUntil(
        lambda: (
            [Status(int(value)) for value in editor.results.statuses(FIRST)] == [Status.FRESH] * 3
        ),
        timeout=PATIENCE,
    )
    for frame in range(3):
        alpha = editor.cache.get_matte(matte_key(editor.project, FIRST, frame)).alpha
        assert alpha[BELLY[::-1]] > 0.9
        assert alpha[ROCK[::-1]] < 0.1
        assert 0.08 < alpha.mean() < 0.30
        assert ((alpha > 0.1) & (alpha < 0.9)).mean() > 0.002
