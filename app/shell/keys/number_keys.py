"""Number fields take the keys that a number is typed with, and leave the others to the window."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox, QWidget

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ENDS = (*_ENTER, Qt.Key.Key_Escape)
_MODIFIERS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
_PLAIN = ".,"
"""Written as a decimal mark by people whose language has the other."""


class NumberKeys(QObject):
    """Filter that gives the window back the keys that number fields need not.

    A field would swallow every letter, and so the tools' keys. Enter takes what was typed, Esc
    drops it; both, and a click on an arrow, give the focus back to where the user works. It goes
    there too when a field goes away.

    Args:
        numbers: the fields.
        home: what has the focus otherwise.
        parent: the Qt parent.
    """

    def __init__(self, numbers: Iterable[QAbstractSpinBox], home: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._home = home
        self._returning = QTimer(self, singleShot=True, interval=0)
        self._returning.timeout.connect(self._on_returning)
        for number in numbers:
            number.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel only scrolls past
            number.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Sort keys into the field's and the window's, and notice when the field is done with."""
        if not isinstance(watched, QSpinBox | QDoubleSpinBox):
            return super().eventFilter(watched, event)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            return _sorted_out(watched, event)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._end_editing(watched, event)
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            self._home.setFocus()
        if event.type() == QEvent.Type.FocusOut and not watched.isVisible():
            self._returning.start()  # Qt gives it to whatever comes next, later than this
        return super().eventFilter(watched, event)

    def _end_editing(self, number: QSpinBox | QDoubleSpinBox, event: QKeyEvent) -> bool:
        if event.key() not in _ENDS:
            return False
        if event.key() in _ENTER:
            number.interpretText()
        else:
            number.setProperty("value", number.value())  # which writes it over what was typed
        self._home.setFocus()
        return True

    @Slot()
    def _on_returning(self) -> None:
        self._home.setFocus()


def _sorted_out(number: QSpinBox | QDoubleSpinBox, event: QKeyEvent) -> bool:
    """Answer for the field where its own answer would be wrong; returns whether that was so."""
    if event.key() in _ENDS:
        event.accept()
        return True
    typed = bool(event.text().strip()) or event.key() == Qt.Key.Key_Space
    if typed and not event.modifiers() & _MODIFIERS and not _takes(number, event.text()):
        event.ignore()
        return True
    return False


def _takes(number: QSpinBox | QDoubleSpinBox, text: str) -> bool:
    locale = number.locale()
    signs = ("-", locale.negativeSign()) if number.minimum() < 0 else ()
    points = (*_PLAIN, locale.decimalPoint()) if isinstance(number, QDoubleSpinBox) else ()
    return text.isdigit() or text in (*signs, *points)
