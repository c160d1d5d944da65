"""Naming the object instead of clicking on it."""

from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit

from app.canvas.tools.gestures import ToolContext
from app.canvas.tools.naming import text_change
from app.features.objects import commands as conditions
from app.features.objects.text_dialog import TextDialog
from matting_core.document.prompts import LONGEST_TEXT, TextPrompt
from matting_core.models import registry
from matting_core.models.trackers.fake import SPEC
from tests.app.conftest import ask_all_commands, do


@pytest.fixture
def understanding(monkeypatch, opened):
    """A window whose tracker understands text."""
    specs = dict(registry.tracker_specs())
    specs["fake"] = replace(SPEC, accepts=SPEC.accepts | {"text"})
    for module in (registry, conditions):
        monkeypatch.setattr(module, "tracker_specs", lambda: specs)
    ask_all_commands(opened)
    return opened


def say(window, text):
    do(window, "edit.text")
    dialog = window.findChildren(TextDialog)[-1]  # an earlier one may not be deleted yet
    line = dialog.findChild(QLineEdit)
    before = line.text()
    line.clear()
    QTest.keyClicks(line, text)
    dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok).click()
    return before


def prompts(window):
    return [prompt for obj in window.editor.project for prompt in obj.prompts]


def test_it_is_offered_only_where_the_tracker_understands_text(understanding, monkeypatch):
    action = understanding.commands["edit.text"]
    assert action.isEnabled()
    monkeypatch.setattr(conditions, "tracker_specs", lambda: {"fake": SPEC})
    ask_all_commands(understanding)
    assert not action.isEnabled()


def test_a_name_becomes_a_prompt_that_is_listed_and_can_be_undone(understanding, qtbot):
    understanding.editor.view.set_frame(3)
    assert say(understanding, " the brown dog ") == ""
    assert prompts(understanding) == [TextPrompt(3, "the brown dog")]
    listed = understanding.panels.prompts.list
    qtbot.waitUntil(lambda: listed.count() == 1)
    assert listed.item(0).text() == "“the brown dog”"
    do(understanding, "edit.undo")
    assert prompts(understanding) == []


def test_another_name_replaces_the_frames_earlier_one(understanding, qtbot):
    say(understanding, "dog")
    assert say(understanding, "cat") == "dog"
    assert prompts(understanding) == [TextPrompt(0, "cat")]
    assert len(understanding.editor.project.objects) == 1


def test_delete_takes_it_away(understanding, qtbot):
    say(understanding, "dog")
    assert understanding.editor.view.selected == TextPrompt(0, "dog")
    do(understanding, "edit.delete")
    assert prompts(understanding) == []


def test_nothing_said_changes_nothing(understanding, qtbot):
    say(understanding, "  ")
    assert prompts(understanding) == []
    assert not understanding.editor.document.modified


def test_no_more_can_be_typed_than_is_allowed(understanding, qtbot):
    say(understanding, "a" * (LONGEST_TEXT + 9))
    assert prompts(understanding) == [TextPrompt(0, "a" * LONGEST_TEXT)]


def test_a_tracker_that_does_not_understand_it_says_which_does(opened, qtbot, log_guard):
    log_guard.expect("does not understand the text")
    size = opened.editor.project.clip.size
    opened.editor.corrections.apply(text_change(ToolContext(0, size), "dog"))
    qtbot.waitUntil(lambda: "choose the tracker sam3" in opened.stage.messages.text)
