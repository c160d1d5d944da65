"""A project with a model under a restricted licence: nothing is used before it is accepted."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from app.features.models.licence_dialog import LicenceDialog
from matting_core.cli.matting import clip_of
from matting_core.document import edits, storage
from matting_core.document.project import Project, Settings
from matting_core.media.opening import open_source
from matting_core.models import licences, registry
from matting_core.models.heads.mask import SPEC as MASK
from matting_core.results.status import Status
from tests.app.conftest import FAKE, FRAMES, Hand, do, open_and_wait
from tests.core.factories import ONE, a_box
from tests.core.licensed import HEADS, TRACKER, restrict_head, restrict_tracker

FREE = Settings("fake", "free")
DECLINED = "Mask only is not used: its licence was not accepted. Accept it, or choose another"


@pytest.fixture
def built(monkeypatch) -> list[str]:
    """Makes the mask head a restricted one; what was built of it. Head "free" is not."""
    restrict_head(monkeypatch)
    built = []
    heads = dict(registry.head_specs())
    spec = heads["mask"]
    heads["mask"] = replace(spec, build=lambda device: built.append("mask") or spec.build(device))
    heads["free"] = replace(MASK, id="free", title="Free")
    monkeypatch.setattr(registry, "head_specs", lambda: heads)
    return built


@pytest.fixture
def saved(clip, tmp_path):
    """A project with a prompt on its first frame, in a file."""
    source = open_source(clip)
    project = edits.set_clip(Project(settings=FAKE), clip_of(source, str(clip)))
    source.close()
    path = tmp_path / "a.wisp"
    box = a_box(0, (40, 60, 120, 140))
    storage.save(edits.add_prompts(edits.add_object(project), ONE, [box]), path)
    return path


@pytest.fixture
def asked(built, saved, make_window, qtbot):
    """A window that has just opened the project and shows the licence."""
    window = make_window(settings=FREE)
    window.editor.files.open(saved)
    qtbot.waitUntil(lambda: bool(questions(window)))
    return window


def questions(window):
    return [each for each in window.findChildren(LicenceDialog) if each.isVisible()]


def question(window):
    (found,) = questions(window)
    return found


def accept(window):
    button = question(window).findChild(QPushButton, "accept_licence")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def answer(window):
    (button,) = window.stage.messages._buttons
    assert button.text() == "Show licence"
    button.click()


def fresh(window):
    return int((window.editor.results.statuses(ONE) == Status.FRESH).sum())


def at_rest(window, qtbot):
    qtbot.waitUntil(lambda: window.editor.loader.idle and not window.editor.lanes.gpu.busy)


def test_opening_shows_the_licence_before_the_model_is_used(asked, built, qtbot):
    assert question(asked).isModal()
    text = question(asked).findChild(QLabel)
    assert "Mask only is licensed under CC-BY-NC-SA-4.0" in text.text()
    assert "Name its authors, and share what you make of it under the same licence." in text.text()
    assert '<a href="https://creativecommons.org/licenses/by-nc-sa/4.0/">' in text.text()
    assert text.openExternalLinks()
    at_rest(asked, qtbot)
    assert built == []
    assert len(questions(asked)) == 1
    accept(asked)
    qtbot.waitUntil(lambda: fresh(asked) == 1)
    assert built == ["mask"]
    assert licences.is_accepted([HEADS])


def test_declining_leaves_the_project_and_says_what_to_do(asked, saved, built, qtbot, log_guard):
    log_guard.expect(DECLINED)
    before = saved.read_bytes()
    question(asked).reject()
    at_rest(asked, qtbot)
    assert asked.stage.messages.text.startswith(DECLINED)
    assert asked.editor.project.settings == FAKE
    assert not asked.editor.document.modified
    assert saved.read_bytes() == before
    assert (built, fresh(asked)) == ([], 0)


def test_a_declined_licence_can_be_shown_again(asked, qtbot, log_guard):
    log_guard.expect(DECLINED)
    question(asked).reject()
    answer(asked)
    accept(asked)
    qtbot.waitUntil(lambda: fresh(asked) == 1)
    assert asked.stage.messages.text == ""


def test_a_track_without_the_licence_waits_for_it(asked, built, qtbot, log_guard):
    log_guard.expect(DECLINED)
    question(asked).reject()
    at_rest(asked, qtbot)
    asked.stage.messages.dismiss()
    do(asked, "track.both")
    qtbot.waitUntil(lambda: asked.stage.messages.text.startswith(DECLINED))
    qtbot.waitUntil(lambda: not asked.editor.runner.tracking)
    assert built == []
    assert questions(asked) == []
    answer(asked)
    accept(asked)
    qtbot.waitUntil(lambda: fresh(asked) == FRAMES)


def test_another_model_needs_no_answer(asked, built, qtbot, log_guard):
    log_guard.expect(DECLINED)
    question(asked).reject()
    asked._choice.want(FREE)
    qtbot.waitUntil(lambda: fresh(asked) == 1)
    assert built == []


def test_undoing_back_to_it_asks_as_well(asked, built, qtbot, log_guard):
    log_guard.expect(DECLINED)
    question(asked).reject()
    asked._choice.want(FREE)
    qtbot.waitUntil(lambda: fresh(asked) == 1)
    asked.stage.messages.dismiss()
    do(asked, "edit.undo")
    qtbot.waitUntil(lambda: asked.stage.messages.text.startswith(DECLINED))
    assert built == []


def test_opening_it_again_asks_again(asked, saved, qtbot, log_guard):
    log_guard.expect(DECLINED)
    question(asked).reject()
    at_rest(asked, qtbot)
    asked.editor.files.open(saved)
    qtbot.waitUntil(lambda: bool(questions(asked)))
    accept(asked)
    at_rest(asked, qtbot)
    asked.editor.files.open(saved)
    qtbot.waitUntil(lambda: asked.editor.lanes.media.busy)
    at_rest(asked, qtbot)
    assert questions(asked) == []


def test_tracker_and_head_are_asked_for_one_after_the_other(
    built, saved, make_window, qtbot, monkeypatch
):
    restrict_tracker(monkeypatch)
    window = make_window()
    window.editor.files.open(saved)
    qtbot.waitUntil(lambda: bool(questions(window)))
    first = question(window)
    accept(window)
    assert question(window) is not first
    at_rest(window, qtbot)
    assert built == []
    accept(window)
    qtbot.waitUntil(lambda: fresh(window) == 1)
    assert licences.is_accepted([TRACKER, HEADS])


def test_a_question_about_another_model_does_not_stand_in_for_this_one(
    built, saved, make_window, qtbot
):
    window = make_window(settings=FREE)
    other = LicenceDialog("Other", "CC-BY-NC-4.0", (), window)
    other.open()
    window.editor.files.open(saved)
    qtbot.waitUntil(lambda: len(questions(window)) == 2)
    other.reject()
    accept(window)
    qtbot.waitUntil(lambda: fresh(window) == 1)


def test_a_new_clip_with_the_models_in_use_asks_too(built, make_window, clip, qtbot):
    window = make_window()
    open_and_wait(window, clip, qtbot)
    accept(window)
    Hand(window).click(80, 100)
    qtbot.waitUntil(lambda: fresh(window) == 1)
