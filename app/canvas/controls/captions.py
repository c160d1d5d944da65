"""Captions under the picture: which view this is, and what is missing in it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from PySide6.QtCore import QObject

from app.canvas.pictures.picture import Picture
from app.model.view import ViewMode
from matting_core.results.status import Status

_NEEDS_NO_MATTE = frozenset({ViewMode.SOURCE, ViewMode.OVERLAY})


class Captions(QObject):
    """Names of pictures in the user's language."""

    def caption(self, picture: Picture, statuses: Collection[Status] = ()) -> str:
        """One line: the view with its key, and what to do where something is missing or doubtful.

        Args:
            picture: what is shown.
            statuses: those of its objects on its frame.
        """
        name = self._name(picture)
        if picture.masks:
            return name + self.tr(" · mask; its matte follows")
        if picture.stale:
            return name + self.tr(" · stale: update it (Ctrl+U)")
        if not picture.mattes and picture.request.mode not in _NEEDS_NO_MATTE:
            return name + self.tr(" · no matte here: click the object, or track it (Ctrl+T)")
        if Status.LOST in statuses:
            return name + self.tr(" · object not found here: add a prompt, then update (Ctrl+U)")
        if Status.DOUBTFUL in statuses:
            return name + self.tr(" · the tracker doubts this: correct it, then update (Ctrl+U)")
        if picture.request.mode is ViewMode.DIFFERENCE and not _can_differ(picture):
            return name + self._no_difference(picture)
        return name

    def halves(self, picture: Picture) -> tuple[str, str]:
        """What the two pictures of a comparison are called, the own one first."""
        compare = picture.request.compare
        if compare is None:
            return "", ""
        own = self._name(picture)
        if compare.against.layers is None:
            return own, self.tr("Source")
        if not picture.others:
            return own, self.tr("Earlier version: no matte here")
        return own, self.tr("Earlier version")

    def _no_difference(self, picture: Picture) -> str:
        if picture.request.frame == 0:
            return self.tr(" · nothing before the first frame: go to another (Right)")
        return self.tr(" · no matte on the frame before: track it (Ctrl+T)")

    def _name(self, picture: Picture) -> str:
        names = {
            ViewMode.SOURCE: self.tr("Source (F1)"),
            ViewMode.OVERLAY: self.tr("Overlay (F2)"),
            ViewMode.ALPHA: self.tr("Alpha (F3)"),
            ViewMode.ROI: self.tr("ROI (F4)"),
            ViewMode.TRIMAP: self.tr("Trimap (F5)"),
            ViewMode.CHECKER: self.tr("Checker (F6)"),
            ViewMode.BACKDROP: self.tr("Colour (F7)"),
            ViewMode.FOREGROUND: self.tr("Foreground (F8)"),
            ViewMode.DIFFERENCE: self.tr("Difference to the frame before (F9)"),
        }
        name = names[picture.request.mode]
        image = picture.request.look.backdrop.image
        if picture.request.mode is ViewMode.BACKDROP and image:
            return f"{name} · {Path(image).name}"
        return name


def _can_differ(picture: Picture) -> bool:
    before = {layer.object_id for layer in picture.scene.before}
    return any(layer.object_id in before for layer in picture.scene.layers)
