"""Asks for a licence that a project's models need, before they are used for the first time."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.features.models.licence_dialog import LicenceDialog
from app.model.model import Model
from app.shell.messages import Answer, Messenger
from matting_core.errors import LicenceError
from matting_core.models.licences import RestrictedModel, list_unaccepted

_log = logging.getLogger(__name__)
_TOPIC = "licence"


class LicenceOffer(QObject):
    """Offer of a licence when a project needs it; once declined, a message offers it again.

    The project keeps its models either way: without the licence they are not used.

    Args:
        model: whose projects may name such models.
        try_again: goes on with what was withheld.
        messenger: offers a declined licence again.
        window: over which the licence is shown.
    """

    def __init__(
        self,
        model: Model,
        try_again: Callable[[], None],
        messenger: Messenger,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._model = model
        self._try_again = try_again
        self._messenger = messenger
        self._window = window
        self._asked: RestrictedModel | None = None
        self._waiting = False  # for an answer

    def _find_unaccepted(self) -> RestrictedModel | None:
        return next(iter(list_unaccepted(self._model.project.settings)), None)

    def _ask(self) -> None:
        """Show the licence that stands in the way, or go on where none does."""
        self._asked = model = self._find_unaccepted()
        if model is None:
            self._try_again()
            return
        dialog = LicenceDialog(model.title, model.licence, model.weights_ids, self._window)
        dialog.accepted.connect(self._on_accepted)
        dialog.rejected.connect(self._on_rejected)
        self._waiting = True
        dialog.open()

    def _warn(self) -> None:
        model = self._find_unaccepted()
        if model is None:
            return
        text = self.tr(
            "{title} is not used: its licence was not accepted. Accept it, or choose another model."
        )
        answer = Answer(self.tr("Show licence"), self._ask)
        self._messenger.warn(text.format(title=model.title), answer, topic=_TOPIC)

    @Slot()
    def look(self) -> None:
        """Ask for the licence that a project needs which was just opened."""
        self._asked = None
        if self._find_unaccepted() is not None and not self._waiting:
            self._ask()

    @Slot(object)
    def withhold(self, error: LicenceError) -> None:
        """Ask for the licence without which work was not done."""
        _log.info("%s", error)
        if self._waiting:
            return
        if self._asked == self._find_unaccepted():
            self._warn()
        else:
            self._ask()

    @Slot()
    def _on_accepted(self) -> None:
        self._waiting = False
        self._ask()

    @Slot()
    def _on_rejected(self) -> None:
        self._waiting = False
        self._warn()
