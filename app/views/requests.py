"""What picture the canvas needs now, from the project and what the user looks at."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal

from app.coverage import Coverage, current_key
from app.document import Document
from app.view_state import ViewMode, ViewState
from app.views.look import Against, Overlay, rgb_of
from app.views.picture import Compare, LayerRequest, PictureRequest, Reference
from matting_core.digests import MatteKey
from matting_core.document.project import MatteObject
from matting_core.types import ObjectId

Earlier = Callable[[int], Mapping[ObjectId, MatteKey]]
"""The mattes that an earlier version had on a frame."""


class Requests(QObject):
    """Describes pictures; asks for nothing itself."""

    changed = Signal()
    """There is another earlier version, or none any more."""

    def __init__(
        self,
        document: Document,
        view: ViewState,
        coverage: Coverage,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._view = view
        self._coverage = coverage
        self._earlier: Earlier | None = None

    @property
    def has_earlier(self) -> bool:
        """Whether there is an earlier version to compare with."""
        return self._earlier is not None

    def set_earlier(self, earlier: Earlier | None) -> None:
        """Compare with this version from now on; None is none."""
        self._earlier = earlier
        self.changed.emit()

    def now(self) -> PictureRequest | None:
        """The picture of the frame at the playhead, or None without a clip."""
        clip, view = self._document.project.clip, self._view
        if clip is None:
            return None
        frame, onion = view.frame, Overlay.ONION in view.look.overlays
        return PictureRequest(
            clip.path,
            frame,
            view.mode,
            self._layers(frame),
            view.look,
            before=self._layers(frame - 1) if onion or view.mode is ViewMode.DIFFERENCE else (),
            after=self._layers(frame + 1) if onion else (),
            compare=self._compare(frame),
        )

    def _compare(self, frame: int) -> Compare | None:
        view, look = self._view, self._view.look
        if look.comparison is None:
            return None
        if look.against is Against.SOURCE or self._earlier is None:
            return Compare(look.comparison, Reference())
        before = view.mode is ViewMode.DIFFERENCE and frame > 0
        reference = Reference(
            self._earlier_layers(self._earlier(frame)),
            self._earlier_layers(self._earlier(frame - 1)) if before else (),
        )
        return Compare(look.comparison, reference)

    def _earlier_layers(self, keys: Mapping[ObjectId, MatteKey]) -> tuple[LayerRequest, ...]:
        return tuple(
            LayerRequest(obj.id, rgb_of(obj.color), keys[obj.id], None)
            for obj in self._document.project
            if obj.visible and obj.id in keys
        )

    def _layers(self, frame: int) -> tuple[LayerRequest, ...]:
        clip = self._document.project.clip
        if clip is None or not 0 <= frame < clip.length:
            return ()
        shown = (obj for obj in self._document.project if obj.visible and obj.prompts)
        return tuple(self._layer(obj, frame) for obj in shown)

    def _layer(self, obj: MatteObject, frame: int) -> LayerRequest:
        seen = self._coverage.seen(obj.id, frame)
        fresh = current_key(self._document.project, obj.id, frame)
        return LayerRequest(obj.id, rgb_of(obj.color), fresh, seen.key if seen else None)
