"""The pixel under the cursor is read from what is on screen."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.canvas.pictures.probe import Sample, sample
from app.canvas.pictures.scene import Layer, Scene
from matting_core.types import Matte, ObjectId
from tests.app.conftest import do
from tests.tables import table


def layer(number, alpha, roi):
    planes = (np.full((4, 6), value, np.float32) for value in (alpha, roi, 1))
    return Layer(ObjectId(number), (0, 0, 0), Matte(*planes))


def test_a_sample_has_the_sources_colour_and_the_union_of_the_mattes():
    rgb = np.zeros((4, 6, 3), np.uint8)
    rgb[2, 5] = (10, 20, 30)
    scene = Scene(rgb, (layer(1, 0.25, 1), layer(2, 0.75, 0)))
    assert sample(scene, 5.9, 2.0) == Sample((5, 2), (10, 20, 30), 0.75, 1.0)
    assert sample(Scene(rgb), 5, 2) == Sample((5, 2), (10, 20, 30), None, None)


@table(("x", "y"), [(-0.1, 0), (0, -0.1), (6, 0), (0, 4)])
def test_outside_the_frame_there_is_nothing(x, y):
    assert sample(Scene(np.zeros((4, 6, 3), np.uint8)), x, y) is None


def point_at(window, hand, x, y):
    QTest.mouseMove(window.stage.canvas.viewport(), hand.at(x, y))


def figures(window):
    """The readout's words, figure spaces left out."""
    return window.stage.controls.readout.text().replace("\u2007", "").split()


def test_it_follows_the_cursor_without_a_new_picture(matted, hand, qtbot):
    picture = matted.stage.picture
    point_at(matted, hand, 80, 100)
    said = figures(matted)
    x, y = int(said[1]), int(said[3])
    assert (x, y) == (pytest.approx(80, abs=1), pytest.approx(100, abs=1))
    rgb = picture.scene.rgb[y, x].tolist()
    assert said[4:6] == ["px", "RGB"]
    assert said[6:9] == [str(value) for value in rgb]
    assert said[9:12] == [f"{value / 255:.3f}" for value in rgb]
    assert said[12:] == ["alpha", f"{picture.scene.alpha[y, x]:.3f}", "ROI", said[-1]]
    point_at(matted, hand, 300, 10)
    assert figures(matted)[13] == "0.000"
    assert matted.stage.picture is picture


def test_it_goes_when_the_cursor_leaves(matted, hand):
    readout = matted.stage.controls.readout
    point_at(matted, hand, 80, 100)
    assert readout.isVisible()
    point_at(matted, hand, -3, 100)
    assert not readout.isVisible()
    point_at(matted, hand, 80, 100)
    QApplication.sendEvent(matted.stage.canvas.viewport(), QEvent(QEvent.Type.Leave))
    assert not readout.isVisible()


def test_it_reads_anew_when_the_frame_changes_under_a_resting_cursor(tracked, hand, qtbot):
    point_at(tracked, hand, 40, 40)
    tracked.editor.playback.seek(6)
    qtbot.waitUntil(lambda: tracked.stage.picture.request.frame == 6)
    x, y = int(figures(tracked)[1]), int(figures(tracked)[3])
    assert figures(tracked)[6:9] == list(map(str, tracked.stage.picture.scene.rgb[y, x]))


def test_side_by_side_it_reads_the_same_place_in_both(matted, hand, qtbot):
    do(matted, "view.compare_beside")
    qtbot.waitUntil(lambda: matted.stage.picture.other is not None)
    point_at(matted, hand, 100, 60)
    left = figures(matted)
    point_at(matted, hand, 320 * 1.01 + 100, 60)
    right = figures(matted)
    assert int(right[1]) == pytest.approx(int(left[1]), abs=3)
    assert right[0] == "x"


def test_its_width_does_not_depend_on_the_values(matted, hand):
    widths = set()
    for place in [(5, 5), (80, 100), (300, 200)]:
        point_at(matted, hand, *place)
        widths.add(matted.stage.controls.readout.width())
    assert len(widths) == 1


def test_over_an_earlier_version_it_reads_that_one(tracked, hand, qtbot):
    before = tracked.stage.picture.scene.alpha
    hand.click(240, 60)
    qtbot.waitUntil(lambda: tracked.stage.picture.scene.alpha[60, 240] > before[60, 240])
    do(tracked, "view.compare_earlier")
    qtbot.waitUntil(lambda: tracked.stage.picture.others == 1)
    point_at(tracked, hand, 240, 62)
    assert float(figures(tracked)[13]) == pytest.approx(before[62, 240], abs=0.001)
    do(tracked, "view.compare_wipe")
    qtbot.waitUntil(lambda: tracked.stage.picture.other is None)
    now = tracked.stage.picture.scene.alpha
    assert float(figures(tracked)[13]) == pytest.approx(now[62, 240], abs=0.001)
