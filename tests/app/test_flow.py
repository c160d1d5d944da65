"""The work loop, driven by the mouse and the commands: prompt, track, correct, export."""

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from app.model.tool_names import ToolName
from app.model.view import ViewMode
from matting_core.document.prompts import BoxPrompt, Label, MaskPrompt, PointPrompt
from matting_core.results.status import Status
from matting_core.types import ObjectId
from tests.app.conftest import FRAMES, do, task_ends

FIRST = ObjectId(1)


def prompts(window):
    return window.editor.project.objects[0].prompts


def statuses(window):
    return list(window.editor.results.statuses(FIRST))


def mattes_shown(window):
    return window.stage.picture.mattes


def track(window, qtbot):
    do(window, "track.both")
    qtbot.waitUntil(lambda: not window.editor.runner.tracking)


def test_click_track_and_export(opened, hand, qtbot, tmp_path):
    hand.click(80, 100)
    qtbot.waitUntil(lambda: mattes_shown(opened) == 1)
    assert prompts(opened) == (PointPrompt(0, pytest.approx((80, 100), abs=1)),)
    tinted = opened.stage.picture.rgb[100, 80]

    track(opened, qtbot)
    qtbot.waitUntil(lambda: statuses(opened) == [Status.FRESH] * FRAMES)

    do(opened, "file.export")
    dialog = opened.findChild(QWidget, "export_dialog")
    qtbot.waitUntil(lambda: str(FRAMES) in dialog.ready.text())
    dialog.folder.setText(str(tmp_path / "out"))
    with task_ends(qtbot, opened.editor.exports):
        QTest.mouseClick(dialog.findChild(QPushButton, "export"), Qt.MouseButton.LeftButton)
    files = sorted((tmp_path / "out").glob("alpha_*.png"))
    assert [file.name for file in files] == [f"alpha_{i:06d}.png" for i in range(FRAMES)]
    alpha = cv2.imread(str(files[5]), cv2.IMREAD_UNCHANGED)
    assert alpha.dtype == np.uint16
    assert alpha[100, 80] > 60000
    assert alpha[10, 300] < 1000
    assert tinted[0] > tinted[2]  # the overlay is orange


def test_right_click_adds_background_and_control_click_too(opened, hand):
    hand.click(80, 100)
    hand.click(200, 50, Qt.MouseButton.RightButton)
    hand.click(40, 30, control=True)
    labels = [prompt.label for prompt in prompts(opened)]
    assert labels == [Label.FOREGROUND, Label.BACKGROUND, Label.BACKGROUND]


def test_a_box_is_dragged(opened, hand, qtbot):
    opened.editor.view.set_tool(ToolName.BOX)
    hand.drag((40, 50), (90, 90), (160, 150))
    (box,) = prompts(opened)
    assert isinstance(box, BoxPrompt)
    assert box.xyxy == pytest.approx((40, 50, 160, 150), abs=1)
    qtbot.waitUntil(lambda: mattes_shown(opened) == 1)


def test_a_point_is_moved_in_one_undo_step(opened, hand):
    hand.click(80, 100)
    opened.editor.view.set_tool(ToolName.SELECT)
    hand.drag((80, 100), (100, 100), (120, 110))
    assert prompts(opened)[0].xy == pytest.approx((120, 110), abs=1.5)
    do(opened, "edit.undo")
    assert prompts(opened)[0].xy == pytest.approx((80, 100), abs=1)


def test_undo_and_redo_go_all_the_way(opened, hand, qtbot):
    hand.click(80, 100)
    hand.click(200, 50, Qt.MouseButton.RightButton)
    do(opened, "playback.in")
    do(opened, "object.add")
    after = opened.editor.project
    for _ in range(4):
        do(opened, "edit.undo")
    assert opened.editor.project.objects == ()
    assert not opened.commands["edit.undo"].isEnabled()
    qtbot.waitUntil(lambda: mattes_shown(opened) == 0)
    for _ in range(4):
        do(opened, "edit.redo")
    assert opened.editor.project == after
    qtbot.waitUntil(lambda: mattes_shown(opened) == 1)


def test_a_correcting_point_starts_from_the_mask_that_is_seen(opened, hand, qtbot):
    opened.editor.view.set_tool(ToolName.BOX)
    hand.drag((40, 50), (90, 90), (160, 150))
    track(opened, qtbot)
    opened.editor.playback.seek(6)
    qtbot.waitUntil(lambda: opened.stage.picture.request.frame == 6)
    steps = opened.editor.document.stack.count()
    opened.editor.view.set_tool(ToolName.POINT)
    hand.click(100, 100, Qt.MouseButton.RightButton)
    qtbot.waitUntil(lambda: len(prompts(opened)) == 3)
    mask, point = prompts(opened)[1:]
    assert isinstance(mask, MaskPrompt)
    assert isinstance(point, PointPrompt)
    assert opened.editor.document.stack.count() == steps + 1
    png = cv2.imdecode(np.frombuffer(mask.png, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert png[140, 150] == 255
    assert png[200, 200] == 0
    do(opened, "edit.undo")
    assert len(prompts(opened)) == 1


def test_a_second_point_on_a_frame_adds_no_mask(opened, hand, qtbot):
    hand.click(80, 100)
    qtbot.waitUntil(lambda: mattes_shown(opened) == 1)
    hand.click(90, 110)
    assert [type(prompt) for prompt in prompts(opened)] == [PointPrompt, PointPrompt]


def test_a_correction_makes_what_it_governs_stale_and_tracking_mends_it(opened, hand, qtbot):
    hand.click(80, 100)
    track(opened, qtbot)
    opened.editor.playback.seek(8)
    qtbot.waitUntil(lambda: opened.stage.picture.request.frame == 8)
    hand.click(200, 100)
    qtbot.waitUntil(lambda: len(prompts(opened)) == 3)
    expected = [Status.FRESH] * 5 + [Status.STALE] * 3 + [Status.FRESH] + [Status.STALE] * 3
    qtbot.waitUntil(lambda: statuses(opened) == expected)
    opened.editor.playback.seek(6)
    qtbot.waitUntil(lambda: opened.stage.picture.request.frame == 6)
    assert opened.stage.picture.stale
    assert mattes_shown(opened) == 1
    track(opened, qtbot)
    qtbot.waitUntil(lambda: statuses(opened) == [Status.FRESH] * FRAMES)
    qtbot.waitUntil(lambda: not opened.stage.picture.stale)


def test_delete_removes_the_selected_prompt_else_the_frames_prompts(opened, hand):
    hand.click(80, 100)
    hand.click(90, 100)
    hand.click(100, 100)
    opened.editor.view.select(prompts(opened)[1])
    do(opened, "edit.delete")
    assert [prompt.xy[0] for prompt in prompts(opened)] == pytest.approx([80, 100], abs=1)
    opened.editor.view.select(None)
    do(opened, "edit.delete")
    assert prompts(opened) == ()


def test_a_late_object_leaves_the_others_alone(opened, hand, qtbot):
    hand.click(80, 100)
    track(opened, qtbot)
    do(opened, "object.add")
    hand.click(200, 100)
    second = opened.editor.project.objects[1]
    assert len(second.prompts) == 1
    qtbot.waitUntil(lambda: mattes_shown(opened) == 2)
    assert statuses(opened) == [Status.FRESH] * FRAMES


def test_every_view_shows_a_picture_of_the_clips_size(opened, hand, qtbot, subtests):
    hand.click(80, 100)
    qtbot.waitUntil(lambda: mattes_shown(opened) == 1)
    for mode in ViewMode:
        with subtests.test(mode=mode):
            opened.editor.view.set_mode(mode)
            qtbot.waitUntil(lambda mode=mode: opened.stage.picture.request.mode is mode)
            assert opened.stage.picture.rgb.shape == (240, 320, 3)


def test_a_hidden_object_is_not_shown(opened, hand, qtbot):
    hand.click(80, 100)
    qtbot.waitUntil(lambda: mattes_shown(opened) == 1)
    do(opened, "object.visible")
    qtbot.waitUntil(lambda: mattes_shown(opened) == 0)


def test_export_leaves_stale_frames_out_and_says_so(opened, hand, qtbot):
    hand.click(80, 100)
    qtbot.waitUntil(lambda: mattes_shown(opened) == 1)
    do(opened, "file.export")
    dialog = opened.findChild(QWidget, "export_dialog")
    qtbot.waitUntil(lambda: "Mattes ready: 1." in dialog.ready.text())
    assert str(FRAMES - 1) in dialog.ready.text()
    dialog.close()


def test_choosing_another_head_is_undoable(opened, hand, qtbot):
    hand.click(80, 100)
    _, heads, _ = opened.panels.models.boxes
    heads.setCurrentIndex(heads.findData("closed-form"))
    heads.activated.emit(heads.currentIndex())
    assert opened.editor.project.settings.head == "closed-form"
    do(opened, "edit.undo")
    assert opened.editor.project.settings.head == "mask"
