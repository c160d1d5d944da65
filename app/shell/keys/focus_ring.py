"""An outline around the control that has the keyboard's focus, once the keyboard moves it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget
from shiboken6 import isValid

from app.shell import theme
from app.shell.visible import seen_rect

_WIDTH = 2
_BY_KEYS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_MOVES = (
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.LayoutRequest,
)


class Outline(QWidget):
    """Outline around the focus: lies over its window and lets everything through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_around(self, widget: QWidget, gap: int = _WIDTH) -> None:
        """Surround what is seen of a widget at a distance, as far as the window has room."""
        seen = seen_rect(widget)
        room = seen.adjusted(-gap, -gap, gap, gap)
        self.setGeometry(room.intersected(self.window().rect()))
        self.setVisible(not seen.isEmpty())
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a rounded frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.ACCENT), _WIDTH))
        half = _WIDTH / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 5, 5)


class FocusRing(QObject):
    """Ring that follows the focus in a window and its dialogs.

    It appears when Tab or a shortcut moves the focus, and goes when the mouse does. While it is
    there, the focused button or list of choices also gets Space, which else plays the clip.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._by_keys = False
        self._watched: list[QWidget] = []
        self._outline: Outline | None = None
        self._moved = QTimer(self, singleShot=True, interval=0)
        self._moved.timeout.connect(self._on_moved)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)

    @property
    def widget(self) -> QWidget | None:
        """The widget that is outlined."""
        shown = self._outline is not None and isValid(self._outline) and self._outline.isVisible()
        return self._focus_widget if shown else None

    @property
    def _focus_widget(self) -> QWidget | None:
        return self._watched[0] if self._watched and isValid(self._watched[0]) else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Learn how the focus leaves, where its widget goes, and what is pressed there."""
        if event.type() in _MOVES:
            self._moved.start()
        elif watched is self._focus_widget:
            if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
                self._learn(self._focus_widget, event.reason())
            elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
                self._keep_space(watched, event)
        return super().eventFilter(watched, event)

    def _learn(self, left: QWidget | None, reason: Qt.FocusReason) -> None:
        """Note what moved the focus; from a widget that is hidden or disabled Qt moves it on."""
        if left is None or not left.isVisible() or not left.isEnabled():
            return
        if reason in _BY_KEYS:
            self._by_keys = True
        elif reason == Qt.FocusReason.MouseFocusReason:
            self._by_keys = False

    def _keep_space(self, watched: QObject, event: QKeyEvent) -> None:
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if event.key() == Qt.Key.Key_Space and plain and self._by_keys:
            event.setAccepted(isinstance(watched, QAbstractButton | QComboBox))

    def _belongs(self, widget: QWidget) -> bool:
        """Whether a widget is in the window or in one of its dialogs; popups show focus anyway."""
        if widget.window().windowType() == Qt.WindowType.Popup:
            return False
        above: QWidget | None = widget
        while above is not None and above is not self._window:
            above = above.parentWidget()
        return above is self._window

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._watched = []
        if self._outline is not None and isValid(self._outline):
            self._outline.deleteLater()
        self._outline = None
        if now is None or not self._belongs(now):
            return
        at: QWidget | None = now
        while at is not None and not at.isWindow():
            self._watched.append(at)
            at.installEventFilter(self)
            at = at.parentWidget()
        self._on_moved()

    @Slot()
    def _on_moved(self) -> None:
        widget = self._focus_widget
        if not self._by_keys or widget is None:
            return
        if self._outline is None or not isValid(self._outline):
            self._outline = Outline(widget.window())
        self._outline.show_around(widget)
