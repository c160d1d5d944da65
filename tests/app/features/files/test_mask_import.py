"""File > Import mask… and Import alpha sequence…: mask prompts, one undo step, nothing blocked."""

import threading

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from app.features.files import mask_import
from app.features.files.import_dialog import ImportAlphaDialog
from matting_core.document import span_edits
from matting_core.document.prompts import MaskPrompt
from matting_core.jobs import Pace
from matting_core.media.masks import decode_mask
from matting_core.types import FrameRange, Size
from tests.app.conftest import FRAMES, do, open_and_wait, task_ends
from tests.app.features.files.test_files import said
from tests.clips import write_clip, write_numbered_clip

SIZE = Size(320, 240)


def a_square(at=0, size=SIZE):
    picture = np.zeros(size.hw, np.uint8)
    picture[60:120, 40 + at : 100 + at] = 255
    return picture


def write_sequence(folder, numbers, name="alpha_{:06d}.png"):
    folder.mkdir(exist_ok=True)
    for number in numbers:
        cv2.imwrite(str(folder / name.format(number)), a_square(number % 50))
    return folder


def choose_mask(window, path):
    do(window, "file.import_mask")
    chooser = window.findChild(QFileDialog)
    assert chooser.isVisible()
    chooser.fileSelected.emit(str(path))
    chooser.close()


def import_alpha(window, path, qtbot):
    do(window, "file.import_alpha")
    dialog = window.findChild(ImportAlphaDialog)
    dialog.path.setText(str(path))
    with task_ends(qtbot, window.editor.masks):
        QTest.mouseClick(dialog.take, Qt.MouseButton.LeftButton)


def masks_of(window):
    return {prompt.frame: prompt for prompt in window.editor.project.objects[-1].prompts}


def test_a_mask_goes_on_this_frame_of_a_new_object_and_is_seen(opened, tmp_path, qtbot):
    cv2.imwrite(str(tmp_path / "maske ü.png"), a_square())
    opened.editor.playback.seek(4)
    choose_mask(opened, tmp_path / "maske ü.png")
    qtbot.waitUntil(lambda: len(opened.editor.project.objects) == 1)
    obj = opened.editor.project.objects[0]
    assert opened.editor.view.active == obj.id
    (prompt,) = obj.prompts
    assert isinstance(prompt, MaskPrompt)
    assert prompt.frame == 4
    assert np.array_equal(decode_mask(prompt.png, SIZE) > 0.5, a_square() > 0)
    qtbot.waitUntil(lambda: opened.stage.picture.mattes == 1)
    opened.editor.document.stack.undo()
    assert opened.editor.project.objects == ()


def test_a_mask_goes_to_the_active_object(opened, hand, tmp_path, qtbot):
    hand.click(80, 100)
    cv2.imwrite(str(tmp_path / "m.png"), a_square())
    choose_mask(opened, tmp_path / "m.png")
    qtbot.waitUntil(lambda: len(opened.editor.project.objects[0].prompts) == 2)
    assert len(opened.editor.project.objects) == 1
    opened.editor.document.stack.undo()
    assert len(opened.editor.project.objects[0].prompts) == 1


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (a_square(size=Size(320, 200)), "320 x 200, but the clip is 320 x 240"),
        (np.zeros(SIZE.hw, np.uint8), "all black"),
    ],
)
def test_a_mask_that_does_not_fit_is_said(opened, tmp_path, qtbot, log_guard, picture, words):
    cv2.imwrite(str(tmp_path / "m.png"), picture)
    log_guard.expect(words)
    choose_mask(opened, tmp_path / "m.png")
    qtbot.waitUntil(lambda: words in said(opened))
    assert opened.editor.project.objects == ()


def test_an_alpha_sequence_goes_on_its_frames_as_one_step(opened, tmp_path, qtbot):
    folder = write_sequence(tmp_path / "alpha", [0, 3, 11])
    import_alpha(opened, folder, qtbot)
    assert sorted(masks_of(opened)) == [0, 3, 11]
    assert "Imported 3 masks; their numbers are frame indexes." in said(opened)
    assert np.array_equal(decode_mask(masks_of(opened)[3].png, SIZE) > 0.5, a_square(3) > 0)
    opened.editor.document.stack.undo()
    assert opened.editor.project.objects == ()
    opened.editor.document.stack.redo()
    assert sorted(masks_of(opened)) == [0, 3, 11]


def test_source_numbers_find_their_frames(window, tmp_path, qtbot):
    plate = tmp_path / "plate"
    plate.mkdir()
    for number in range(1001, 1007):
        cv2.imwrite(str(plate / f"p.{number}.png"), np.full((*SIZE.hw, 3), 90, np.uint8))
    open_and_wait(window, plate, qtbot)
    import_alpha(window, write_sequence(tmp_path / "m", [1003, 1005, 2000], "m.{}.png"), qtbot)
    assert sorted(masks_of(window)) == [2, 4]
    assert "2 masks by the clip's own frame numbers" in said(window)
    assert "outside the clip: 1" in said(window)


def test_other_numbers_count_from_the_first_frame_on_and_it_says_so(opened, tmp_path, qtbot):
    import_alpha(opened, write_sequence(tmp_path / "m", range(100, 100 + FRAMES + 2)), qtbot)
    assert sorted(masks_of(opened)) == list(range(FRAMES))
    assert "from the first frame on" in said(opened)
    assert "outside the clip: 2" in said(opened)


def test_a_video_of_mattes_is_imported_without_its_black_frames(opened, tmp_path, qtbot):
    pictures = [np.repeat(a_square(k)[..., None], 3, 2) * (k != 1) for k in range(4)]
    import_alpha(opened, write_clip(tmp_path / "m.mp4", pictures, SIZE), qtbot)
    assert sorted(masks_of(opened)) == [0, 2, 3]
    assert "all black: 1" in said(opened)


def test_importing_again_replaces_the_masks_and_nothing_else(opened, hand, tmp_path, qtbot):
    hand.click(80, 100)
    folder = write_sequence(tmp_path / "m", [0, 1])
    import_alpha(opened, folder, qtbot)
    cv2.imwrite(str(folder / "alpha_000001.png"), a_square(20))
    import_alpha(opened, folder, qtbot)
    obj = opened.editor.project.objects[0]
    assert [type(prompt).__name__ for prompt in obj.prompts].count("MaskPrompt") == 2
    assert len(obj.prompts) == 3
    mask = next(p for p in obj.prompts if p.frame == 1)
    assert np.array_equal(decode_mask(mask.png, SIZE) > 0.5, a_square(20) > 0)


def test_a_damaged_image_is_named_and_nothing_is_imported(opened, tmp_path, qtbot, log_guard):
    folder = write_sequence(tmp_path / "m", [0, 1, 2])
    (folder / "alpha_000001.png").write_bytes(b"damaged")
    log_guard.expect("alpha_000001.png")
    import_alpha(opened, folder, qtbot)
    assert "alpha_000001.png" in said(opened)
    assert opened.editor.project.objects == ()


def test_an_import_can_be_cancelled_and_leaves_nothing(opened, tmp_path, qtbot, monkeypatch):
    permits = threading.Semaphore(1)

    class Gated(Pace):
        def advance(self):
            assert permits.acquire(timeout=20)
            return Pace.advance(self)

    monkeypatch.setattr(mask_import, "Pace", Gated)
    do(opened, "file.import_alpha")
    dialog = opened.findChild(ImportAlphaDialog)
    dialog.path.setText(str(write_sequence(tmp_path / "m", range(6))))
    QTest.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: opened.status.text.startswith("Importing m"))
    with task_ends(qtbot, opened.editor.masks):
        do(opened, "track.cancel")
        permits.release(100)
    assert opened.editor.project.objects == ()


def test_masks_for_a_clip_that_is_not_open_any_more_are_dropped(
    opened, tmp_path, qtbot, monkeypatch
):
    folder = write_sequence(tmp_path / "m", range(3))
    ready = []
    masks = opened.editor.masks
    monkeypatch.setattr(masks, "_on_read", ready.append)
    import_alpha(opened, folder, qtbot)
    open_and_wait(opened, write_numbered_clip(tmp_path / "numbers.mp4", 6), qtbot)
    qtbot.waitUntil(lambda: opened.editor.project.clip.length == 6)
    type(masks)._on_read(masks, ready[0])
    assert opened.editor.project.objects == ()


def test_without_a_clip_there_is_nothing_to_import_for(window):
    assert not window.commands["file.import_mask"].isEnabled()
    assert not window.commands["file.import_alpha"].isEnabled()


def close_frames(window, span, edit):
    window.editor.model.push("Close", lambda p: edit(p, window.editor.active.id, span))


def set_absent(project, object_id, span):
    return span_edits.set_absent(project, object_id, span, absent=True)


@pytest.mark.parametrize("edit", [span_edits.lock_span, set_absent])
def test_a_sequence_leaves_closed_frames_alone_and_says_so(opened, hand, tmp_path, qtbot, edit):
    hand.click(80, 100)
    close_frames(opened, FrameRange(4, 6), edit)
    import_alpha(opened, write_sequence(tmp_path / "m", range(3, 8)), qtbot)
    assert sorted(masks_of(opened)) == [0, 3, 6, 7]
    assert "Imported 3 masks" in said(opened)
    assert "Left out as locked or deleted: 2." in said(opened)
    assert "black" not in said(opened)


def test_a_sequence_for_closed_frames_alone_imports_nothing_and_says_so(
    opened, hand, tmp_path, qtbot
):
    hand.click(80, 100)
    close_frames(opened, FrameRange(0, FRAMES), span_edits.lock_span)
    before = opened.editor.project
    import_alpha(opened, write_sequence(tmp_path / "m", range(3)), qtbot)
    assert opened.editor.project == before
    assert "Nothing was imported" in said(opened)


def test_a_refused_import_is_not_reported_as_done(opened, hand, tmp_path, qtbot, log_guard):
    hand.click(80, 100)
    do(opened, "object.lock")
    log_guard.expect("object 1 is locked")
    import_alpha(opened, write_sequence(tmp_path / "m", range(3)), qtbot)
    assert "object 1 is locked" in said(opened)
