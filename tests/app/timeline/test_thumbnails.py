"""Small pictures of the clip along the timeline."""

import cv2
import numpy as np
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from app.timeline.geometry import slots
from tests.app.conftest import FRAMES, open_and_wait


def _there(window) -> list[int]:
    thumbnails = window.editor.thumbnails
    return [frame for frame in range(FRAMES) if thumbnails.image(frame) is not None]


def test_the_frames_that_there_is_room_for_are_read(opened, qtbot):
    wanted = sorted({place.frame for place in slots(opened.panels.timeline.scale, 48)})
    qtbot.waitUntil(lambda: _there(opened) == wanted)
    image = opened.editor.thumbnails.image(wanted[0])
    assert (image.width(), image.height()) == (48, 36)


def test_they_are_as_fine_as_the_screen(opened, qtbot, monkeypatch):
    qtbot.waitUntil(lambda: bool(_there(opened)))
    timeline, thumbnails = opened.panels.timeline, opened.editor.thumbnails
    monkeypatch.setattr(timeline, "devicePixelRatioF", lambda: 2.0)
    QApplication.sendEvent(timeline, QEvent(QEvent.Type.DevicePixelRatioChange))
    assert _there(opened) == []
    qtbot.waitUntil(lambda: bool(_there(opened)))
    image = thumbnails.image(_there(opened)[0])
    assert (image.width(), image.height()) == (96, 72)
    assert image.deviceIndependentSize().toTuple() == (48, 36)


def test_another_clip_has_other_thumbnails(opened, clip, tmp_path, qtbot):
    qtbot.waitUntil(lambda: bool(_there(opened)))
    other = tmp_path / "other.mp4"
    other.write_bytes(clip.read_bytes() + b"\0" * 64)
    opened.editor.files.open(other)
    qtbot.waitUntil(lambda: opened.editor.project.clip.path == str(other))
    assert _there(opened) == []
    qtbot.waitUntil(lambda: bool(_there(opened)))


def test_those_that_are_there_are_not_read_again(opened, qtbot, monkeypatch):
    thumbnails = opened.editor.thumbnails
    qtbot.waitUntil(lambda: bool(_there(opened)) and not opened.editor.lanes.media.busy)
    read = []
    monkeypatch.setattr(
        thumbnails._maker, "thumbnail", lambda _path, frame, _height: read.append(frame)
    )
    thumbnails.want(_there(opened))
    qtbot.waitUntil(lambda: not thumbnails._soon.isActive())
    assert read == []


def test_a_window_without_a_clip_reads_nothing(window, qtbot):
    window.editor.thumbnails.want([0, 1])
    qtbot.waitUntil(lambda: not window.editor.thumbnails._soon.isActive())
    assert not window.editor.lanes.media.busy


def test_thumbnails_of_a_clip_that_is_gone_open_nothing(opened, clip, qtbot):
    maker = opened.editor.thumbnails._maker
    qtbot.waitUntil(lambda: bool(_there(opened)) and not opened.editor.lanes.busy)
    assert maker.thumbnail(str(clip), 0, 36).shape == (36, 48, 3)
    assert maker.thumbnail("/clips/another.mp4", 0, 36) is None
    assert maker.thumbnail(str(clip), 0, 36) is not None


def test_what_cannot_be_read_stays_grey_and_is_not_reported(window, tmp_path, qtbot):
    folder = tmp_path / "plate"
    folder.mkdir()
    for number in range(3):
        picture = np.full((48, 64, 3), number, np.uint8)
        cv2.imwrite(str(folder / f"a.{number:04d}.png"), picture)
    open_and_wait(window, folder / "a.%04d.png", qtbot)
    thumbnails = window.editor.thumbnails
    qtbot.waitUntil(lambda: not thumbnails._soon.isActive() and not window.editor.lanes.media.busy)
    (folder / "a.0002.png").unlink()
    window.editor._maker._frames.clear()
    thumbnails.want([2], 2.0)
    qtbot.waitUntil(lambda: not thumbnails._soon.isActive() and not window.editor.lanes.media.busy)
    assert thumbnails.image(2) is None
