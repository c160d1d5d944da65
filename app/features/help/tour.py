"""Four steps through the work on the demo clip; doing what a step says leads to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, SignalInstance, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow, QPushButton, QToolButton, QWidget

from app.canvas.view import Canvas
from app.features.help.tour_card import TourCard
from app.model.document import Changes
from app.shell.commands import CommandTable
from app.shell.debounce import Debounce
from app.shell.keys.focus_ring import Outline
from app.shell.visible import seen_rect
from app.timeline.widget import Timeline

_GAP = 5
_OPEN, _PROMPT, _TRACK, _EXPORT = range(4)


@dataclass(frozen=True, slots=True)
class _Step:
    """Step of the tour: its words, and what they are about."""

    title: str
    text: str
    target: Callable[[], QWidget | None]


@dataclass(frozen=True, slots=True)
class TourEvents:
    """Signals that lead from one step to the next.

    Attributes:
        opened: a clip or project is open.
        changed: the document changed; carries `Changes`.
        matted: a matte was made.
        tracking_changed: a track began or ended.
        tracking: whether one runs.
        exporting: an export began.
    """

    opened: SignalInstance
    changed: SignalInstance
    matted: SignalInstance
    tracking_changed: SignalInstance
    tracking: Callable[[], bool]
    exporting: SignalInstance


class Tour(QObject):
    """Tour: the card of one step after the other; takes no focus and stops nothing."""

    def __init__(
        self,
        events: TourEvents,
        actions: CommandTable,
        open_demo: Callable[[], None],
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self._events, self._actions, self._window = events, actions, window
        self._open_demo = open_demo
        self._steps = self._make_steps()
        self._number = _OPEN
        self._prompted = False
        self.card = TourCard(window)
        self.outline = Outline(window)
        self.card.back_wanted.connect(self._on_back)
        self.card.next_wanted.connect(self._on_next)
        self.card.skip_wanted.connect(self.end)
        self._moved = Debounce(self._place, self)
        window.installEventFilter(self)
        events.opened.connect(self._on_opened)
        events.changed.connect(self._on_changed)
        events.matted.connect(self._on_matted)
        events.tracking_changed.connect(self._on_tracking_changed)
        events.exporting.connect(self._on_exporting)
        self._show(_OPEN)

    @property
    def number(self) -> int:
        """The step that is shown, from 0."""
        return self._number

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the card beside its target when the window changes."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._moved.start()
        return super().eventFilter(watched, event)

    @Slot()
    def end(self) -> None:
        """Take the tour away; Help has it again."""
        self._window.removeEventFilter(self)
        self.card.deleteLater()
        self.outline.deleteLater()
        self.card.hide()
        self.outline.hide()
        self.deleteLater()

    def _make_steps(self) -> tuple[_Step, ...]:
        window = self._window
        return (
            _Step(
                self.tr("Open the demo"),
                self.tr("The demo is a short clip with a box drawn around a rabbit."),
                lambda: _if_visible(window.findChild(QPushButton, "open_demo")) or window.menuBar(),
            ),
            _Step(
                self.tr("Prompt, and see the matte"),
                self.tr(
                    "Click what the matte misses; right click what it has too much of. The matte "
                    "follows at once, and every click can be undone."
                ),
                lambda: window.findChild(Canvas),
            ),
            _Step(
                self.tr("Track"),
                self.tr(
                    "Track object ({key}) carries the object through the clip. Go on working "
                    "meanwhile: nothing waits."
                ).format(key=self._key("track.both")),
                lambda: self._button("track.both"),
            ),
            _Step(
                self.tr("Scrub, correct, export"),
                self.tr(
                    "Drag along the timeline to look at the mattes. Where one is wrong, click "
                    "again and track again; then export ({key})."
                ).format(key=self._key("file.export")),
                lambda: window.findChild(Timeline),
            ),
        )

    def _key(self, command_id: str) -> str:
        keys = self._actions[command_id].shortcut()
        return keys.toString(QKeySequence.SequenceFormat.NativeText)

    def _button(self, command_id: str) -> QWidget | None:
        action = self._actions[command_id]
        buttons = self._window.findChildren(QToolButton)
        return next((each for each in buttons if each.defaultAction() is action), None)

    def _show(self, number: int) -> None:
        self._number = number
        self._prompted = False
        step = self._steps[number]
        self.card.show_step(number, len(self._steps), step.title, step.text)
        self.card.show()
        self._place()
        self._moved.start()  # once more when what the step is about has its place

    @Slot()
    def _place(self) -> None:
        target = self._steps[self._number].target()
        rect = seen_rect(target) if target is not None else self._window.rect()
        self.outline.setVisible(target is not None)
        if target is not None:
            self.outline.show_around(target, _GAP)
        self.card.place_beside(rect)

    def _leave(self, number: int) -> None:
        """Go on from a step, if it is the one that is shown."""
        if number == self._number:
            self._show(number + 1)

    @Slot()
    def _on_back(self) -> None:
        self._show(self._number - 1)

    @Slot()
    def _on_next(self) -> None:
        if self._number == _OPEN and not self._actions["file.save"].isEnabled():
            self._open_demo()
        elif self._number == _EXPORT:
            self.end()
        else:
            self._leave(self._number)

    @Slot()
    def _on_opened(self) -> None:
        self._leave(_OPEN)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.PROMPTS and not changes & Changes.CLIP:
            self._prompted = True

    @Slot(object)
    def _on_matted(self, _matte: object) -> None:
        if self._prompted:
            self._leave(_PROMPT)

    @Slot()
    def _on_tracking_changed(self) -> None:
        if self._events.tracking():
            self._leave(_TRACK)

    @Slot()
    def _on_exporting(self) -> None:
        if self._number == _EXPORT:
            self.end()


def _if_visible(widget: QWidget | None) -> QWidget | None:
    return widget if widget is not None and widget.isVisible() else None
