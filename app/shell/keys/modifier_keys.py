"""Shift and Ctrl, told when they go down or up, whatever has the focus in the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

_KEYS = {
    Qt.Key.Key_Shift: Qt.KeyboardModifier.ShiftModifier,
    Qt.Key.Key_Control: Qt.KeyboardModifier.ControlModifier,
}


class ModifierKeys(QObject):
    """Watcher of a window's modifier keys: keys that no widget wants arrive there.

    Args:
        window: what to watch.
    """

    changed = Signal(object)
    """Carries the `Qt.KeyboardModifier` that are held from now on."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Tell of the keys; they are kept from nobody."""
        down = event.type() == QEvent.Type.KeyPress
        if down or event.type() == QEvent.Type.KeyRelease:
            self._tell(event, down=down)
        return False

    def _tell(self, event: QEvent, *, down: bool) -> None:
        if not isinstance(event, QKeyEvent) or event.isAutoRepeat():
            return
        modifier = _KEYS.get(Qt.Key(event.key()))
        if modifier is not None:
            held = event.modifiers()
            self.changed.emit(held | modifier if down else held & ~modifier)
