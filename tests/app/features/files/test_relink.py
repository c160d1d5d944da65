"""A project whose clip has moved opens, says so, and takes the clip from where it is now."""

import json
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from app.features.objects.commands import add_object
from matting_core.document import storage
from tests.app.conftest import FRAMES, Hand, do, open_and_wait
from tests.app.features.files.test_files import said, saved_project
from tests.clips import moving_disc_pictures, write_clip, write_numbered_clip


def regrade(path):
    """Write the same clip, but darker."""
    pictures = [picture // 2 for picture in moving_disc_pictures(FRAMES, (320, 240))]
    write_clip(path, pictures, (320, 240))


@pytest.fixture
def moved(window, clip, tmp_path, qtbot):
    """A project that was saved when its clip was elsewhere, and the clip's present place."""
    before = tmp_path / "before" / "disc.mp4"
    before.parent.mkdir()
    shutil.copy(clip, before)
    open_and_wait(window, before, qtbot)
    Hand(window).click(80, 100)
    project = tmp_path / "projects" / "fox.wisp"
    project.parent.mkdir()
    saved_project(window, project, qtbot)
    window.close()
    now = tmp_path / "now" / "renamed.mp4"
    now.parent.mkdir()
    before.rename(now)
    return project, now


@pytest.fixture
def lost(make_window, moved, qtbot):
    """A window with the project open, its clip missing."""
    window = make_window()
    window.editor.files.open(moved[0])
    qtbot.waitUntil(window.stage.missing.isVisible)
    return window


def test_a_missing_clip_is_named_and_the_prompts_are_there(lost, moved, tmp_path):
    assert str(tmp_path / "before" / "disc.mp4") in lost.stage.missing.trouble.text()
    assert "prompts: 1" in lost.stage.missing.kept.text()
    assert len(lost.editor.project.objects[0].prompts) == 1
    assert not lost.stage.missing.stand_in.isVisible()
    assert not lost.stage.canvas.isVisible()
    assert not lost.editor.document.modified


def test_without_the_clip_tracking_and_adding_say_to_find_it_and_exporting_goes_on(lost):
    actions = lost.commands
    for command in ("track.both", "track.all", "track.forward", "object.add"):
        assert not actions[command].isEnabled(), command
        assert (
            actions[command]
            .toolTip()
            .endswith("The clip is missing; find it first (File, Find the missing clip).")
        )
    assert actions["file.export"].isEnabled()  # what is tracked is in the cache


def test_the_whole_explanation_is_seen(lost, qtbot):
    page = lost.stage.missing
    long = "A long sentence about a clip that cannot be found where it was. " * 8
    page.trouble.setText(long)
    page.kept.setText(long)
    for width in (1280, 834):
        lost.resize(width, 720)
        qtbot.waitUntil(lambda width=width: lost.width() == width)
        for label in (page.trouble, page.kept):
            wrapped = label.heightForWidth(label.width())
            qtbot.waitUntil(lambda label=label, least=wrapped: label.height() >= least)
            assert label.width() > 300
    buttons = page.find_clip.parentWidget().mapTo(page, page.find_clip.pos())
    assert buttons.y() > page.kept.mapTo(page, page.kept.rect().bottomLeft()).y()


def test_looking_around_without_the_clip_makes_no_errors(lost, qtbot):
    lost.editor.playback.seek(5)
    lost.commands["view.alpha"].trigger()
    qtbot.waitUntil(lambda: lost.editor.loader.idle)
    assert said(lost) == ""


def choose(window, path):
    """Answer the chooser that the button opens."""
    QTest.mouseClick(window.stage.missing.find_clip, Qt.MouseButton.LeftButton)
    chooser = window.findChild(QFileDialog)
    assert chooser.isVisible()
    chooser.fileSelected.emit(str(path))
    chooser.close()


@pytest.mark.parametrize("choice", ["file", "folder"])
def test_the_clip_that_is_found_is_shown_and_the_project_wants_saving(lost, moved, qtbot, choice):
    project, now = moved
    objects = lost.editor.project.objects
    if choice == "folder":  # a folder will do when the file in it has kept its name
        now = now.rename(now.with_name("disc.mp4"))
    choose(lost, now if choice == "file" else now.parent)
    qtbot.waitUntil(lost.stage.canvas.isVisible)
    qtbot.waitUntil(lambda: lost.stage.picture is not None)
    assert lost.editor.project.clip.path == str(now)
    assert lost.editor.project.objects == objects
    assert lost.editor.document.modified
    saved_project(lost, project, qtbot)
    assert storage.load(project).clip.path == str(now)
    assert not lost.editor.document.modified
    assert not lost.commands["file.find_clip"].isEnabled()


def test_the_clip_may_come_back_to_its_place(lost, moved, tmp_path, qtbot):
    moved[1].rename(tmp_path / "before" / "disc.mp4")
    choose(lost, tmp_path / "before" / "disc.mp4")
    qtbot.waitUntil(lambda: lost.stage.picture is not None)
    assert lost.stage.canvas.isVisible()
    assert not lost.editor.document.modified


def test_undo_does_not_send_the_clip_back(lost, moved, qtbot):
    add_object(lost.editor)
    choose(lost, moved[1])
    qtbot.waitUntil(lambda: lost.stage.picture is not None)
    lost.editor.document.stack.undo()
    assert len(lost.editor.project.objects) == 1
    assert lost.editor.project.clip.path == str(moved[1])


def test_a_clip_of_another_size_or_length_is_refused_with_both(lost, tmp_path, qtbot):
    other = write_numbered_clip(tmp_path / "numbers.mp4", 6)
    choose(lost, other)
    qtbot.waitUntil(lambda: "numbers.mp4" in lost.stage.missing.trouble.text())
    text = lost.stage.missing.trouble.text()
    assert f"with {FRAMES} frames" in text
    assert "with 6 frames" in text
    assert not lost.stage.missing.stand_in.isVisible()
    assert len(lost.editor.project.objects[0].prompts) == 1


def test_a_clip_of_other_contents_may_be_used_anyway(lost, tmp_path, qtbot):
    other = tmp_path / "regraded.mp4"
    regrade(other)
    objects = lost.editor.project.objects
    choose(lost, other)
    qtbot.waitUntil(lost.stage.missing.stand_in.isVisible)
    assert "other contents" in lost.stage.missing.trouble.text()
    QTest.mouseClick(lost.stage.missing.stand_in, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: lost.stage.picture is not None)
    assert lost.editor.project.clip.path == str(other)
    assert lost.editor.project.objects == objects
    assert lost.editor.document.modified


def test_what_is_no_clip_is_said_and_the_search_goes_on(lost, moved, tmp_path, qtbot):
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"no video")
    choose(lost, bad)
    qtbot.waitUntil(lambda: "bad.mp4" in lost.stage.missing.trouble.text())
    choose(lost, moved[1])
    qtbot.waitUntil(lambda: lost.stage.picture is not None)


def test_a_clip_beside_the_project_is_found_without_asking(make_window, moved, qtbot):
    project, now = moved
    beside = now.rename(project.parent / "disc.mp4")
    window = make_window()
    open_and_wait(window, project, qtbot)
    assert window.editor.project.clip.path == str(beside)


def test_a_wrong_clip_in_its_place_gives_way_to_the_right_one_beside_the_project(
    make_window, moved, tmp_path, qtbot
):
    project, now = moved
    write_numbered_clip(tmp_path / "before" / "disc.mp4", 6)
    beside = now.rename(project.parent / "disc.mp4")
    window = make_window()
    open_and_wait(window, project, qtbot)
    assert window.editor.project.clip.path == str(beside)


def test_a_clip_that_was_changed_in_its_place_can_be_used_at_once(
    make_window, moved, tmp_path, qtbot
):
    regrade(tmp_path / "before" / "disc.mp4")
    window = make_window()
    window.editor.files.open(moved[0])
    qtbot.waitUntil(window.stage.missing.stand_in.isVisible)
    window.editor.files.use_stand_in()
    qtbot.waitUntil(lambda: window.stage.picture is not None)
    assert len(window.editor.project.objects[0].prompts) == 1


def test_a_lost_folder_of_stills_is_asked_for_as_a_folder(window, make_window, tmp_path, qtbot):
    import cv2
    import numpy as np

    folder, moved = tmp_path / "plate", tmp_path / "plate_moved"
    folder.mkdir()
    for number in range(3):
        cv2.imwrite(str(folder / f"a.{number:04d}.png"), np.full((48, 64, 3), number, np.uint8))
    open_and_wait(window, folder / "a.%04d.png", qtbot)
    path = saved_project(window, tmp_path / "fox.wisp", qtbot)
    folder.rename(moved)
    other = make_window()
    other.editor.files.open(path)
    qtbot.waitUntil(other.stage.missing.isVisible)
    do(other, "file.find_clip")
    chooser = other.findChild(QFileDialog)
    assert chooser.fileMode() == QFileDialog.FileMode.Directory
    chooser.fileSelected.emit(str(moved))
    qtbot.waitUntil(lambda: other.stage.picture is not None)
    assert other.editor.project.clip.path == str(moved / "a.%04d.png")
    chooser.close()


def test_unsaved_work_whose_clip_is_gone_is_not_lost(make_window, moved, tmp_path, qtbot):
    project, now = moved
    record = json.loads(Path(project).read_bytes())
    left = tmp_path / "wisp-cache" / "recovery" / "killed" / "001-disc.wisp"
    left.parent.mkdir(parents=True)
    left.write_text(json.dumps(record))
    window = make_window()
    with qtbot.waitSignal(window.editor.recovery.offered) as offered:
        window.editor.recovery.look()
    window.editor.files.restore(offered.args[0][0])
    qtbot.waitUntil(window.stage.missing.isVisible)
    window.editor.files.find_clip(now)
    qtbot.waitUntil(lambda: window.stage.picture is not None)
    assert len(window.editor.project.objects[0].prompts) == 1
