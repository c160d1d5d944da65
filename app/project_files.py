"""Opening, saving and the list of recent files; all reading and writing is the media lane's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.document import Document
from app.jobs import JobLane, JobOutcome, JobStatus, Priority, Work
from app.messages import Messenger
from app.opening import Opened, is_project, opening_clip, opening_demo, opening_project
from app.pictures import PictureMaker
from app.recovery import Recovery
from app.settings import UserSettings
from matting_core.document import edits, storage
from matting_core.document.project import Settings
from matting_core.jobs import CancelToken


class ProjectFiles(QObject):
    """Knows the document's file, and puts documents in place when they have been read."""

    adopted = Signal()
    """Another document is in place."""
    saved = Signal()
    started = Signal(object)
    """Carries the `Job` that opens something."""

    def __init__(
        self,
        lane: JobLane,
        maker: PictureMaker,
        document: Document,
        recovery: Recovery,
        messenger: Messenger,
        settings: UserSettings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lane = lane
        self._maker = maker
        self._document = document
        self._recovery = recovery
        self._messenger = messenger
        self._settings = settings
        self._defaults = document.project.settings
        self._path: Path | None = None

    @property
    def path(self) -> Path | None:
        """The document's file, or None before it is first saved."""
        return self._path

    @property
    def title(self) -> str:
        """What the window calls the document."""
        if self._path is not None:
            return self._path.stem
        clip = self._document.project.clip
        return Path(clip.path).name if clip is not None else ""

    def open(self, path: Path) -> None:
        """Open a clip or a project; the present document stays until the new one is read."""
        name = path.name
        if is_project(path):
            self._open(opening_project(self._maker, path), name)
        else:
            self._open(opening_clip(self._maker, path, self._new_settings()), name)

    def open_demo(self) -> None:
        """Open the bundled clip with its prompts."""
        settings = self._settings.models(self._defaults)
        self._open(opening_demo(self._maker, settings), self.tr("the demo"))

    def restore(self, path: Path) -> None:
        """Open unsaved work that an earlier run left behind."""
        self._open(opening_project(self._maker, path, restored=True), path.stem)

    def save(self, path: Path) -> None:
        """Write the document to a file, which is then its file."""
        project, index = self._document.project, self._document.stack.index()

        def work(_token: CancelToken) -> Iterator[object]:
            storage.save(project, path)
            yield index

        job = self._lane.submit(work, priority=Priority.URGENT)
        job.delivered.connect(self._on_saved)
        job.ended.connect(self._on_ended)
        self._saving = path

    def _open(self, work: Work, name: str) -> None:
        title = self.tr("Opening {name}").format(name=name)
        job = self._lane.submit(work, key="open", priority=Priority.URGENT, title=title)
        job.delivered.connect(self._on_opened)
        job.ended.connect(self._on_ended)
        self.started.emit(job)

    def _new_settings(self) -> Settings:
        """A new clip starts with the models chosen for it, else with those in use."""
        return self._settings.models(self._document.project.settings)

    @Slot(object)
    def _on_opened(self, opened: Opened) -> None:
        if self._relinked(opened):
            return
        if self._document.modified:
            kept = self._recovery.keep(self._document.project)
            text = self.tr("The unsaved work on {name} is kept in {path}; open it from there.")
            self._messenger.tell(text.format(name=self.title, path=kept))
        else:
            self._recovery.forget()
        self._path = opened.path
        self._document.adopt(opened.project, modified=opened.restored)
        self._remember(opened)
        self.adopted.emit()
        if opened.trouble is not None:
            self._messenger.report(opened.trouble)

    def _relinked(self, opened: Opened) -> bool:
        """Whether what was opened is just this document's clip, perhaps in another place."""
        here, there = self._document.project.clip, opened.project.clip
        bare = opened.path is None and not opened.restored and not opened.project.objects
        if not bare or here is None or there is None or here.fingerprint != there.fingerprint:
            return False
        self._document.relink(edits.set_clip(self._document.project, there))
        self._messenger.tell(self.tr("This clip is open; its prompts were kept."))
        return True

    def _remember(self, opened: Opened) -> None:
        clip = opened.project.clip
        if opened.path is not None:
            self._settings.add_recent(opened.path)
        elif clip is not None and not opened.restored and not opened.project.objects:
            self._settings.add_recent(Path(clip.path))

    @Slot(object)
    def _on_saved(self, index: int) -> None:
        self._path = self._saving
        self._settings.add_recent(self._path)
        if self._document.stack.index() == index:
            self._document.stack.setClean()
            self._recovery.forget()
        self.saved.emit()

    @Slot(object)
    def _on_ended(self, outcome: JobOutcome) -> None:
        if outcome.status is JobStatus.FAILED and outcome.error is not None:
            self._messenger.report(outcome.error)
