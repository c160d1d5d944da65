"""The card of one step of the tour: what to do, beside the thing that it is about."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.shell import theme

_WIDTH = 300
_GAP = 12
_ASIDE = 96


class TourCard(QFrame):
    """Card over its window that never takes the focus; Tab reaches its buttons."""

    back_wanted = Signal()
    next_wanted = Signal()
    skip_wanted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("tour_card")
        self.setProperty("card", True)
        self.setFixedWidth(_WIDTH)
        self.title = QLabel()
        self.title.setProperty("heading", True)
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.back = self._button(self.tr("Back"), self.back_wanted)
        self.next = self._button(self.tr("Next"), self.next_wanted)
        self.skip = self._button(self.tr("Skip the tour"), self.skip_wanted)
        row = QHBoxLayout()
        row.setSpacing(theme.GRID)
        row.addWidget(self.skip)
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.next)
        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * theme.GRID,) * 4)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self.title)
        layout.addWidget(self.text)
        layout.addLayout(row)

    def show_step(self, number: int, count: int, title: str, text: str) -> None:
        """Show a step; the last one ends the tour instead of going on."""
        step = self.tr("{number} of {count} · {title}")
        self.title.setText(step.format(number=number + 1, count=count, title=title))
        self.text.setText(text)
        self.back.setVisible(number > 0)
        last = number == count - 1
        self.next.setText(self.tr("Done") if last else self.tr("Next"))
        self.skip.setVisible(not last)
        self.setFixedHeight(self._layout.totalHeightForWidth(_WIDTH))

    def place_beside(self, target: QRect) -> None:
        """Move to where it hides nothing of the target, or else to the target's upper corner."""
        room = self._window.rect().adjusted(_GAP, _GAP, -_GAP, -_GAP)
        self.move(card_place(target, self.size(), room))
        self.raise_()

    def _button(self, text: str, wanted: SignalInstance) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(wanted)
        return button


def card_place(target: QRect, size: QSize, room: QRect) -> QPoint:
    """Where a card goes: beside the target, or above and below it, whatever fits into the room.

    What is low in the room has its card above it, so that the rest of its row is seen.

    Args:
        target: what the card is about.
        size: the card's.
        room: where it has to stay.
    """
    middle = target.center() - QPoint(size.width() // 2, size.height() // 2)
    right = QPoint(target.right() + _ASIDE, middle.y())
    left = QPoint(target.left() - _ASIDE - size.width(), middle.y())
    above = QPoint(middle.x(), target.top() - _GAP - size.height())
    below = QPoint(middle.x(), target.bottom() + _GAP)
    low = target.top() > room.top() + room.height() * 2 // 3
    for corner in (above, right, left, below) if low else (right, left, below, above):
        card = _push_inside(QRect(corner, size), room)
        if room.contains(card) and not card.intersects(target):
            return card.topLeft()
    inside = QPoint(target.right() - size.width() - _GAP, target.top() + 4 * _GAP)
    return _push_inside(QRect(inside, size), room).topLeft()


def _push_inside(card: QRect, room: QRect) -> QRect:
    """The card, moved into the room if it stands out."""
    x = min(max(card.x(), room.left()), room.right() - card.width() + 1)
    y = min(max(card.y(), room.top()), room.bottom() - card.height() + 1)
    return QRect(QPoint(x, y), card.size())
