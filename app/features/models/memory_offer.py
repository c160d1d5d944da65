"""What is offered when the memory is full: less to compute, the CPU, or the same once more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Slot

from app.features.models.choice import ModelChoice
from app.features.models.smaller_models import SmallerChoice, smaller_choices
from app.model.model import Model
from app.shell.messages import Answer, Messenger
from matting_core.errors import OutOfMemoryError
from matting_core.models.files.overview import ModelEntry
from matting_core.models.registry import head_spec, tracker_spec
from matting_core.types import DeviceChoice

_TOPIC = "memory"


class CanRetry(Protocol):
    """Work that was stopped, and can be tried again."""

    def use_device(self, device: DeviceChoice) -> None:
        """Let the models run on another device until Wisp ends."""
        ...

    def try_again(self) -> None:
        """Go on with what was stopped."""
        ...


class MemoryOffer(QObject):
    """Offer of how to go on when the memory is full; nothing changes before an answer.

    Args:
        model: whose settings may be changed.
        rows: lists the models.
        choice: makes the edit, as where the settings are chosen in their panel.
        tracking: can run on another device, and try again.
        messenger: shows the offer.
        parent: the Qt parent.
    """

    def __init__(
        self,
        model: Model,
        rows: Callable[[], Sequence[ModelEntry]],
        choice: ModelChoice,
        tracking: CanRetry,
        messenger: Messenger,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._rows = rows
        self._choice = choice
        self._tracking = tracking
        self._messenger = messenger

    def _answers(self, error: OutOfMemoryError) -> Iterator[Answer]:
        rows = self._rows()
        for choice in smaller_choices(self._model.project, rows):
            yield Answer(self._label(choice), partial(self._use, choice))
        if error.device != DeviceChoice.CPU.value:
            yield Answer(self.tr("Use the CPU until Wisp ends"), self._use_cpu)
        yield Answer(self.tr("Try again"), self._tracking.try_again)

    def _label(self, choice: SmallerChoice) -> str:
        if choice.quality is not None:
            return self.tr("Use fast quality")
        tracker = tracker_spec(choice.tracker).title if choice.tracker else ""
        head = head_spec(choice.head).title if choice.head else ""
        if tracker and head:
            text = self.tr("Use {tracker} with {head}")
            return text.format(tracker=tracker, head=head)
        return self.tr("Use {model}").format(model=tracker or head)

    def _use(self, choice: SmallerChoice) -> None:
        wanted = choice.of(self._model.project.settings)
        self._choice.want(wanted)
        if self._model.project.settings == wanted:
            self._tracking.try_again()

    def _use_cpu(self) -> None:
        self._tracking.use_device(DeviceChoice.CPU)
        self._tracking.try_again()

    @Slot(object)
    def offer(self, error: OutOfMemoryError) -> None:
        """Say that the memory is full, and what could be done."""
        text = self.tr("The memory is full; finished frames are kept. {reason}")
        answers = self._answers(error)
        self._messenger.warn(text.format(reason=error), *answers, topic=_TOPIC)
