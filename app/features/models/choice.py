"""Between wishing for a model and using it: it must be there, and its licence accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.features.models.licence_dialog import LicenceDialog
from app.model.model import Model
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document import edits
from matting_core.document.project import Project, Settings
from matting_core.models.files.overview import ModelEntry, ModelKind
from matting_core.models.licences import is_accepted


class ModelChoice(QObject):
    """Choice of models: makes the edit, or says what stands in its way."""

    missing = Signal(str)
    """Carries the "kind:id" of a model that has to be got first."""
    settled = Signal()
    """The wish was granted or not: show the project's settings again."""

    def __init__(
        self, model: Model, rows: Callable[[], Sequence[ModelEntry]], window: QWidget
    ) -> None:
        super().__init__(window)
        self._model = model
        self._rows = rows
        self._window = window

    @Slot(object)
    def want(self, settings: Settings) -> None:
        """Use these settings, as soon as nothing stands in their way."""
        for row in self._new_rows(settings):
            if not row.usable:
                self.settled.emit()
                self.missing.emit(row.key)
                return
            if row.non_commercial and not is_accepted(_ids(row)):
                self._ask(row, settings)
                return
        self._model.push(
            QT_TRANSLATE_NOOP("Commands", "Choose models"),
            lambda p: edits.set_settings(p, settings),
        )

    def _new_rows(self, settings: Settings) -> Iterator[ModelEntry]:
        now = self._model.project.settings
        wanted = set()
        if settings.tracker != now.tracker:
            wanted.add(f"{ModelKind.TRACKER}:{settings.tracker}")
        if settings.head != now.head:
            wanted.add(f"{ModelKind.HEAD}:{settings.head}")
        return (row for row in self._rows() if row.key in wanted)

    def _ask(self, row: ModelEntry, settings: Settings) -> None:
        dialog = LicenceDialog(row.title, row.licence, _ids(row), self._window)
        dialog.accepted.connect(lambda: self.want(settings))
        dialog.rejected.connect(self.settled)
        dialog.open()


def uses_model(project: Project, model_id: str) -> bool:
    """Whether mattes of a project are made with a tracker or head of this id."""
    chosen = (project.settings, *(project.settings_of(obj) for obj in project))
    return any(model_id in (settings.tracker, settings.head) for settings in chosen)


def _ids(row: ModelEntry) -> tuple[str, ...]:
    return tuple(entry.id for entry in row.weights if entry.non_commercial)
