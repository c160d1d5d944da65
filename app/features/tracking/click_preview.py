"""Preview of a click: the mask that it would give, while the mouse hovers with Shift held."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from app.canvas.tools.gestures import PreviewClick
from app.features.tracking.model_worker import ClickMask, ClickRequest
from app.features.tracking.runner import ModelRunner
from app.model.model import Model
from matting_core.document import edits
from matting_core.document.project import MatteObject
from matting_core.document.prompts import PointPrompt
from matting_core.types import ObjectId


class ClickPreview(QObject):
    """Mask that a click would give, for one place at a time.

    What the mouse has left meanwhile is not shown.

    Args:
        model: whose active object would be clicked.
        runner: runs the tracker.
        parent: the Qt parent.
    """

    shown = Signal(object)
    """Carries the mask (H, W) bool that a click would give, or None."""

    def __init__(self, model: Model, runner: ModelRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._runner = runner
        self._asked: ClickRequest | None = None
        runner.click_masked.connect(self._on_click_masked)

    def show(self, step: PreviewClick) -> None:
        """Show what a point would give, added to the active object or to a new one, or nothing."""
        obj, prompt = self._model.active, step.prompt
        hidden = obj is not None and not self._model.objects.shows(obj)
        if prompt is None or hidden:
            self.drop()
        elif obj is not None and obj.refuses_changes(prompt.frame):
            self.drop()  # such a frame takes no click, which says so itself
        else:
            self._ask(self._request(obj, prompt))

    def _request(self, obj: MatteObject | None, prompt: PointPrompt) -> ClickRequest:
        project = self._model.project
        if obj is None:
            return ClickRequest(edits.add_object(project), ObjectId(project.next_id), prompt)
        prompted = bool(obj.prompts_on(prompt.frame))
        seen = None if prompted else self._model.results.shown(obj, prompt.frame)
        return ClickRequest(project, obj.id, prompt, seen)

    def _ask(self, request: ClickRequest) -> None:
        if request != self._asked:
            self._asked = request
            self._runner.preview_click(request)

    def drop(self) -> None:
        """Show nothing: the mouse went elsewhere."""
        if self._asked is not None:
            self._asked = None
            self._runner.drop_click()
            self.shown.emit(None)

    @Slot(object)
    def _on_click_masked(self, found: ClickMask) -> None:
        if found.request == self._asked:
            self.shown.emit(found.inside)
