"""The tour goes along with the work, and stops nothing."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from app.features.help.tour import Tour
from app.features.help.tour_card import card_place
from app.shell.settings import UserSettings
from tests.app.conftest import Hand, do, open_and_wait, task_ends
from tests.tables import table


def running(window):
    return window.findChild(Tour)


def click(button):
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def tour(window) -> Tour:
    do(window, "help.tour")
    return running(window)


def test_it_is_offered_once(window, make_window, qtbot):
    window.help.offer_tour()
    assert running(window) is not None
    assert UserSettings().tour_seen
    other = make_window()
    other.help.offer_tour()
    assert running(other) is None


def test_doing_the_things_leads_through_it(gate, tour, window, clip, qtbot, tmp_path):
    gate.open()
    assert tour.number == 0
    open_and_wait(window, clip, qtbot)
    assert tour.number == 1
    Hand(window).click(80, 100)
    qtbot.waitUntil(lambda: tour.number == 2)
    do(window, "track.both")
    assert tour.number == 3
    qtbot.waitUntil(lambda: not window.editor.runner.tracking)
    do(window, "file.export")
    dialog = window.findChild(object, "export_dialog")
    dialog.folder.setText(str(tmp_path / "out"))
    qtbot.waitUntil(dialog.findChild(QPushButton, "export").isEnabled)
    with task_ends(qtbot, window.editor.exports):
        click(dialog.findChild(QPushButton, "export"))
    qtbot.waitUntil(lambda: running(window) is None)


def test_next_and_back_lead_through_it_too(tour, window, qtbot):
    click(tour.card.next)
    qtbot.waitUntil(lambda: tour.number == 1)
    assert window.editor.project.objects[0].name == "rabbit"
    for expected in (2, 3):
        click(tour.card.next)
        assert tour.number == expected
    click(tour.card.back)
    assert tour.number == 2
    click(tour.card.next)
    assert tour.card.next.text() == "Done"
    click(tour.card.next)
    qtbot.waitUntil(lambda: running(window) is None)


def test_the_card_is_high_enough_for_its_text(tour, window, qtbot):
    for _ in range(4):
        text = tour.card.text
        qtbot.waitUntil(lambda text=text: text.height() >= text.heightForWidth(text.width()))
        click(tour.card.next)


def test_skipping_takes_it_away_for_good(tour, window, qtbot):
    card = tour.card
    click(card.skip)
    qtbot.waitUntil(lambda: running(window) is None)
    assert UserSettings().tour_seen


def test_it_leaves_the_focus_to_the_canvas(opened, qtbot):
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    opened.stage.canvas.setFocus()
    do(opened, "help.tour")
    card = running(opened).card
    click(card.next)
    assert QApplication.focusWidget() is opened.stage.canvas
    assert not card.isWindow()


def test_the_outline_lets_clicks_through_and_is_around_the_target(opened, hand, qtbot):
    do(opened, "help.tour")
    tour = running(opened)
    click(tour.card.next)
    canvas = opened.stage.canvas
    corner = canvas.mapTo(opened, QPoint(4, 4))
    qtbot.waitUntil(lambda: tour.outline.geometry().contains(corner))
    hand.click(80, 100)
    assert len(opened.editor.project.objects[0].prompts) == 1


def test_it_starts_anew_only_once(tour, window, qtbot):
    do(window, "help.tour")
    qtbot.waitUntil(lambda: len(window.findChildren(Tour)) == 1)
    assert running(window) is not tour


@table(
    "target",
    [
        QRect(400, 300, 100, 30),
        QRect(0, 0, 800, 30),
        QRect(0, 570, 800, 30),
        QRect(0, 100, 100, 400),
        QRect(700, 0, 100, 600),
    ],
)
def test_the_card_hides_nothing_of_its_target_where_there_is_room(target):
    room, size = QRect(12, 12, 776, 576), QSize(300, 150)
    card = QRect(card_place(target, size, room), size)
    assert room.contains(card)
    assert not card.intersects(target)


def test_the_card_lies_on_a_target_that_fills_the_window():
    room, size = QRect(12, 12, 776, 576), QSize(300, 150)
    assert room.contains(QRect(card_place(QRect(0, 0, 800, 600), size, room), size))
