"""Strokes become edits: the mask is read, painted and packed on the media lane."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from app.features.painting.strokes import Stroke
from app.model.change import Change
from app.model.model import Model
from app.shell.jobs import Job, JobLane, Priority
from app.shell.pending_edits import PendingEdits
from app.shell.tasks import Task, Tasks
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document import edits
from matting_core.document.edits import Edit
from matting_core.document.project import MatteObject, Project
from matting_core.document.prompts import MaskPrompt
from matting_core.document.refine import Mark, RefineStrokes
from matting_core.jobs import CancelToken
from matting_core.matte.guides import mask_inside
from matting_core.matte.refining import Gray
from matting_core.media.masks import decode_gray, encode_gray
from matting_core.results.recipes import MatteKey
from matting_core.results.store import MatteCache
from matting_core.types import Size


@dataclass(slots=True)
class _LastPlane:
    """Plane that the last stroke made; used on the lane alone."""

    place: Hashable = None
    plane: Gray | None = None


@dataclass(frozen=True, slots=True)
class _Base:
    """Base that a stroke is laid on: packed, or a tracker's mask, or nothing."""

    png: bytes | None = None
    mask_key: MatteKey | None = None


@dataclass(frozen=True, slots=True)
class _Painting:
    """Stroke with what it is laid on.

    Attributes:
        stroke: see there.
        size: the frame's.
        base: what was there when the stroke ended.
        follows: whether a stroke on the same place was still being made then.
    """

    stroke: Stroke
    size: Size
    base: _Base
    follows: bool


@dataclass(frozen=True, slots=True)
class UnpackedStrokes:
    """Strokes of the Refine Edge brush, and their marks, (H, W) uint8 coded."""

    strokes: RefineStrokes
    marks: Gray


class StrokeComposer(QObject):
    """Edits made of strokes, one after the other, on the media lane."""

    unpacked = Signal(object)
    """Carries `UnpackedStrokes`."""
    settled = Signal()
    """No stroke is on its way any more."""

    def __init__(
        self,
        model: Model,
        tasks: Tasks,
        lane: JobLane,
        cache: MatteCache,
        pending_edits: PendingEdits,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._tasks = tasks
        self._lane = lane
        self._pending_edits = pending_edits
        self._cache = cache
        self._last = _LastPlane()
        self._waiting: list[tuple[Hashable, Job]] = []
        model.clip_changed.connect(self._on_clip_changed)

    @property
    def busy(self) -> bool:
        """Whether a stroke is on its way to the document."""
        return bool(self._waiting)

    def lay(self, project: Project, stroke: Stroke) -> None:
        """Make a stroke's edit; it comes back through `ready`, if it changes anything."""
        if project.clip is None:
            return
        obj = next((each for each in project if each.id == stroke.object_id), None)
        base = _Base() if obj is None else self._base(obj, stroke)
        places = [place for place, _job in self._waiting]
        painting = _Painting(stroke, project.clip.size, base, stroke.place in places)
        text = _text(obj, stroke)
        last, cache = self._last, self._cache

        def work(_token: CancelToken) -> Iterator[object]:
            before = _before(painting, last, cache)
            after = stroke.on(before)
            last.place, last.plane = stroke.place, after
            if not np.array_equal(before, after):
                yield Change(text, _edit(stroke, encode_gray(after), bool(after.any())))

        task = Task(work).each(self._model.make).ended(self._on_ended)
        job = self._tasks.run(task, self._lane, priority=Priority.URGENT)
        self._pending_edits.add(job)
        self._waiting.append((stroke.place, job))

    def unpack(self, strokes: RefineStrokes, size: Size) -> None:
        """Unpack strokes that are to be shown; the last ones asked for come with `unpacked`."""
        task = Task.call(_unpack, strokes, size).each(self.unpacked.emit).ended(self._on_ended)
        self._tasks.run(task, self._lane, key="strokes", priority=Priority.URGENT)

    @Slot()
    def _on_clip_changed(self) -> None:
        for _place, job in self._waiting:
            job.cancel()

    def _base(self, obj: MatteObject, stroke: Stroke) -> _Base:
        if stroke.paint == "refine":
            strokes = obj.strokes_on(stroke.frame)
            return _Base(None if strokes is None else strokes.png)
        here = obj.prompts_on(stroke.frame)
        masks = [prompt for prompt in here if isinstance(prompt, MaskPrompt)]
        if masks and len(here) == 1:
            return _Base(masks[0].png)
        seen = self._model.results.shown(obj, stroke.frame)
        return _Base(masks[0].png if masks else None, seen.mask_key if seen else None)

    def _on_ended(self) -> None:
        self._waiting = [(place, job) for place, job in self._waiting if not job.finished]
        if not self._waiting:
            self.settled.emit()


def _unpack(strokes: RefineStrokes, size: Size) -> UnpackedStrokes:
    return UnpackedStrokes(strokes, decode_gray(strokes.png, size))


def _before(painting: _Painting, last: _LastPlane, cache: MatteCache) -> Gray:
    """The plane that the stroke is laid on, (H, W) uint8."""
    if painting.follows and last.place == painting.stroke.place and last.plane is not None:
        return last.plane
    base, size = painting.base, painting.size
    if base.mask_key is not None:
        segmentation = cache.get_segmentation(base.mask_key)
        if segmentation is not None:
            return np.where(mask_inside(segmentation, size), np.uint8(255), np.uint8(0))
    if base.png is not None:
        return decode_gray(base.png, size)
    return np.zeros(size.hw, np.uint8)


def _edit(stroke: Stroke, png: bytes, anything: bool) -> Edit:
    object_id, frame = stroke.object_id, stroke.frame

    def refine(project: Project) -> Project:
        if not anything:
            return edits.clear_strokes(project, object_id, frame)
        return edits.set_strokes(project, object_id, RefineStrokes(frame, png))

    def mask(project: Project) -> Project:
        if object_id == project.next_id:
            project = edits.add_object(project)
        cleared = edits.clear_frame(project, object_id, frame)
        return edits.add_prompts(cleared, object_id, [MaskPrompt(frame, png)])

    return refine if stroke.paint == "refine" else mask


def _text(obj: MatteObject | None, stroke: Stroke) -> str:
    if stroke.paint == "refine":
        return _REFINE_TEXTS[stroke.mark]
    here = () if obj is None else obj.prompts_on(stroke.frame)
    replaces = any(not isinstance(prompt, MaskPrompt) for prompt in here)
    return _MASK_TEXTS[stroke.mark is Mark.SOLID, replaces]


_REFINE_TEXTS = {
    Mark.UNKNOWN: QT_TRANSLATE_NOOP("Commands", "Mark where to look"),
    Mark.SOLID: QT_TRANSLATE_NOOP("Commands", "Mark solid"),
    Mark.CLEAR: QT_TRANSLATE_NOOP("Commands", "Mark clear"),
    Mark.NOTHING: QT_TRANSLATE_NOOP("Commands", "Unmark"),
}
_MASK_TEXTS = {
    (True, False): QT_TRANSLATE_NOOP("Commands", "Paint mask"),
    (False, False): QT_TRANSLATE_NOOP("Commands", "Erase from mask"),
    (True, True): QT_TRANSLATE_NOOP("Commands", "Paint mask in place of this frame's prompts"),
    (False, True): QT_TRANSLATE_NOOP("Commands", "Erase from mask in place of its prompts"),
}
