"""One bridge for everything that the user is told: it logs, and the window shows it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, Signal, Slot

from matting_core.errors import MattingError

_log = logging.getLogger(__name__)


class Level(Enum):
    """Levels of how serious a message is."""

    INFO = logging.INFO
    WARNING = logging.WARNING


@dataclass(frozen=True, slots=True)
class Answer:
    """Button of a message: its label and what it does."""

    label: str
    run: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Message:
    """Message: one sentence that names the thing and the next step.

    Attributes:
        text: the sentence.
        level: how serious it is.
        answers: the buttons beside it.
        topic: a message takes the place of an earlier one on the same topic, if it has any.
    """

    text: str
    level: Level = Level.INFO
    answers: tuple[Answer, ...] = ()
    topic: str = ""


class Messenger(QObject):
    """Messenger: hands messages to the log and to whoever shows them."""

    posted = Signal(object)
    """Carries a `Message`."""
    settled = Signal(str)
    """Carries the topic of messages that mean nothing any more."""

    def tell(self, text: str, *answers: Answer) -> None:
        """Say that something happened."""
        self._post(Message(text, Level.INFO, answers))

    def warn(self, text: str, *answers: Answer, topic: str = "") -> None:
        """Say that something did not work."""
        self._post(Message(text, Level.WARNING, answers, topic))

    @Slot(object)
    def report(self, error: Exception, topic: str = "") -> None:
        """Say why something did not work."""
        if isinstance(error, MattingError):
            self.warn(str(error), topic=topic)
            return
        text = self.tr("An unexpected error stopped this step ({kind}: {error}). Save, try again.")
        self.warn(text.format(kind=type(error).__name__, error=error), topic=topic)

    def settle(self, topic: str) -> None:
        """What was said on a topic is over: it has worked now."""
        self.settled.emit(topic)

    def _post(self, message: Message) -> None:
        _log.log(message.level.value, "%s", message.text)
        self.posted.emit(message)
