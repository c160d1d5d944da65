"""Opening, saving and the list of recent files; all reading and writing is the media lane's."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.canvas.pictures.maker import PictureMaker
from app.features.files.clip_search import ClipSearch, find_clip
from app.features.files.opening import OpenedProject, open_demo, open_path, open_project
from app.features.files.recovery import Recovery
from app.model.model import Model
from app.shell.jobs import Job, JobLane, Priority, Work
from app.shell.messages import Messenger
from app.shell.pending_edits import PendingEdits
from app.shell.settings import UserSettings
from app.shell.tasks import Task, Tasks
from matting_core.document import edits
from matting_core.document.backups import SaveResult, list_backups, save_with_backup
from matting_core.document.project import Project, Settings
from matting_core.document.summary import ProjectSummary, summarize
from matting_core.errors import ModelError
from matting_core.jobs import CancelToken
from matting_core.models.registry import head_spec, tracker_spec

_OPENING = "open_path"
"""What messages about open_path are on."""


@dataclass(frozen=True, slots=True)
class _Saving:
    """A save that succeeded.

    Attributes:
        project: what was written.
        documents: how many documents had been opened before the one that was saved.
        saved: what became of it.
    """

    project: Project
    documents: int
    saved: SaveResult


class ProjectFiles(QObject):
    """File of the document; documents are put in place here when they have been read."""

    adopted = Signal()
    """Another document is in place."""
    file_opened = Signal(object)
    """Carries the path of the project that is in place."""
    clip_searched = Signal()
    """It is known anew whether the document's clip can be shown."""
    saved = Signal()
    backups_listed = Signal(object)
    """Carries a tuple of `ProjectSummary`, the newest first; perhaps empty."""

    def __init__(
        self,
        tasks: Tasks,
        lane: JobLane,
        maker: PictureMaker,
        model: Model,
        pending_edits: PendingEdits,
        recovery: Recovery,
        messenger: Messenger,
        settings: UserSettings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._lane = lane
        self._maker = maker
        self._model = model
        self._document = model.document
        self._results = model.results
        self._pending_edits = pending_edits
        self._recovery = recovery
        self._messenger = messenger
        self._settings = settings
        self._defaults = model.project.settings
        self._path: Path | None = None
        self._saved_at: float | None = None
        self._lost = ClipSearch(None)
        self._documents = 0
        self._saving: list[Job] = []

    @property
    def path(self) -> Path | None:
        """The document's file, or None before it is first saved."""
        return self._path

    @property
    def saved_at(self) -> float | None:
        """When the document was last saved (`time.monotonic`), or None if not since it is open."""
        return self._saved_at

    @property
    def title(self) -> str:
        """What the window calls the document."""
        if self._path is not None:
            return self._path.stem
        clip = self._document.project.clip
        return Path(clip.path).name if clip is not None else ""

    @property
    def lost(self) -> ClipSearch:
        """Why the document's clip cannot be shown, and what could take its place."""
        return self._lost

    def open(self, path: Path) -> None:
        """Open a clip or a project; the present document stays until the new one is read."""
        self._open(open_path(self._maker, path, self._new_settings()), path.name)

    def open_demo(self) -> None:
        """Open the bundled clip with its prompts."""
        settings = self._settings.models(self._defaults)
        self._open(open_demo(self._maker, settings), self.tr("the demo"))

    def restore(self, kept: ProjectSummary) -> None:
        """Open unsaved work that was kept; it belongs to its file again."""
        work = open_project(self._maker, kept.path, kept=kept)
        self._open(work, Path(kept.clip or kept.path.name).name)

    def revert(self, backup: Path) -> None:
        """Open a backup of the document's file as unsaved work on that file."""
        if self._path is not None:
            work = open_project(self._maker, backup, file=self._path)
            self._open(work, self._path.name)

    def find_clip(self, path: Path) -> None:
        """Look for the document's missing clip at a path, or in that folder."""
        clip = self._document.project.clip
        if clip is None:
            return
        title = self.tr("Looking at {name}").format(name=path.name)
        task = Task(find_clip(self._maker, clip, path)).each(self._on_searched)
        self._tasks.run(task, self._lane, key="open", priority=Priority.URGENT, title=title)

    def use_stand_in(self) -> None:
        """Take what was found for the clip, though its contents are others."""
        if self._lost.stand_in is not None:
            self._link(edits.replace_clip(self._document.project, self._lost.stand_in))

    def list_backups(self) -> None:
        """Look into the backups of the document's file; `backups_listed` tells."""
        path = self._path
        if path is None:
            return

        def work(_token: CancelToken) -> Iterator[object]:
            found = []
            for backup in list_backups(path):
                found.append(summarize(backup))
                yield None
            yield tuple(found)

        self._tasks.run(Task(work).each(self.backups_listed.emit), self._lane, key="backups")

    def save(self, path: Path) -> None:
        """Write the document to a file, which is then its file; what was in it is backed up."""
        self._pending_edits.then(partial(self._save, path, self._documents))

    def finish(self) -> None:
        """Wait until what is being saved is saved: the window is closing."""
        self._lane.finish(self._saving)

    def _save(self, path: Path, documents: int) -> None:
        if documents != self._documents:
            return  # another document came in place while an edit was awaited; this one is kept
        project, keep = self._document.project, self._settings.backups
        notes = self._results.notes(project)

        def work(_token: CancelToken) -> Iterator[object]:
            yield _Saving(project, documents, save_with_backup(project, path, keep, notes()))

        task = Task(work).each(self._on_saved)
        job = self._tasks.run(task, self._lane, priority=Priority.URGENT)
        self._saving = [*(each for each in self._saving if not each.finished), job]

    def _open(self, work: Work, name: str) -> None:
        title = self.tr("Opening {name}").format(name=name)
        task = Task(work).each(self._on_opened)
        task.done(self._on_open_done).failed(self._on_open_failed)
        self._tasks.run(task, self._lane, key="open", priority=Priority.URGENT, title=title)

    def _new_settings(self) -> Settings:
        """A new clip starts with the models chosen for it, else with those in use."""
        return self._settings.models(self._document.project.settings)

    def _on_opened(self, opened: OpenedProject) -> None:
        self._pending_edits.then(partial(self._put_in_place, opened))

    def _put_in_place(self, opened: OpenedProject) -> None:
        if self._try_relink(opened):
            return
        if self._document.modified:
            self._recovery.keep()
            text = self.tr("The unsaved work on {name} is kept; File > Unsaved work… has it.")
            self._messenger.tell(text.format(name=self.title))
        else:
            self._recovery.forget()
        self._set_path(opened.path)
        self._saved_at = None
        self._documents += 1
        self._set_lost(ClipSearch(None, opened.trouble, opened.stand_in))
        self._document.adopt(opened.project, modified=opened.unsaved)
        self._results.restore(opened.project, opened.latest)
        if opened.kept is not None:
            self._recovery.take_over(opened.kept.path, opened.kept.since)
        self._remember(opened)
        self._model.show_opened()
        self._report_unknown_models()
        self.adopted.emit()
        if opened.path is not None:
            self.file_opened.emit(opened.path)

    def _try_relink(self, opened: OpenedProject) -> bool:
        """Whether what was opened is just this document's clip, perhaps in another place."""
        here, there = self._document.project.clip, opened.project.clip
        bare = opened.path is None and not opened.unsaved and not opened.project.objects
        if not bare or here is None or there is None or here.fingerprint != there.fingerprint:
            return False
        self._link(edits.set_clip(self._document.project, there))
        self._messenger.tell(self.tr("This clip is open; its prompts were kept."))
        return True

    def _link(self, project: Project) -> None:
        """Take over the project with its clip elsewhere; the same contents have the same mattes."""
        before, after = self._document.project.clip, project.clip
        same = before and after and before.fingerprint == after.fingerprint
        seen = self._results.all_latest if same else {}
        self._set_lost(ClipSearch(None))
        self._document.relink(project)
        self._results.restore(project, seen)
        self.clip_searched.emit()

    def _on_searched(self, search: ClipSearch) -> None:
        project, clip = self._document.project, search.clip
        if search.trouble is None and clip is not None:
            if project.clip is not None and clip.fingerprint == project.clip.fingerprint:
                self._link(edits.set_clip(project, clip))
            return
        self._set_lost(search)
        self.clip_searched.emit()

    def _report_unknown_models(self) -> None:
        settings = self._document.project.settings
        try:
            tracker_spec(settings.tracker)
            head_spec(settings.head)
        except ModelError as error:
            self._messenger.report(error)

    def _set_lost(self, search: ClipSearch) -> None:
        self._lost = search
        self._document.set_clip_missing(search.trouble is not None)

    def _remember(self, opened: OpenedProject) -> None:
        clip = opened.project.clip
        if opened.path is not None:
            self._settings.add_recent(opened.path)
        elif clip is not None and not opened.unsaved and not opened.project.objects:
            self._settings.add_recent(Path(clip.path))

    def _set_path(self, path: Path | None) -> None:
        self._path = path
        self._recovery.set_file(path)

    def _on_saved(self, saving: _Saving) -> None:
        path, trouble = saving.saved.path, saving.saved.trouble
        self._settings.add_recent(path)
        if trouble is not None:
            text = self.tr("The project is saved, but without a backup: {trouble}")
            self._messenger.warn(text.format(trouble=trouble))
        if saving.documents == self._documents:
            self._set_path(path)
            self._saved_at = time.monotonic()
            if self._document.project == saving.project:
                self._document.stack.setClean()
                self._recovery.forget()
        self.saved.emit()

    def _on_open_done(self) -> None:
        self._messenger.settle(_OPENING)

    def _on_open_failed(self, error: Exception) -> None:
        self._messenger.report(error, _OPENING)
