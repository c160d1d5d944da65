"""Qt face of the result service: what the timeline shows, and one signal for every change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from matting_core.document.project import MatteObject, Project
from matting_core.document.storage import Record
from matting_core.jobs import CancelToken
from matting_core.results.latest import LatestRecipes, ResultKeys, pack_latest
from matting_core.results.service import ResultService
from matting_core.results.status import Status
from matting_core.spans import SpanMap, Spans
from matting_core.types import FrameRange, ObjectId

_REDRAW_INTERVAL = 100
Statuses = npt.NDArray[np.uint8]


class Results(QObject):
    """Statuses of all objects' frames, and the latest matte of each.

    Attributes:
        service: knows and makes all results.
    """

    changed = Signal()
    surveyed = Signal(int)
    """Another state of the document counts; carries how many locked frames need other models."""
    unread = Signal()
    """Some results have no statistics at hand yet: `reading` is to run on a lane."""

    def __init__(self, service: ResultService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.service = service
        self._project = Project()
        self._arrays: dict[ObjectId, tuple[SpanMap[Status], Statuses]] = {}
        self._redraw = QTimer(self, singleShot=True, interval=_REDRAW_INTERVAL)
        self._redraw.timeout.connect(self.changed)
        self._settled = QTimer(self, singleShot=True, interval=0)  # once all have seen the change
        self._settled.timeout.connect(self._on_settled)

    def reset(self) -> None:
        """Forget everything: another document."""
        self.service.latest.clear()
        self._project = Project()
        self._arrays.clear()
        self.changed.emit()

    @property
    def all_latest(self) -> LatestRecipes:
        """The latest matte of every frame, by object and span."""
        return self.service.latest.all

    def notes(self, project: Project) -> Callable[[], Record]:
        """Notes for a project's file, for `restore`; taken now, packed when they are called."""
        return partial(pack_latest, project, self.all_latest)

    def restore(self, project: Project, latest: LatestRecipes) -> None:
        """Take in the latest mattes of an earlier run, as far as they are still stored."""
        if latest:
            self.service.latest.restore(latest)
            self.survey(project)

    def statuses(self, object_id: ObjectId) -> Statuses:
        """(frames,) uint8 of `Status`, read-only; empty before the first survey."""
        clip, ids = self._project.clip, [obj.id for obj in self._project]
        if clip is None or object_id not in ids:
            return np.zeros(0, np.uint8)
        spans = self.service.status(self._project, object_id)
        kept = self._arrays.get(object_id)
        if kept is None or kept[0] is not spans or len(kept[1]) != clip.length:
            array = np.zeros(clip.length, np.uint8)
            for span, status in spans:
                array[span.start : span.stop] = status
            array.flags.writeable = False
            kept = self._arrays[object_id] = spans, array
        return kept[1]

    def latest(self, object_id: ObjectId, frame: int) -> ResultKeys | None:
        """The latest matte of a frame, fresh or stale, or None."""
        return self.service.latest.at(object_id, frame)

    def shown(self, obj: MatteObject, frame: int) -> ResultKeys | None:
        """The matte that the canvas shows for an object, fresh or stale; what a correction is of.

        An object without prompts shows nothing, whatever was seen before they were deleted.
        """
        seen = self.latest(obj.id, frame)
        there = seen is not None and self.service.store.has_matte(seen.key)
        return seen if there and obj.prompts else None

    def mark(self, project: Project, keys: ResultKeys) -> None:
        """Take note of one new result."""
        object_id, frame = keys.place
        length = project.clip.length if project.clip else 0
        if frame < length and any(obj.id == object_id for obj in project):
            self.service.latest.mark(keys)
            self._schedule()

    def complete(self, object_id: ObjectId, span: FrameRange) -> bool:
        """Whether every frame of a span has today's matte, or takes none."""
        statuses = self.statuses(object_id)[span.start : span.stop]
        return bool(len(statuses)) and not np.isin(statuses, (Status.NONE, Status.STALE)).any()

    def stale(self, object_id: ObjectId) -> Spans:
        """The spans whose mattes were made from other prompts or settings than today's."""
        return self._spans(object_id, Status.STALE)

    def doubtful(self, object_id: ObjectId) -> Spans:
        """The spans that deserve a look: the tracker doubts them, or has not found the object."""
        return self._spans(object_id, Status.DOUBTFUL, Status.LOST)

    def survey(self, project: Project) -> None:
        """Let another state of the document count, or look anew at what is stored."""
        if project.clip is None:
            return
        self._project = project
        self._schedule()
        self._settled.start()

    def reading(self) -> Callable[[CancelToken], Iterator[object]]:
        """Work for a lane: read what the statuses lack, one mask a step."""
        project = self._project
        return lambda _token: self.service.read_statistics(project)

    def show_read(self, _key: object = None) -> None:
        """Show what `reading` has read."""
        self._schedule()

    def _spans(self, object_id: ObjectId, *wanted: Status) -> Spans:
        if all(obj.id != object_id for obj in self._project):
            return ()
        return self.service.status(self._project, object_id).where(lambda each: each in wanted)

    def _schedule(self) -> None:
        if not self._redraw.isActive():
            self._redraw.start()

    @Slot()
    def _on_settled(self) -> None:
        self.service.statuses.protect(self._project)
        self.service.statuses.observe(self._project)
        self.surveyed.emit(self.service.statuses.missing_locked(self._project))
        if self.service.statuses.has_unread(self._project):
            self.unread.emit()
