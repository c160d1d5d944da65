"""What a picture of the window must not show: words that are cut off, chips over one another."""

from collections.abc import Iterable
from itertools import combinations

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QAbstractButton, QLabel, QToolButton, QWidget

from app.canvas.view import Canvas

_ROUNDING = 1


def troubles(root: QWidget) -> list[str]:
    """One line for each label without room for its text, and each pair of chips that overlap."""
    widgets = [root, *root.findChildren(QWidget)]
    shown = [each for each in widgets if each.isVisible()]
    found = [_cut(each) for each in shown if _lacks_room(each)]
    for canvas in shown:
        if isinstance(canvas, Canvas):
            found += _overlapping(_chips(canvas))
    return found


def _lacks_room(widget: QWidget) -> bool:
    if isinstance(widget, QLabel) and widget.text():
        wanted, width = widget.sizeHint(), widget.width()
        height = widget.heightForWidth(width) if widget.wordWrap() else wanted.height()
        # Less than a quarter of a line is the space between lines, not letters.
        low = height > widget.height() + widget.fontMetrics().height() // 4
        return low or (not widget.wordWrap() and wanted.width() > width + _ROUNDING)
    if isinstance(widget, QAbstractButton) and _text_is_shown(widget):
        icon = 0 if widget.icon().isNull() else widget.iconSize().width()
        text = widget.text().replace("&", "")
        return widget.fontMetrics().horizontalAdvance(text) + icon > widget.width()
    return False


def _text_is_shown(button: QAbstractButton) -> bool:
    if not isinstance(button, QToolButton):
        return bool(button.text())
    style = button.toolButtonStyle()
    only_icon = style is Qt.ToolButtonStyle.ToolButtonIconOnly and not button.icon().isNull()
    return bool(button.text()) and not only_icon


def _cut(widget: QLabel | QAbstractButton) -> str:
    place = type(widget.parent()).__name__
    return f"cut off in {place}: {widget.text()!r} ({widget.width()}x{widget.height()})"


def _chips(canvas: Canvas) -> list[QWidget]:
    inner = {canvas.viewport(), canvas.horizontalScrollBar(), canvas.verticalScrollBar()}
    return [
        each
        for each in canvas.children()
        if isinstance(each, QWidget) and each not in inner and each.isVisible()
        if not each.objectName().startswith("qt_")
    ]


def _overlapping(chips: Iterable[QWidget]) -> list[str]:
    return [
        f"overlap on the canvas: {_named(one)} and {_named(other)}"
        for one, other in combinations(chips, 2)
        if one.geometry().intersects(other.geometry())
    ]


def _named(chip: QWidget) -> str:
    text = chip.text() if isinstance(chip, QLabel) else ""
    text = QTextDocumentFragment.fromHtml(text).toPlainText()
    return f"{type(chip).__name__} {text}".strip()
