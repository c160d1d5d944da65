"""What picture the canvas needs now, from the project and what the user looks at."""

from __future__ import annotations

from app.coverage import Coverage, current_key
from app.document import Document
from app.object_view import ObjectView
from app.pictures import LayerRequest, PictureRequest
from app.view_state import ViewState
from app.views.look import rgb_of
from matting_core.document.project import MatteObject


class Requests:
    """Describes pictures; asks for nothing itself."""

    def __init__(
        self, document: Document, view: ViewState, coverage: Coverage, objects: ObjectView
    ) -> None:
        self._document = document
        self._view = view
        self._coverage = coverage
        self._objects = objects

    def now(self) -> PictureRequest | None:
        """The picture of the frame at the playhead, or None without a clip."""
        project, view = self._document.project, self._view
        if project.clip is None:
            return None
        layers = self._layers(view.frame)
        return PictureRequest(
            project.clip.path, view.frame, view.mode, layers, view.look, project.share_alpha
        )

    def _layers(self, frame: int) -> tuple[LayerRequest, ...]:
        shown = (obj for obj in self._document.project if obj.visible and obj.prompts)
        return tuple(self._layer(obj, frame) for obj in shown)

    def _layer(self, obj: MatteObject, frame: int) -> LayerRequest:
        seen = self._coverage.seen(obj.id, frame)
        fresh = current_key(self._document.project, obj.id, frame)
        return LayerRequest(
            obj.id,
            rgb_of(obj.color),
            fresh,
            seen.key if seen else None,
            obj.finishing_on(frame),
            self._objects.shows(obj),
        )
