"""The model: document, view, results and playback, made once and handed to whoever needs them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from app.model.change import Change
from app.model.document import Changes, Document
from app.model.objects import ObjectView
from app.model.playback import Playback
from app.model.results import Results
from app.model.versions import Versions
from app.model.view import ViewState
from matting_core.document.edits import Edit
from matting_core.document.project import MatteObject, Project, Settings
from matting_core.errors import InputError


class Model(QObject):
    """Model of the editor: all that it shows and changes.

    After every change of the document, view and objects keep only what the project still has,
    before anybody else hears of it.

    Attributes:
        document: the project and its undo stack.
        view: playhead, active object, selection, view and tool.
        objects: solo, the selected shape, keying by editing.
        results: status and last matte of every object's frames.
        versions: earlier states to compare with and to go back to.
        playback: moves the playhead.

    Args:
        settings: models and quality of new projects.
        results: see the attribute.
        screen_ready: whether the picture of the last playhead is on screen, for following a track.
        parent: the Qt parent.
    """

    clip_changed = Signal()
    """Another document was opened, or its clip was found elsewhere."""
    refused = Signal(object)
    """Carries the `InputError` of an edit that does not fit the project."""
    results_reread = Signal()
    """Stored results came or went by other ways than a track: what is shown of them may be old."""

    def __init__(
        self,
        settings: Settings,
        results: Results,
        screen_ready: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.document = Document(settings, self)
        self.view = ViewState(self)
        self.objects = ObjectView(self)
        self.results = results
        self.versions = Versions(self)
        self.playback = Playback(self.document, self.view, screen_ready, self)
        self.document.changed.connect(self._on_document_changed)  # before anybody else's slot
        self.view.active_changed.connect(self._on_active_changed)

    @property
    def project(self) -> Project:
        """The project as it is now."""
        return self.document.project

    @property
    def active(self) -> MatteObject | None:
        """The object that prompts go to."""
        return self.view.active_object(self.project)

    def push(self, text: str, edit: Edit) -> bool:
        """Make an undoable edit; see `make`.

        Args:
            text: the edit's name for undo and redo, from the context "Commands".
            edit: from project to project.
        """
        return self.make(Change(text, edit))

    @Slot(object)
    def make(self, change: Change) -> bool:
        """Make an undoable edit; whether it fits the project, else `refused` says why not."""
        try:
            text = QCoreApplication.translate("Commands", change.text)
            self.document.push(text, change.edit, change.drag)
        except InputError as error:
            self.refused.emit(error)
            return False
        if change.select is not None:
            self.view.select(change.select)
        return True

    def show_opened(self) -> None:
        """Show a document that was just opened: stop, and go to its first prompt."""
        self.playback.stop()
        prompted = [obj.prompt_frames[0] for obj in self.project if obj.prompts]
        self.view.set_frame(min(prompted, default=0))
        if prompted:  # its mattes may be there from an earlier run
            self.versions.keep(self.project)

    @Slot()
    def reread_results(self) -> None:
        """Look anew at what is stored."""
        self.results.survey(self.project)
        self.results_reread.emit()

    @Slot()
    def forget_results(self) -> None:
        """Look anew at what is stored, after it was deleted on purpose."""
        self.results.reset()
        self.reread_results()

    @Slot(object)
    def _on_document_changed(self, changes: Changes) -> None:
        self.view.settle(self.project)
        self.objects.settle(self.project, self.active)
        if changes & Changes.CLIP:
            self.results.reset()
            self.versions.reset()
        if changes & ~(Changes.RANGE | Changes.OBJECTS | Changes.FINISHING):
            self.results.survey(self.project)
        if changes & Changes.CLIP:
            self.clip_changed.emit()

    @Slot()
    def _on_active_changed(self) -> None:
        self.objects.select_shape(None)
