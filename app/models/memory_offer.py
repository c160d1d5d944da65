"""What is offered when the memory is full: less to compute, or the same once more."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from app.editor import Editor
from app.messages import Answer
from app.models.model_choice import ModelChoice
from matting_core.document.project import DEFAULT_TRACKER, Settings
from matting_core.errors import OutOfMemoryError
from matting_core.registry import head_spec, tracker_spec
from matting_core.types import Quality

_log = logging.getLogger(__name__)
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

    def _smaller(self) -> Iterator[Answer]:
        settings = self._editor.project.settings
        if settings.quality is Quality.FULL:
            yield Answer(self.tr("Use fast quality"), self._use_fast)
        if settings.tracker != DEFAULT_TRACKER and _fits_default(settings):
            label = self.tr("Use {tracker}").format(tracker=tracker_spec(DEFAULT_TRACKER).title)
            yield Answer(label, self._use_default)

    def _use_fast(self) -> None:
        self._use(replace(self._editor.project.settings, quality=Quality.FAST))

    def _use_default(self) -> None:
        self._use(replace(self._editor.project.settings, tracker=DEFAULT_TRACKER))

    def _use(self, wanted: Settings) -> None:
        self._choice.want(wanted)
        if self._editor.project.settings == wanted:
            self._editor.try_again()

    @Slot(object)
    def _on_exhausted(self, error: OutOfMemoryError) -> None:
        _log.info("%s", error)
        smaller = tuple(self._smaller())
        text = (
            self.tr("The memory is full; finished frames are kept, choose how to go on.")
            if smaller
            else self.tr("The memory is full; close other programs and try again.")
        )
        again = Answer(self.tr("Try again"), self._editor.try_again)
        self._editor.messenger.warn(text, *smaller, again, topic=_TOPIC)


def _fits_default(settings: Settings) -> bool:
    """Whether the head can do with what the shipped tracker sees."""
    return head_spec(settings.head).encoder in (None, tracker_spec(DEFAULT_TRACKER).encoder)
