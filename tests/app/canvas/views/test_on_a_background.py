"""The Colour and Foreground views in the window: choices, memory, clean edges."""

import cv2
import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QFileDialog

from app.canvas.pictures import foregrounds
from app.model.view import ViewMode
from tests.app.conftest import do, open_and_wait


def outside(window):
    return window.stage.picture.rgb[10, 300].tolist()


def test_a_preset_is_seen_behind_the_object_and_remembered(matted, make_window, clip, qtbot):
    do(matted, "view.backdrop_magenta")
    qtbot.waitUntil(lambda: outside(matted) == [255, 0, 255])
    assert matted.stage.caption.startswith("Colour (F7)")
    assert matted.commands["view.backdrop_magenta"].isChecked()
    other = make_window()
    open_and_wait(other, clip, qtbot)
    do(other, "view.backdrop")
    qtbot.waitUntil(lambda: outside(other) == [255, 0, 255])


def test_the_colours_are_stepped_through(matted):
    look = matted.editor.view
    do(matted, "view.backdrop_next")
    first = look.look.backdrop
    for _ in range(7):
        do(matted, "view.backdrop_next")
    assert look.look.backdrop == first
    assert look.mode is ViewMode.BACKDROP


def test_the_canvas_follows_the_colour_dialog_and_cancel_takes_it_back(matted, qtbot):
    do(matted, "view.backdrop_color")
    dialog = matted.findChild(QColorDialog, "backdrop_color")
    dialog.setCurrentColor(QColor(1, 2, 3))
    qtbot.waitUntil(lambda: outside(matted) == [1, 2, 3])
    dialog.reject()
    qtbot.waitUntil(lambda: outside(matted) == [128, 128, 128])


def test_an_image_is_put_behind_the_object(matted, tmp_path, qtbot):
    path = tmp_path / "blue.png"
    cv2.imwrite(str(path), np.full((9, 9, 3), (255, 0, 0), np.uint8))
    do(matted, "view.backdrop_image")
    matted.findChild(QFileDialog, "backdrop_image").fileSelected.emit(str(path))
    qtbot.waitUntil(lambda: outside(matted) == [0, 0, 255])
    assert "blue.png" in matted.stage.caption


def test_a_missing_image_is_said_once_and_the_view_goes_on(matted, tmp_path, qtbot, log_guard):
    log_guard.expect("cannot be the background")
    do(matted, "view.backdrop_image")
    chooser = matted.findChild(QFileDialog, "backdrop_image")
    chooser.fileSelected.emit(str(tmp_path / "gone.png"))
    qtbot.waitUntil(lambda: outside(matted) == [128, 128, 128])
    qtbot.waitUntil(lambda: "choose another image" in matted.stage.messages.text)


@pytest.mark.parametrize("mode", [ViewMode.CHECKER, ViewMode.BACKDROP, ViewMode.FOREGROUND])
def test_foreground_colours_come_after_the_plain_picture(matted, qtbot, monkeypatch, mode):
    pictures = []
    matted.editor.loader.loaded.connect(pictures.append)
    monkeypatch.setattr(
        foregrounds, "estimate_foreground", lambda rgb, _alpha: np.full_like(rgb, (9, 8, 7))
    )
    matted.editor.view.set_mode(mode)
    qtbot.waitUntil(lambda: matted.stage.picture.rgb[100, 80].tolist() == [9, 8, 7])
    rough = [picture.rough for picture in pictures if picture.request.mode is mode]
    assert rough[0]
    assert not rough[-1]
    assert rough == sorted(rough, reverse=True)


def test_other_views_never_estimate_them(matted, qtbot, monkeypatch):
    asked = []
    monkeypatch.setattr(
        foregrounds, "estimate_foreground", lambda rgb, _alpha: asked.append(1) or rgb
    )
    for mode in (ViewMode.SOURCE, ViewMode.ALPHA, ViewMode.ROI, ViewMode.TRIMAP):
        matted.editor.view.set_mode(mode)
        qtbot.waitUntil(lambda mode=mode: matted.stage.picture.request.mode is mode)
        assert not matted.stage.picture.rough
    assert not asked


def test_the_real_estimate_comes_without_being_asked_again(matted, qtbot):
    matted.editor.view.set_mode(ViewMode.FOREGROUND)
    qtbot.waitUntil(lambda: matted.stage.picture.request.mode is ViewMode.FOREGROUND)
    qtbot.waitUntil(lambda: not matted.stage.picture.rough)
    assert matted.stage.picture.rgb[100, 80].any()
    assert not matted.stage.picture.rgb[10, 300].any()
