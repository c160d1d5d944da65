"""What picture the canvas needs now, from the project and what the user looks at."""

from __future__ import annotations

from dataclasses import replace

from app.canvas.pictures.picture import Compare, LayerRequest, PictureRequest, Reference
from app.model.document import Document
from app.model.look import Against, Overlay, rgb_of
from app.model.objects import ObjectView
from app.model.results import Results
from app.model.versions import Version, Versions
from app.model.view import ViewMode, ViewState
from matting_core.document.project import MatteObject
from matting_core.results.recipes import MatteKey


class Requests:
    """Descriptions of the pictures that the canvas needs; nothing is asked for here."""

    def __init__(
        self,
        document: Document,
        view: ViewState,
        results: Results,
        versions: Versions,
        objects: ObjectView,
    ) -> None:
        self._document = document
        self._view = view
        self._results = results
        self._versions = versions
        self._objects = objects
        self._keys = results.service.keys

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
        version = self._versions.earlier(self._document.project)
        if look.against is Against.SOURCE or version is None:
            return Compare(look.comparison, Reference())
        before = view.mode is ViewMode.DIFFERENCE
        reference = Reference(
            self._earlier(version, frame),
            self._earlier(version, frame - 1) if before else (),
        )
        return Compare(look.comparison, reference)

    def _earlier(self, version: Version, frame: int) -> tuple[LayerRequest, ...]:
        if frame < 0:
            return ()
        layers = []
        for obj in self._document.project:
            there = obj.visible and any(obj.id == each.id for each in version.project)
            keys = self._keys(version.project, obj.id, frame) if there else None
            if keys is not None:
                layers.append(self._finish(obj, frame, keys.key, None))
        return tuple(layers)

    def _layers(self, frame: int) -> tuple[LayerRequest, ...]:
        clip = self._document.project.clip
        if clip is None or not 0 <= frame < clip.length:
            return ()
        shown = (obj for obj in self._document.project if obj.visible)
        layers = (self._layer(obj, frame) for obj in shown)
        return tuple(layer for layer in layers if layer is not None)

    def _layer(self, obj: MatteObject, frame: int) -> LayerRequest | None:
        """What to show of an object, or None where nothing makes a matte of it."""
        seen = self._results.latest(obj.id, frame)
        project = self._document.project
        fresh = self._keys(project, obj.id, frame)
        if fresh is None and not obj.prompts:
            return None
        old = None if seen is None else seen.key
        if fresh is None:
            return self._finish(obj, frame, None, old)
        return replace(self._finish(obj, frame, fresh.key, old), mask=fresh.mask_key)

    def _finish(
        self, obj: MatteObject, frame: int, fresh: MatteKey | None, seen: MatteKey | None
    ) -> LayerRequest:
        finishing = obj.finishing_on(frame).values_on(frame)
        shown, shares = self._objects.shows(obj), self._document.project.share_alpha
        return LayerRequest(
            obj.id,
            rgb_of(obj.color),
            fresh,
            seen,
            finishing=finishing,
            shown=shown,
            shares=shares,
            locked=obj.is_locked_on(frame),
        )
