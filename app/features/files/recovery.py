"""Unsaved work survives: it is written beside the cache again and again, and offered next time."""

from __future__ import annotations

import itertools
import logging
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal, Slot

from app.features.files.unsaved_copies import (
    LOCK,
    UnsavedCopy,
    delete,
    delete_copies,
    list_left_behind,
)
from app.model.document import Changes, Document
from app.model.results import Results
from app.shell.jobs import JobLane
from app.shell.messages import Messenger
from app.shell.pending_edits import PendingEdits
from app.shell.settings import UserSettings
from app.shell.tasks import Task, Tasks
from matting_core.document import storage
from matting_core.document.project import Project
from matting_core.document.summary import ProjectSummary
from matting_core.errors import ExportError
from matting_core.files import make_folder
from matting_core.jobs import CancelToken

_log = logging.getLogger(__name__)
_DELAY = 1000
_CHEAP = 0.2
"""Seconds: a document that takes longer to write is not written at every pause."""
_LONGEST = 48


class Recovery(QObject):
    """Copies of the modified document in a folder of this run's own.

    It is written at every pause, at the latest so often as the user wants it, and before a long
    job. Every run locks its folder; what lies in a folder that nobody has locked was left behind
    by a run that was closed or killed with unsaved work.
    """

    offered = Signal(object)
    """Carries a tuple of `ProjectSummary`: unsaved work that earlier runs left behind."""
    listed = Signal(object)
    """Carries the same, with what this run has put aside; perhaps empty."""
    kept_changed = Signal()
    """The document was written, or what was written of it is not needed any more."""

    def __init__(
        self,
        folder: Path,
        tasks: Tasks,
        lane: JobLane,
        document: Document,
        results: Results,
        pending_edits: PendingEdits,
        user: UserSettings,
        messenger: Messenger,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        self._run = folder / uuid.uuid4().hex[:12]
        self._tasks = tasks
        self._messenger = messenger
        self._lane = lane
        self._document = document
        self._results = results
        self._pending_edits = pending_edits
        self._user = user
        self._numbers = itertools.count(1)
        self._number = next(self._numbers)
        self._lock: QLockFile | None = None
        self._file: Path | None = None
        self._since: float | None = None
        self._kept_at: float | None = None
        self._cost = 0.0
        self._failing = False
        self._pending: dict[int, UnsavedCopy] = {}
        self._forgotten: set[int] = set()
        self._pause = QTimer(self, singleShot=True, interval=_DELAY)
        self._pause.timeout.connect(self._on_timeout)
        self._latest = QTimer(self, singleShot=True)
        self._latest.timeout.connect(self._on_timeout)
        document.changed.connect(self._on_changed)

    @property
    def folder(self) -> Path:
        """Where unsaved work is kept."""
        return self._folder

    @property
    def kept_at(self) -> float | None:
        """When the unsaved document was last kept (`time.monotonic`), or None."""
        return self._kept_at

    def set_file(self, file: Path | None) -> None:
        """Say which file the document belongs to, so that restored work does again."""
        self._file = file

    def look(self) -> None:
        """Look for work that earlier runs left behind; `offered` tells if there is any."""
        self._list(self._on_left_behind)

    def refresh(self) -> None:
        """List all unsaved work that is not the document; `listed` tells."""
        self._list(self.listed.emit)

    def discard(self, path: Path) -> None:
        """Delete work that was left behind and is not wanted."""
        self._tasks.run(Task.call(delete, path, self._run), self._lane)
        self.refresh()

    def take_over(self, path: Path, since: float | None) -> None:
        """Make work that was left behind this run's own, once it is in place as the document."""
        self._since = since
        self._write(partial(delete, path, self._run))

    @Slot()
    def write(self) -> None:
        """Keep the document as it is now, if it is unsaved: something long is about to start."""
        self._pending_edits.then(self._write_unsaved)

    def keep(self) -> None:
        """Write the document that is about to be replaced, and leave it there."""
        self._write()
        self._begin()

    def forget(self) -> None:
        """Delete this document's copy: it was saved, or nothing in it was changed."""
        self._forgotten.add(self._number)
        self._pending.pop(self._number, None)
        self._begin()
        run, forgotten = self._run, frozenset(self._forgotten)

        self._tasks.run(Task.call(delete_copies, run, forgotten), self._lane)

    def close(self) -> None:
        """Do at once what the lane did not get to; call it when the lane has closed."""
        self._stop()
        project = self._document.project
        if self._document.modified and project.clip is not None:
            self._pending[self._number] = self._copy(project)
        else:
            self._pending.pop(self._number, None)
            self._forgotten.add(self._number)
        for copy in self._pending.values():
            try:
                self._prepare()
                copy.write()
            except ExportError as error:
                _log.error("unsaved work could not be kept: %s", error)
        delete_copies(self._run, frozenset(self._forgotten))
        if self._lock is not None:
            self._lock.unlock()
            if not list(self._run.glob(f"*{storage.SUFFIX}")):
                shutil.rmtree(self._run, ignore_errors=True)

    def _write_unsaved(self) -> None:
        if self._document.modified and self._document.project.clip is not None:
            self._write()

    def _list(self, then: Callable[[tuple[ProjectSummary, ...]], object]) -> None:
        run, current = self._run, f"{self._number:03d}-"
        task = Task(lambda _token: list_left_behind(self._folder, run, current))
        self._tasks.run(task.each(then), self._lane)

    def _write(self, after: Callable[[], None] | None = None) -> None:
        self._stop()
        try:
            self._prepare()
        except ExportError as error:
            self._fail(error)
            return
        project, number = self._document.project, self._number
        copy = self._copy(project)
        self._pending[number] = copy

        def work(_token: CancelToken) -> Iterator[object]:
            began = time.monotonic()
            copy.write()
            if after is not None:
                after()
            yield _Written(copy, number, began, time.monotonic() - began)

        self._tasks.run(Task(work).each(self._on_written).failed(self._fail), self._lane)

    def _copy(self, project: Project) -> UnsavedCopy:
        seen = self._results.notes(project)
        return UnsavedCopy(self._path(project), project, self._notes(), seen)

    def _notes(self) -> dict[str, object]:
        """What the list of unsaved work says besides what is in the document."""
        since = time.time() if self._since is None else self._since
        return {"file": None if self._file is None else str(self._file), "since": since}

    def _fail(self, error: Exception) -> None:
        """Say it once, not at every pause."""
        if not self._failing:
            self._messenger.report(error)
        self._failing = True

    def _begin(self) -> None:
        """Give the next document a name of its own."""
        self._stop()
        self._number = next(self._numbers)
        self._since = self._kept_at = None
        self.kept_changed.emit()

    def _stop(self) -> None:
        self._pause.stop()
        self._latest.stop()

    def _prepare(self) -> None:
        if self._lock is None:
            make_folder(self._run)
            self._lock = QLockFile(str(self._run / LOCK))
            self._lock.setStaleLockTime(0)
            self._lock.tryLock(0)

    def _path(self, project: Project) -> Path:
        stem = Path(project.clip.path).stem if project.clip else "project"
        name = stem.replace("%", "_")[:_LONGEST]
        return self._run / f"{self._number:03d}-{name}{storage.SUFFIX}"

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.CLIP and not self._document.modified:
            return  # a document was opened
        # The undo stack learns of the edit only after this; so look when a timer fires.
        if self._since is None:
            self._since = time.time()
        if self._cost < _CHEAP:
            self._pause.start()
        if not self._latest.isActive():
            self._latest.start(self._user.autosave_seconds * 1000)

    @Slot()
    def _on_timeout(self) -> None:
        if self._document.modified:
            self.write()
        else:
            self.forget()

    def _on_written(self, written: _Written) -> None:
        self._cost, self._failing = written.seconds, False
        if self._pending.get(written.number) is written.copy:
            del self._pending[written.number]
        if written.number == self._number:
            self._kept_at = written.at
            self.kept_changed.emit()

    def _on_left_behind(self, found: tuple[ProjectSummary, ...]) -> None:
        if found:
            self.offered.emit(found)


@dataclass(frozen=True, slots=True)
class _Written:
    """A copy of a document is on disk.

    Attributes:
        copy: what was written.
        number: of the document in this run.
        at: when it was taken (`time.monotonic`).
        seconds: how long writing took.
    """

    copy: UnsavedCopy
    number: int
    at: float
    seconds: float
