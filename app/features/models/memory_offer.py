"""What is offered when the memory is full: less to compute, the CPU, or the same once more."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QObject, Slot

from app.editor import Editor
from app.features.models.choice import ModelChoice
from app.features.models.smaller import Smaller, smaller_choices
from app.shell.messages import Answer
from matting_core.errors import OutOfMemoryError
from matting_core.models.registry import head_spec, tracker_spec
from matting_core.types import DeviceChoice

_TOPIC = "memory"


class MemoryOffer(QObject):
    """Asks how to go on; nothing is changed before an answer is given.

    Args:
        editor: whose previews and tracks may fill the memory.
        choice: makes the edit, as where the settings are chosen in their panel.
    """

    def __init__(self, editor: Editor, choice: ModelChoice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._choice = choice
        editor.engine.exhausted.connect(self._on_exhausted)

    def _answers(self, error: OutOfMemoryError) -> Iterator[Answer]:
        rows = self._editor.models.rows()
        for choice in smaller_choices(self._editor.project, rows):
            yield Answer(self._label(choice), partial(self._use, choice))
        if error.device != DeviceChoice.CPU.value:
            yield Answer(self.tr("Use the CPU until Wisp ends"), self._use_cpu)
        yield Answer(self.tr("Try again"), self._editor.try_again)

    def _label(self, choice: Smaller) -> str:
        if choice.quality is not None:
            return self.tr("Use fast quality")
        tracker = tracker_spec(choice.tracker).title if choice.tracker else ""
        head = head_spec(choice.head).title if choice.head else ""
        if tracker and head:
            text = self.tr("Use {tracker} with {head}")
            return text.format(tracker=tracker, head=head)
        return self.tr("Use {model}").format(model=tracker or head)

    def _use(self, choice: Smaller) -> None:
        wanted = choice.of(self._editor.project.settings)
        self._choice.want(wanted)
        if self._editor.project.settings == wanted:
            self._editor.try_again()

    def _use_cpu(self) -> None:
        self._editor.engine.use(DeviceChoice.CPU)
        self._editor.try_again()

    @Slot(object)
    def _on_exhausted(self, error: OutOfMemoryError) -> None:
        text = self.tr("The memory is full; finished frames are kept. {reason}")
        answers = self._answers(error)
        self._editor.messenger.warn(text.format(reason=error), *answers, topic=_TOPIC)
