"""What picture the canvas needs now, from the project and what the user looks at."""

from __future__ import annotations

from app.coverage import Coverage, current_key
from app.document import Document
from app.pictures import LayerRequest, PictureRequest
from app.view_state import ViewState
from app.views.look import rgb_of
from matting_core.document.project import MatteObject


class Requests:
    """Describes pictures; asks for nothing itself."""

    def __init__(self, document: Document, view: ViewState, coverage: Coverage) -> None:
        self._document = document
        self._view = view
        self._coverage = coverage

    def now(self) -> PictureRequest | None:
        """The picture of the frame at the playhead, or None without a clip."""
        clip, view = self._document.project.clip, self._view
        if clip is None:
            return None
        return PictureRequest(clip.path, view.frame, view.mode, self._layers(view.frame), view.look)

    def _layers(self, frame: int) -> tuple[LayerRequest, ...]:
        shown = (obj for obj in self._document.project if obj.visible and obj.prompts)
        return tuple(self._layer(obj, frame) for obj in shown)

    def _layer(self, obj: MatteObject, frame: int) -> LayerRequest:
        seen = self._coverage.seen(obj.id, frame)
        fresh = current_key(self._document.project, obj.id, frame)
        return LayerRequest(obj.id, rgb_of(obj.color), fresh, seen.key if seen else None)
