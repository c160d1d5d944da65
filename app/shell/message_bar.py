"""The bar above the canvas that shows messages without getting in the way."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.shell import theme
from app.shell.messages import Answer, Level, Message

_BESIDE = 2
"""So many answers are beside the text; more are below it, three in a row."""
_STAY = 8000
"""Milliseconds that information stays, for two sentences to be read."""


class MessageBar(QFrame):
    """Bar of the last message; one with buttons stays in front until it is answered.

    Information goes by itself after a while, what did not work when it is closed.
    """

    resized = Signal()
    """The text is another; the bar may need another height."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: list[QPushButton] = []
        self._waiting: list[Message] = []
        self._shown: Message | None = None
        self.stay = QTimer(self, singleShot=True, interval=_STAY)
        self.stay.timeout.connect(self.dismiss)
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = QToolButton()
        close.setObjectName("close_message")
        close.setIcon(theme.icon("x"))
        close.setToolTip(self.tr("Close this message"))
        close.setAccessibleName(close.toolTip())
        close.clicked.connect(self.dismiss)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 6)
        layout.setSpacing(6)
        self._row = QHBoxLayout()
        self._row.setSpacing(theme.GRID)
        self._below = QGridLayout()
        self._below.setSpacing(theme.GRID)
        self._below.setColumnStretch(_BESIDE + 1, 1)
        layout.addLayout(self._row)
        layout.addLayout(self._below)
        self._row.addWidget(self._icon)
        self._row.addWidget(self._text, 1)
        self._row.addWidget(close)
        self.hide()

    @property
    def text(self) -> str:
        """What is shown now; empty when nothing is."""
        return self._shown.text if self._shown is not None else ""

    @Slot(object)
    def show_message(self, message: Message) -> None:
        """Show a message; a question that is on screen comes back after it."""
        shown = self._shown
        if shown is not None and shown.answers and message is not shown:
            self._waiting.append(shown)
        if message.topic:
            self._waiting = [each for each in self._waiting if each.topic != message.topic]
        self._show(message)

    @Slot()
    def dismiss(self) -> None:
        """Take the message away."""
        self.stay.stop()
        self._shown = None
        self.hide()
        if self._waiting:
            self._show(self._waiting.pop())

    @Slot(str)
    def settle(self, topic: str) -> None:
        """Take the messages on a topic away."""
        self._waiting = [each for each in self._waiting if each.topic != topic]
        if self._shown is not None and self._shown.topic == topic:
            self.dismiss()

    def _show(self, message: Message) -> None:
        self._shown = message
        if message.answers or message.level is not Level.INFO:
            self.stay.stop()
        else:
            self.stay.start()
        warning = message.level is Level.WARNING
        self.setProperty("message", "warning" if warning else "info")
        self.style().unpolish(self)
        self.style().polish(self)
        color = theme.LOST if warning else theme.ACCENT
        icon = theme.icon("warning" if warning else "info", color)
        self._icon.setPixmap(icon.pixmap(QSize(theme.ICON_SIZE, theme.ICON_SIZE)))
        self._text.setText(message.text)
        self._show_answers(message.answers)
        self.show()
        self.resized.emit()

    def _show_answers(self, answers: tuple[Answer, ...]) -> None:
        for button in self._buttons:
            for layout in (self._row, self._below):
                layout.removeWidget(button)
            button.deleteLater()
        self._buttons = []
        for number, answer in enumerate(answers):
            button = QPushButton(answer.label)
            button.clicked.connect(lambda _checked=False, answer=answer: self._answer(answer))
            if len(answers) <= _BESIDE:
                self._row.insertWidget(self._row.count() - 1, button)
            else:
                self._below.addWidget(button, *divmod(number, _BESIDE + 1))
            self._buttons.append(button)

    def _answer(self, answer: Answer) -> None:
        self.dismiss()
        answer.run()
