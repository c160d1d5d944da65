"""Strokes and corrections that are still being made get into what is saved, kept and left."""

import pytest

from app.model.tool_names import ToolName
from matting_core.document import storage
from matting_core.document.prompts import MaskPrompt, PointPrompt
from matting_core.types import FrameRange, ObjectId
from tests.app.conftest import Hand
from tests.app.features.files.test_files import saved_project
from tests.app.features.files.test_recovery import kept_files, patient, wait_for_kept
from tests.clips import write_numbered_clip

ONE = ObjectId(1)


@pytest.fixture
def stroke(opened, hand: Hand):
    """Paints, and does not wait until the document has it."""

    def paint():
        opened.editor.view.set_tool(ToolName.BRUSH)
        hand.drag((60, 60), (120, 60))
        assert opened.editor.project.objects == ()

    return paint


def kinds(project):
    return [type(prompt) for obj in project for prompt in obj.prompts]


def test_a_stroke_that_is_being_made_is_saved(opened, stroke, tmp_path, qtbot):
    stroke()
    path = saved_project(opened, tmp_path / "fox.wisp", qtbot)
    assert kinds(storage.load(path)) == [MaskPrompt]
    assert not opened.editor.document.modified


def test_a_correction_that_is_being_made_is_saved(opened, hand, tmp_path, qtbot):
    hand.click(80, 100)
    opened.editor.tracking.track([ONE], FrameRange(0, 4))
    qtbot.waitUntil(lambda: opened.editor.results.latest(ONE, 3) is not None)
    qtbot.waitUntil(lambda: not opened.editor.runner.tracking)
    opened.editor.playback.seek(3)
    qtbot.waitUntil(lambda: opened.stage.picture.request.frame == 3)
    hand.click(200, 60)
    assert len(opened.editor.active.prompts) == 1
    path = saved_project(opened, tmp_path / "fox.wisp", qtbot)
    assert kinds(storage.load(path)) == [PointPrompt, MaskPrompt, PointPrompt]


def test_a_stroke_that_is_being_made_is_kept(opened, stroke, tmp_path, qtbot):
    patient(opened)
    stroke()
    opened.editor.recovery.write()
    assert kinds(storage.load(wait_for_kept(opened, tmp_path, qtbot))) == [MaskPrompt]


def test_a_stroke_that_is_being_made_is_kept_when_the_window_closes(opened, stroke, tmp_path):
    stroke()
    opened.close()
    (kept,) = kept_files(tmp_path)
    assert kinds(storage.load(kept)) == [MaskPrompt]


def test_a_stroke_that_is_being_made_is_kept_when_another_clip_opens(
    opened, stroke, tmp_path, qtbot
):
    other = write_numbered_clip(tmp_path / "numbers.mp4", 6)
    opened.editor.files.open(other)
    stroke()
    qtbot.waitUntil(lambda: opened.editor.project.clip.path == str(other))
    assert opened.editor.project.objects == ()
    qtbot.waitUntil(lambda: len(kept_files(tmp_path)) == 1)
    assert kinds(storage.load(kept_files(tmp_path)[0])) == [MaskPrompt]


def test_saving_and_leaving_at_once_saves(opened, hand, tmp_path):
    hand.click(80, 100)
    project = opened.editor.project
    opened.editor.files.save(tmp_path / "fox.wisp")
    opened.close()
    assert storage.load(tmp_path / "fox.wisp") == project
    assert kept_files(tmp_path) == []


def test_a_stroke_a_save_and_leaving_at_once_saves_the_stroke(opened, stroke, tmp_path):
    stroke()
    opened.editor.files.save(tmp_path / "fox.wisp")
    opened.close()
    assert kinds(storage.load(tmp_path / "fox.wisp")) == [MaskPrompt]
    assert kept_files(tmp_path) == []


def test_a_save_that_fails_while_leaving_keeps_the_work(opened, hand, tmp_path, log_guard):
    hand.click(80, 100)
    project = opened.editor.project
    (tmp_path / "file").write_text("")
    log_guard.expect("folder")
    opened.editor.files.save(tmp_path / "file" / "fox.wisp")
    opened.close()
    assert [storage.load(path) for path in kept_files(tmp_path)] == [project]


def test_work_that_was_undone_is_not_kept_when_leaving(opened, hand, tmp_path, qtbot):
    hand.click(80, 100)
    opened.editor.recovery.write()
    opened.editor.document.stack.undo()
    opened.close()
    assert kept_files(tmp_path) == []
