"""The panels show the project and ask for changes."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.features.objects.commands import add_object
from app.features.objects.object_list import EYE
from app.shell.visible import seen_rect
from matting_core.document.prompts import PointPrompt


def row(window, number=0):
    return window.panels.objects.list.topLevelItem(number)


@pytest.fixture
def listed(opened, hand, qtbot):
    hand.click(80, 100)
    qtbot.waitUntil(lambda: row(opened) is not None)
    return opened


def test_an_object_is_renamed_in_place(listed, qtbot):
    row(listed).setText(0, "fox")
    assert listed.editor.project.objects[0].name == "fox"


def test_a_name_that_cannot_be_is_refused_and_the_old_one_comes_back(listed, qtbot, log_guard):
    log_guard.expect("cannot name an object")
    row(listed).setText(0, "a/b")
    qtbot.waitUntil(lambda: row(listed).text(0) == "object 1")
    assert listed.editor.project.objects[0].name == "object 1"


def test_the_eye_hides_and_shows(listed, qtbot):
    tree = listed.panels.objects.list
    eye = tree.visualRect(tree.model().index(0, EYE)).center()
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=eye)
    assert not listed.editor.project.objects[0].visible


def test_choosing_a_row_makes_the_object_active(listed, qtbot):
    add_object(listed.editor)
    qtbot.waitUntil(lambda: row(listed, 1) is not None)
    assert listed.editor.active.name == "object 2"
    listed.panels.objects.list.setCurrentItem(row(listed, 0))
    assert listed.editor.active.name == "object 1"


def test_a_small_screen_has_room_for_the_parameters(opened, hand, qtbot):
    opened.resize(1280, 720)
    opened.reset_layout()
    prompts, rows = opened.panels.prompts, opened.panels.finishing.rows.values()
    qtbot.waitUntil(lambda: opened.width() == 1280 and prompts.height() < 80)
    height = prompts.height()
    hand.click(80, 100)
    qtbot.waitUntil(lambda: prompts.list.isVisible())
    qtbot.waitUntil(lambda: len([r for r in rows if seen_rect(r).size() == r.size()]) >= 4)
    assert prompts.height() == height  # else all below would jump from frame to frame


def test_clicking_a_prompt_selects_it(listed, qtbot):
    prompts = listed.panels.prompts.list
    listed.editor.view.select(None)
    qtbot.waitUntil(lambda: prompts.count() == 1 and not prompts.selectedItems())
    place = prompts.visualItemRect(prompts.item(0)).center()
    QTest.mouseClick(prompts.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert listed.editor.view.selected == listed.editor.project.objects[0].prompts[0]
    assert isinstance(listed.editor.view.selected, PointPrompt)


def test_hidden_models_are_not_offered(window):
    boxes = window.panels.models.boxes
    offered = [title for box in boxes for title in (box.itemText(i) for i in range(box.count()))]
    assert offered
    assert not any("Fake" in title for title in offered)
