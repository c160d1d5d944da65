"""Unsaved work survives: it is written beside the cache at every pause, and offered next time."""

from __future__ import annotations

import itertools
import logging
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal, Slot

from app.document import Document
from app.jobs import JobLane, JobOutcome
from matting_core.document import storage
from matting_core.document.project import Project
from matting_core.errors import ExportError
from matting_core.files import make_folder
from matting_core.jobs import CancelToken

_log = logging.getLogger(__name__)
_DELAY = 1000
_LOCK = "lock"


class Recovery(QObject):
    """Writes the modified document to a folder of this run's own.

    Every run locks its folder; what lies in a folder that nobody has locked was left behind by a
    run that was closed or killed with unsaved work.
    """

    offered = Signal(object)
    """Carries the `Path` of unsaved work that an earlier run left behind."""
    failed = Signal(object)

    def __init__(
        self, folder: Path, lane: JobLane, document: Document, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        self._run = folder / uuid.uuid4().hex[:12]
        self._lane = lane
        self._document = document
        self._numbers = itertools.count(1)
        self._number = next(self._numbers)
        self._lock: QLockFile | None = None
        self._timer = QTimer(self, singleShot=True, interval=_DELAY)
        self._timer.timeout.connect(self._on_timeout)
        document.changed.connect(self._on_changed)

    def look(self) -> None:
        """Look for work that earlier runs left behind."""
        job = self._lane.submit(lambda _token: _left_behind(self._folder))
        job.delivered.connect(self.offered)
        job.ended.connect(self._on_ended)

    def discard(self, path: Path) -> None:
        """Delete work that was left behind and is not wanted."""

        def work(_token: CancelToken) -> Iterator[object]:
            _deleted(path)
            yield None

        self._lane.submit(work).ended.connect(self._on_ended)

    def take_over(self, path: Path) -> None:
        """Make work that was left behind this run's own, once it is in place as the document."""
        project = self._document.project
        own = self._prepared(project)
        if own is None:
            return

        def work(_token: CancelToken) -> Iterator[object]:
            storage.save(project, own)
            _deleted(path)
            yield None

        self._lane.submit(work).ended.connect(self._on_ended)

    def keep(self, project: Project) -> Path:
        """Write a document that is about to be replaced, and leave it there."""
        path = self._path(project)
        self._write_later(project)
        self._number = next(self._numbers)
        return path

    def forget(self) -> None:
        """Delete this document's copy: it was saved, or nothing in it was changed."""
        self._timer.stop()
        number, run = self._number, self._run
        self._number = next(self._numbers)

        def work(_token: CancelToken) -> Iterator[object]:
            for path in run.glob(f"{number:03d}-*{storage.SUFFIX}"):
                path.unlink(missing_ok=True)
                yield None

        self._lane.submit(work).ended.connect(self._on_ended)

    def close(self) -> None:
        """Write what is unsaved at once; call it when the lane has closed."""
        self._timer.stop()
        if self._document.modified and self._document.project.clip is not None:
            try:
                self._prepare()
                storage.save(self._document.project, self._path(self._document.project))
            except ExportError as error:
                _log.error("unsaved work could not be kept: %s", error)
        if self._lock is not None:
            self._lock.unlock()
            if not list(self._run.glob(f"*{storage.SUFFIX}")):
                shutil.rmtree(self._run, ignore_errors=True)

    def _write_later(self, project: Project) -> None:
        self._timer.stop()
        path = self._prepared(project)
        if path is None:
            return

        def work(_token: CancelToken) -> Iterator[object]:
            storage.save(project, path)
            yield None

        self._lane.submit(work).ended.connect(self._on_ended)

    def _prepared(self, project: Project) -> Path | None:
        try:
            self._prepare()
        except ExportError as error:
            self.failed.emit(error)
            return None
        return self._path(project)

    def _prepare(self) -> None:
        if self._lock is None:
            make_folder(self._run)
            self._lock = QLockFile(str(self._run / _LOCK))
            self._lock.setStaleLockTime(0)
            self._lock.tryLock(0)

    def _path(self, project: Project) -> Path:
        stem = Path(project.clip.path).stem if project.clip else "project"
        return self._run / f"{self._number:03d}-{stem.replace('%', '_')}{storage.SUFFIX}"

    @Slot(object)
    def _on_changed(self, _changes: object) -> None:
        # The undo stack learns of the edit only after this; so look when the timer fires.
        self._timer.start()

    @Slot()
    def _on_timeout(self) -> None:
        if not self._document.modified:
            self.forget()
        elif self._document.project.clip is not None:
            self._write_later(self._document.project)

    @Slot(object)
    def _on_ended(self, outcome: JobOutcome) -> None:
        if outcome.error is not None:
            self.failed.emit(outcome.error)


def _deleted(path: Path) -> None:
    path.unlink(missing_ok=True)
    if not list(path.parent.glob(f"*{storage.SUFFIX}")):
        shutil.rmtree(path.parent, ignore_errors=True)


def _left_behind(folder: Path) -> Iterator[object]:
    """Yield the newest project file in a folder that no running Wisp has locked."""
    files: list[Path] = []
    for run in folder.iterdir() if folder.is_dir() else ():
        lock = QLockFile(str(run / _LOCK))
        lock.setStaleLockTime(0)
        if lock.tryLock(0):
            files.extend(run.glob(f"*{storage.SUFFIX}"))
            lock.unlock()
    if files:
        yield max(files, key=lambda path: path.stat().st_mtime_ns)
