"""Wipe and side by side: against the source, and against an earlier version."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.model.look import Comparison
from app.model.view import ViewMode
from matting_core.document.prompts import PointPrompt
from tests.app.conftest import Hand, do


def comparison(window):
    return window.stage.controls.comparison


def shown(window):
    return [label.text() for label in comparison(window).names if label.isVisible()]


def on_screen(window, x, y):
    """Colour of the canvas where a pixel of the frame is."""
    place = window.stage.canvas.to_widget((x, y)).toPoint()
    return window.stage.canvas.grab().toImage().pixelColor(place).getRgb()[:3]


@pytest.fixture
def wiped(matted, qtbot):
    """The foreground left of the line, the source right of it."""
    matted.editor.view.set_mode(ViewMode.FOREGROUND)
    do(matted, "view.compare_wipe")
    qtbot.waitUntil(lambda: shown(matted) == ["Foreground (F8)", "Source"])
    return matted


def test_the_wipe_shows_the_source_right_of_the_line(wiped):
    assert comparison(wiped).line == 160
    assert np.array_equal(wiped.stage.picture.other, wiped.stage.picture.scene.rgb)
    assert on_screen(wiped, 20, 20) == (0, 0, 0)
    assert max(on_screen(wiped, 300, 20)) > 0


def test_the_line_is_dragged_without_a_new_picture_or_a_prompt(wiped, qtbot):
    picture, project = wiped.stage.picture, wiped.editor.project
    Hand(wiped).drag((160, 120), (100, 120), (10, 60))
    assert comparison(wiped).line == pytest.approx(10, abs=1)
    assert max(on_screen(wiped, 40, 20)) > 0
    Hand(wiped).drag((10, 200), (-500, 200))
    assert comparison(wiped).line == 0
    assert wiped.stage.picture is picture
    assert wiped.editor.project == project


def test_the_line_is_moved_with_the_keyboard_too(wiped, qtbot):
    picture = wiped.stage.picture
    do(wiped, "view.wipe_right")
    assert comparison(wiped).line == pytest.approx(160 + 16)
    for _ in range(3):
        do(wiped, "view.wipe_left")
    assert comparison(wiped).line == pytest.approx(160 - 32)
    for _ in range(20):
        do(wiped, "view.wipe_left")
    assert comparison(wiped).line == 0
    assert wiped.stage.picture is picture
    do(wiped, "view.compare_wipe")
    qtbot.waitUntil(lambda: not wiped.commands["view.wipe_left"].isEnabled())


def test_the_hand_shows_that_the_line_can_be_dragged(wiped, hand):
    viewport = wiped.stage.canvas.viewport()
    QTest.mouseMove(viewport, hand.at(160, 60))
    assert viewport.cursor().shape() == Qt.CursorShape.SplitHCursor
    QTest.mouseMove(viewport, hand.at(60, 60))
    assert viewport.cursor().shape() == Qt.CursorShape.CrossCursor


def test_a_click_beside_the_line_is_a_prompt(wiped, hand):
    hand.click(60, 60)
    assert len(wiped.editor.project.objects[0].prompts) == 2


def test_the_wipe_is_put_away(wiped, hand, qtbot):
    do(wiped, "view.compare_wipe")
    qtbot.waitUntil(lambda: shown(wiped) == [])
    assert wiped.stage.picture.other is None
    assert on_screen(wiped, 300, 20) == (0, 0, 0)
    hand.drag((160, 120), (100, 120))
    assert comparison(wiped).how is None


@pytest.fixture
def beside(matted, qtbot):
    do(matted, "view.compare_beside")
    qtbot.waitUntil(lambda: comparison(matted).how is Comparison.BESIDE)
    return matted


def test_side_by_side_both_pictures_are_seen_whole(beside):
    canvas = beside.stage.canvas
    left, right = canvas.to_widget((0, 0)), canvas.to_widget((2 * 320, 240))
    assert left.x() >= 0
    assert right.x() <= canvas.width()
    assert shown(beside) == ["Overlay (F2)", "Source"]
    do(beside, "view.compare_beside")
    assert not beside.commands["view.compare_beside"].isChecked()


def test_the_zoom_that_is_shown_is_the_pictures(opened, qtbot):
    canvas = opened.stage.canvas
    opened.resize(900, 640)
    qtbot.waitUntil(lambda: canvas.width() < 600)
    across = canvas.to_widget((320, 0)).x() - canvas.to_widget((0, 0)).x()
    assert canvas.zoom == pytest.approx(across / 320, abs=0.01)
    assert opened.stage.controls.zoom.text() == f"{canvas.zoom * 100:.0f} %"


def test_a_click_on_the_other_picture_means_the_same_place(beside, hand, qtbot):
    offset = 320 * 1.01
    hand.click(offset + 200, 60)
    assert beside.editor.project.objects[0].prompts[-1] == PointPrompt(
        0, pytest.approx((200, 60), abs=2)
    )


def test_leaving_side_by_side_shows_the_picture_large_again(beside, qtbot):
    small = beside.stage.canvas.zoom
    do(beside, "view.compare_beside")
    qtbot.waitUntil(lambda: beside.stage.canvas.zoom > 1.5 * small)


def test_there_is_no_earlier_version_before_something_was_tracked_anew(tracked):
    assert not tracked.commands["view.compare_earlier"].isEnabled()


def test_the_earlier_version_is_what_was_before_a_correction(tracked, hand, qtbot):
    before = tracked.stage.picture.scene.alpha
    hand.click(240, 60)
    qtbot.waitUntil(lambda: not np.array_equal(tracked.stage.picture.scene.alpha, before))
    tracked.editor.view.set_mode(ViewMode.ALPHA)
    do(tracked, "view.compare_earlier")
    qtbot.waitUntil(lambda: shown(tracked) == ["Alpha (F3)", "Earlier version"])
    picture = tracked.stage.picture
    assert np.allclose(picture.other[..., 0] / 255, before, atol=0.01)
    assert not np.array_equal(picture.other, picture.rgb)
    do(tracked, "view.compare_source")
    qtbot.waitUntil(lambda: shown(tracked) == ["Alpha (F3)", "Source"])


def test_names_stay_with_the_line(wiped, qtbot):
    left, right = comparison(wiped).names
    before = left.pos()
    wiped.stage.canvas.pan_by((30.0, 0.0))
    assert left.pos() != before
    line = wiped.stage.canvas.to_widget((160, 0)).x()
    assert left.geometry().right() < line < right.pos().x()
    assert left.pos().y() + left.height() <= wiped.stage.canvas.height()


def test_a_frame_that_the_earlier_version_lacks_says_so(matted, hand, qtbot):
    matted.editor.versions.keep(matted.editor.project)
    hand.click(240, 60)
    matted.editor.playback.seek(7)
    do(matted, "view.compare_earlier")
    qtbot.waitUntil(lambda: shown(matted) == ["Overlay (F2)", "Earlier version: no matte here"])


def pen(window, kind, position, buttons):
    viewport, place = window.stage.canvas.viewport(), QPointF(position)
    device, none = QPointingDevice.primaryPointingDevice(), Qt.KeyboardModifier.NoModifier
    left = Qt.MouseButton.LeftButton
    at = place, viewport.mapToGlobal(place)
    event = QTabletEvent(kind, device, *at, 0.5, 0, 0, 0, 0, 0, none, left, buttons)
    QApplication.sendEvent(viewport, event)


def test_a_pen_drags_the_line_too(wiped, hand):
    held, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    before = wiped.editor.project
    pen(wiped, QEvent.Type.TabletPress, hand.at(160, 60), held)
    pen(wiped, QEvent.Type.TabletMove, hand.at(80, 60), held)
    pen(wiped, QEvent.Type.TabletRelease, hand.at(80, 60), none)
    assert comparison(wiped).line == pytest.approx(80, abs=1)
    assert wiped.editor.project == before
