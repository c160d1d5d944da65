"""The check of the screenshots finds what it is for, and nothing in a window that is in order."""

from PySide6.QtWidgets import QLabel, QPushButton

from tests.tools.layout import troubles


def test_a_window_in_order_has_no_troubles(opened, qtbot):
    opened.resize(1440, 900)
    qtbot.waitUntil(lambda: opened.stage.controls.zoom.x() > opened.stage.controls.caption.width())
    assert troubles(opened) == []


def test_a_label_without_room_is_found(opened):
    label = QLabel("words that are much too long for their place", opened.stage)
    label.resize(40, 20)
    label.show()
    assert len(troubles(opened)) == 1
    label.resize(label.sizeHint())
    assert troubles(opened) == []
    label.setWordWrap(True)
    label.resize(40, 20)
    assert len(troubles(opened)) == 1


def test_a_button_without_room_is_found(opened):
    button = QPushButton("&Use it anyway, whatever it is", opened.stage)
    button.resize(30, 24)
    button.show()
    assert len(troubles(opened)) == 1
    button.resize(button.sizeHint())
    assert troubles(opened) == []


def test_chips_over_one_another_are_found(opened):
    chips = opened.stage.controls
    chips.zoom.move(chips.caption.pos())
    (trouble,) = troubles(opened)
    assert trouble.startswith("overlap on the canvas")
    assert chips.zoom.text() in trouble
