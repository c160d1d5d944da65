"""Which prompted frames lack a matte, and asking for them."""

from __future__ import annotations

from app.features.tracking.runner import ModelRunner
from app.model.document import Document
from app.model.view import ViewState
from matting_core.document.project import MatteObject
from matting_core.results.service import ResultService


class PromptPreviews:
    """Requests for the mattes of prompted frames that the user should see at once."""

    def __init__(
        self,
        document: Document,
        view: ViewState,
        runner: ModelRunner,
        results: ResultService,
    ) -> None:
        self._document = document
        self._view = view
        self._runner = runner
        self._results = results

    def ask(self) -> None:
        """Matte what was prompted on this frame and has no matte yet."""
        if self._document.clip_missing:
            return
        project, frame = self._document.project, self._view.frame
        for obj in project:
            if not self._is_wanted(obj, frame):
                continue
            keys = self._results.keys(project, obj.id, frame)
            if keys is not None and not self._results.store.has_matte(keys.key):
                self._runner.preview(project, obj.id, frame)

    def _is_wanted(self, obj: MatteObject, frame: int) -> bool:
        """Whether the object is to be seen, and the frame has something new to say."""
        if not obj.visible or obj.locked or obj.refuses_changes(frame):
            return False
        if obj.prompts_on(frame) or obj.strokes_on(frame) is None:
            return bool(obj.prompts_on(frame))
        keys = self._results.keys(self._document.project, obj.id, frame)
        return keys is not None and self._results.store.has_segmentation(keys.mask_key)
