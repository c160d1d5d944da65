"""Model files: one long operation at a time, and what came of it in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.features.models import work as model_work
from app.features.models.work import Probed, Removed, Verified
from app.shell.jobs import Job, JobLane, Work
from app.shell.messages import Messenger
from app.shell.tasks import Task, Tasks
from matting_core.models.files.importing import ImportResult
from matting_core.models.files.overview import ModelEntry, find_weights, list_models
from matting_core.models.files.probes import Probe
from matting_core.models.files.store import list_removable
from matting_core.models.weights import find, is_installed
from matting_core.types import DeviceChoice


class ModelFiles(QObject):
    """Model files that are fetched, imported, checked and removed, on the models lane.

    Args:
        tasks: runs them.
        lane: the lane.
        device: where probes run.
        messenger: told when the dialog may be closed already.
    """

    changed = Signal()
    """Models came, went or were probed, or a job started or ended: read `rows` anew."""
    progressed = Signal(object)
    """Carries the `Progress` of the job."""
    said = Signal(str, bool)
    """What came of a job, and whether it failed."""
    replaced = Signal()
    """Files came or went: what was made with others is stale."""
    imported = Signal(object)
    """Carries `ImportResult`."""

    def __init__(
        self,
        tasks: Tasks,
        lane: JobLane,
        device: DeviceChoice,
        messenger: Messenger,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._lane = lane
        self._device = device
        self._messenger = messenger
        self._job: Job | None = None

    @property
    def job(self) -> Job | None:
        """The job that runs."""
        return self._job if self._job is not None and not self._job.finished else None

    @staticmethod
    def rows() -> tuple[ModelEntry, ...]:
        """All models as they are now."""
        return list_models()

    def download(self, row: ModelEntry) -> None:
        """Fetch and install a model's weights, going on where an earlier try stopped."""
        title = self.tr("Downloading {title} (MB)").format(title=row.title)
        self._start(model_work.download_weights(row.offered), title)

    def import_file(self, path: Path) -> None:
        """Install a checkpoint that the user has."""
        title = self.tr("Importing {name}").format(name=path.name)
        self._start(model_work.import_checkpoint(path), title)

    def verify(self, row: ModelEntry) -> None:
        """Compare a model's weights with their hashes."""
        title = self.tr("Verifying {title}").format(title=row.title)
        self._start(model_work.verify_weights(row.weights), title)

    def remove(self, row: ModelEntry) -> None:
        """Delete what the user added of all models of this name: a tracker goes with its head."""
        title = self.tr("Removing {title}").format(title=row.title)
        self._start(model_work.remove_weights(list_removable(find_weights(row.id))), title)

    def discard(self, weights_ids: Sequence[str]) -> None:
        """Delete what was imported without its licence being accepted."""
        entries = [find(each) for each in weights_ids if is_installed(each)]
        self._tasks.run(self._task(model_work.remove_weights(entries)), self._lane)

    def probe(self, row: ModelEntry) -> None:
        """Find out how fast and large a model is here."""
        title = self.tr("Trying {title}").format(title=row.title)
        self._start(model_work.probe_model(row.key, self._device), title)

    def cancel(self) -> None:
        """Stop what runs; a download can be gone on with."""
        if self.job is not None:
            self.job.cancel()

    def _start(self, work: Work, title: str) -> None:
        if self.job is not None:
            return
        self._job = self._tasks.run(self._task(work), self._lane, title=title)
        self._job.progressed.connect(self.progressed)
        self.changed.emit()

    def _task(self, work: Work) -> Task:
        task = Task(work).each(self._on_result).failed(self._on_failed)
        return task.cancelled(self._on_cancelled).ended(self.changed.emit)

    def _tell(self, text: str) -> None:
        self._messenger.tell(text)
        self.said.emit(text, False)

    def _on_result(self, result: object) -> None:
        match result:
            case ImportResult(title=title):
                self._tell(self.tr("{title} is installed.").format(title=title))
                self.replaced.emit()
                self.imported.emit(result)
            case Verified(ids=ids):
                self._tell(self.tr("Whole: {ids}.").format(ids=", ".join(ids)))
            case Removed(ids=ids):
                self._tell(self.tr("Removed: {ids}.").format(ids=", ".join(ids)))
                self.replaced.emit()
            case Probed(key=key):
                self._tell_probe(key)

    def _tell_probe(self, key: str) -> None:
        for row in self.rows():
            if row.key == key and row.probe is not None:
                self._tell(self._describe(row.title, row.probe))

    def _describe(self, title: str, probe: Probe) -> str:
        if probe.memory is None:
            text = self.tr("{title}: {seconds:.2f} s/frame on {device}.")
            return text.format(title=title, seconds=probe.seconds, device=probe.device)
        text = self.tr("{title}: {seconds:.2f} s/frame, {size:.0f} MB on {device}.")
        size = probe.memory / 1e6
        return text.format(title=title, seconds=probe.seconds, size=size, device=probe.device)

    def _on_failed(self, error: Exception) -> None:
        self._messenger.report(error)
        self.said.emit(str(error), True)

    def _on_cancelled(self) -> None:
        self.said.emit(self.tr("Cancelled."), False)
