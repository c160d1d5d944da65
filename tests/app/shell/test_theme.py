"""Text is seen whole, and fields look alike."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QWidget,
)

import app
from app.shell import theme
from matting_core.document.finishing import LIMITS
from tests.app.conftest import do


def drawn_width(widget, text):
    """The width of a text as it is painted, its Alt letter underlined."""
    image = QImage(600, 40, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.setFont(widget.font())
    painter.setPen(Qt.GlobalColor.white)
    shown = int(Qt.TextFlag.TextShowMnemonic) | int(Qt.AlignmentFlag.AlignVCenter)
    painter.drawText(QRect(0, 0, 600, 40), shown, text)
    painter.end()
    lit = [x for x in range(600) for y in range(40) if image.pixelColor(x, y).value() > 60]
    return max(lit) + 1


@pytest.mark.parametrize("command", ["file.export", "edit.preferences"])
def test_the_texts_of_check_boxes_have_room(opened, hand, command, qtbot):
    hand.click(80, 100)
    do(opened, command)
    boxes = [each for each in opened.findChildren(QCheckBox) if each.window() is not opened]
    assert boxes
    for box in boxes:
        option = QStyleOptionButton()
        box.initStyleOption(option)
        part = QStyle.SubElement.SE_CheckBoxContents
        room = box.style().subElementRect(part, option, box).width()
        assert room >= drawn_width(box, box.text()), box.text()


def test_numbers_begin_where_the_text_of_other_fields_does(opened, qtbot):
    do(opened, "edit.preferences")
    dialog = opened.findChild(QWidget, "preferences_dialog")
    combo = next(each for each in dialog.findChildren(QComboBox) if each.isVisible())
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    kind = QStyle.ComplexControl.CC_ComboBox
    there = combo.style().subControlRect(kind, option, part, combo).left()
    numbers = [*dialog.findChildren(QAbstractSpinBox), *opened.findChildren(QAbstractSpinBox)]
    assert len(numbers) > 10
    for number in numbers:
        edit = number.lineEdit()
        assert edit.x() + edit.textMargins().left() + 2 >= there - 2
        assert edit.textMargins().left() > 0


def test_the_longest_number_of_a_parameter_is_seen_whole(opened):
    for parameter, row in opened.panels.finishing.rows.items():
        number = row.number
        for value in (LIMITS[parameter].least, LIMITS[parameter].most):
            number.setValue(value)
            text = number.fontMetrics().horizontalAdvance(number.text())
            edit = number.lineEdit()
            inside = min(number.width() - 1, edit.geometry().right()) - edit.x()
            assert inside >= text + edit.textMargins().left() + 4, number.text()


def test_every_looks_property_is_set_somewhere_and_known_to_the_style():
    """A property that one side calls otherwise leaves widgets without their look."""
    sources = [path.read_text("utf-8") for path in Path(app.__file__).parent.rglob("*.py")]
    given = {
        name for text in sources for name in re.findall(r'setProperty\("(\w+)", (?:True|"w)', text)
    }
    style = Path(theme.__file__).read_text("utf-8")
    styled = set(re.findall(r'\[(\w+)="', style))
    assert given == styled
