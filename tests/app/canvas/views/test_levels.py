"""Gain and gamma on the canvas: sliders, keys, and the way back."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.canvas.pictures.compose import LEVELLED
from app.model.look import Levels
from app.model.view import ViewMode
from tests.app.conftest import do
from tests.tables import table


@table("mode", ViewMode)
def test_the_sliders_are_there_in_the_views_of_mattes(opened, mode):
    opened.editor.view.set_mode(mode)
    assert opened.stage.controls.levels.isVisible() is (mode in LEVELLED)


def test_a_slider_changes_the_picture_and_a_double_click_takes_it_back(matted, qtbot):
    matted.editor.view.set_mode(ViewMode.TRIMAP)
    gamma = matted.stage.controls.levels.gamma
    gamma.setValue(-12)
    qtbot.waitUntil(lambda: matted.stage.picture.request.look.levels == Levels(0, -12))
    QTest.mouseDClick(gamma, Qt.MouseButton.LeftButton)
    assert matted.editor.view.look.levels == Levels()
    assert gamma.value() == 0


def test_commands_move_the_sliders(matted):
    levels = matted.stage.controls.levels
    matted.editor.view.set_mode(ViewMode.ALPHA)
    for command in ("gain_up", "gain_up", "gain_down", "gamma_up", "gamma_down", "gamma_down"):
        do(matted, f"view.{command}")
    assert (levels.gain.value(), levels.gamma.value()) == (2, -2)
    do(matted, "view.levels_reset")
    assert (levels.gain.value(), levels.gamma.value()) == (0, 0)
    assert not matted.commands["view.levels_reset"].isEnabled()


def test_they_mean_nothing_where_no_matte_is_shown(matted, qtbot):
    assert not matted.commands["view.gain_up"].isEnabled()


def test_a_click_on_the_chip_is_not_one_on_the_picture(matted):
    matted.editor.view.set_mode(ViewMode.ALPHA)
    before = matted.editor.project
    QTest.mouseClick(matted.stage.controls.levels, Qt.MouseButton.LeftButton)
    assert matted.editor.project == before
