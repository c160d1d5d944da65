"""Which frames have a fresh, a stale or no matte: what the timeline shows.

Statuses are surveyed on the media lane in blocks after an edit, and updated one by one while a
track runs, so neither costs the UI thread more than a moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import partial

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal

from app.model.seen import Found, Place, Seen, noted
from app.shell.jobs import JobLane, Priority
from matting_core.document.project import MatteObject, Project
from matting_core.document.storage import Record
from matting_core.errors import MattingError
from matting_core.jobs import CancelToken
from matting_core.models.registry import tracker_spec
from matting_core.results.locked import locked_keys
from matting_core.results.recipes import MatteKey, matte_key, segmentation_key
from matting_core.results.store import MatteCache
from matting_core.spans import Spans
from matting_core.types import FrameRange, ObjectId, Segmentation, TrackState

_BLOCK = 64
_REDRAW_INTERVAL = 100
Statuses = npt.NDArray[np.uint8]


class Status(IntEnum):
    """State of one object's matte on one frame."""

    NONE = 0
    FRESH = 1
    STALE = 2
    LOST = 3
    """Fresh, but the tracker did not find the object."""
    LOCKED = 4
    """As it was when it was locked."""
    ABSENT = 5
    """The object was said not to be there."""
    DOUBTFUL = 6
    """Fresh, but the tracker doubts it."""


@dataclass(frozen=True, slots=True)
class _Missed:
    """How many locked frames are gone that only other models could make again."""

    count: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A block of surveyed frames of one object."""

    object_id: ObjectId
    start: int
    statuses: Statuses
    found: tuple[Found, ...]


class Coverage(QObject):
    """Statuses of all objects' frames, and the last matte seen on each."""

    changed = Signal()
    surveyed = Signal(int)
    """All frames were looked at; carries how many locked ones need other models than today's."""

    def __init__(self, lane: JobLane, cache: MatteCache, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane = lane
        self._cache = cache
        self._statuses: dict[ObjectId, Statuses] = {}
        self._seen: Seen = {}
        self._marked: set[Place] = set()
        self._surveying = Project()
        self._redraw = QTimer(self, singleShot=True, interval=_REDRAW_INTERVAL)
        self._redraw.timeout.connect(self.changed)

    def reset(self) -> None:
        """Forget everything: another document."""
        self._statuses, self._seen = {}, {}
        self.changed.emit()

    @property
    def all_seen(self) -> Seen:
        """The last matte seen on every frame, by object and frame."""
        return dict(self._seen)

    def notes(self, project: Project) -> Callable[[], Record]:
        """What a project's file has to say for `recall`; taken now, packed when it is called."""
        return partial(noted, project, self.all_seen)

    def recall(self, project: Project, seen: Seen) -> None:
        """Know again what was seen of a document before, as far as it is still in the cache."""
        if seen:
            self._seen = {**seen, **self._seen}
            self.survey(project)

    def statuses(self, object_id: ObjectId) -> Statuses:
        """(frames,) uint8 of `Status`; empty before the first survey."""
        return self._statuses.get(object_id, np.zeros(0, np.uint8))

    def seen(self, object_id: ObjectId, frame: int) -> Found | None:
        """The last matte seen on a frame, whether fresh or stale by now."""
        return self._seen.get((object_id, frame))

    def shown(self, obj: MatteObject, frame: int) -> Found | None:
        """The matte that the canvas shows for an object, fresh or stale; what a correction is of.

        An object without prompts shows nothing, whatever was seen before they were deleted.
        """
        found = self.seen(obj.id, frame)
        there = found is not None and self._cache.has_matte(found.key)
        return found if there and obj.prompts else None

    def mark(self, project: Project, found: Found) -> None:
        """Take note of one new result."""
        object_id, frame = found.place
        obj = next((each for each in project if each.id == object_id), None)
        statuses = self._sized(project, object_id)
        if obj is None or frame >= len(statuses):
            return
        self._seen[found.place] = found
        self._marked.add(found.place)
        fresh = current_key(project, object_id, frame) == found.key
        statuses[frame] = _fresh_status(obj, found) if fresh else _old_status(obj)
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
        """Look at every frame of every object again; a survey that still runs is dropped."""
        ids = {obj.id for obj in project}
        self._statuses = {key: value for key, value in self._statuses.items() if key in ids}
        self._marked.clear()
        if project.clip is None:
            return
        seen, cache = dict(self._seen), self._cache

        def work(_token: CancelToken) -> Iterator[object]:
            yield from _protecting(project, cache)
            fresh: list[Found] = []
            for obj in project:
                yield from _surveyed(project, obj, cache, seen, fresh)
            yield _Missed(_count_missed(project, cache))
            yield from _states(project, cache, fresh)

        self._surveying = project
        job = self._lane.submit(work, key="survey", priority=Priority.BACKGROUND)
        job.on_item = self._on_part

    def _on_part(self, part: object) -> None:
        if isinstance(part, _Missed):
            self.surveyed.emit(part.count)
        if not isinstance(part, _Part):
            return
        statuses = self._sized(self._surveying, part.object_id)
        for offset, status in enumerate(part.statuses):
            if (part.object_id, part.start + offset) not in self._marked:
                statuses[part.start + offset] = status
        for found in part.found:
            if found.place not in self._marked:
                self._seen[found.place] = found
        self._schedule()

    def _spans(self, object_id: ObjectId, *wanted: Status) -> Spans:
        inside = np.pad(np.isin(self.statuses(object_id), wanted), 1).astype(np.int8)
        edges = np.flatnonzero(np.diff(inside)).reshape(-1, 2)
        return tuple(FrameRange(start, stop) for start, stop in edges.tolist())

    def _schedule(self) -> None:
        if not self._redraw.isActive():
            self._redraw.start()

    def _sized(self, project: Project, object_id: ObjectId) -> Statuses:
        length = project.clip.length if project.clip else 0
        if len(self.statuses(object_id)) != length:
            self._statuses[object_id] = np.zeros(length, np.uint8)
        return self._statuses[object_id]


def current_key(project: Project, object_id: ObjectId, frame: int) -> MatteKey | None:
    """The key that today's project asks for, or None without prompts or without its models."""
    try:
        return matte_key(project, object_id, frame)
    except MattingError:
        return None


def current_mask_key(project: Project, object_id: ObjectId, frame: int) -> MatteKey | None:
    """Same for the mask that the matte is made from."""
    try:
        return segmentation_key(project, object_id, frame)
    except MattingError:
        return None


def _fresh_status(obj: MatteObject, found: Found) -> Status:
    if found.key.blank is not None:
        return Status.ABSENT
    if obj.lock_on(found.key.frame) is not None:
        return Status.LOCKED
    if found.state is TrackState.LOST:
        return Status.LOST
    return Status.DOUBTFUL if found.doubtful else Status.FRESH


def found_of(
    project: Project, key: MatteKey, mask_key: MatteKey, segmentation: Segmentation
) -> Found:
    """A matte in the cache with all that is known of how its mask came about."""
    doubtful = tracker_spec(project.settings.tracker).doubts(segmentation)
    return Found(key, mask_key, segmentation.state, doubtful)


def _protecting(project: Project, cache: MatteCache) -> Iterator[None]:
    """Let the cache keep what is locked, with a breath now and then: a locked object is long."""
    locked = []
    for keys in locked_keys(project):
        locked.append(keys)
        if not len(locked) % _BLOCK:
            yield None
    cache.protect(locked)


def _count_missed(project: Project, cache: MatteCache) -> int:
    return sum(
        not cache.has_matte(key)
        for obj in project
        for held in obj.locks
        if held.settings != project.settings
        for key in (current_key(project, obj.id, frame) for frame in held.span)
        if key is not None
    )


def _old_status(obj: MatteObject) -> Status:
    """Without prompts there is nothing that a matte could be an older state of."""
    return Status.STALE if obj.prompts else Status.NONE


def _surveyed(
    project: Project,
    obj: MatteObject,
    cache: MatteCache,
    seen: Mapping[Place, Found],
    fresh: list[Found],
) -> Iterator[_Part]:
    """Yield the object's statuses in blocks, and append what is fresh to `fresh`."""
    length = project.clip.length if project.clip else 0
    for start in range(0, length, _BLOCK):
        stop = min(start + _BLOCK, length)
        statuses = np.zeros(stop - start, np.uint8)
        block = []
        for frame in range(start, stop):
            found, status = _looked_up(project, obj, frame, cache, seen)
            statuses[frame - start] = status
            if found is not None and status not in (Status.STALE, Status.NONE):
                block.append(found)
        fresh.extend(block)
        yield _Part(obj.id, start, statuses, tuple(block))


def _looked_up(
    project: Project,
    obj: MatteObject,
    frame: int,
    cache: MatteCache,
    seen: Mapping[Place, Found],
) -> tuple[Found | None, Status]:
    key = current_key(project, obj.id, frame)
    mask_key = current_mask_key(project, obj.id, frame)
    found = seen.get((obj.id, frame))
    if key is not None and mask_key is not None and cache.has_matte(key):
        known = found if found is not None and found.key == key else Found(key, mask_key)
        return known, _fresh_status(obj, known)
    if found is not None and cache.has_matte(found.key):
        return found, _old_status(obj)
    return None, Status.NONE


def _states(project: Project, cache: MatteCache, fresh: Iterable[Found]) -> Iterator[_Part | None]:
    """Read how results of earlier runs came about, one at a time: each costs a few ms."""
    for found in fresh:
        if found.state is not None or found.key.blank is not None:
            continue
        segmentation = cache.get_segmentation(found.mask_key)
        if segmentation is None:
            yield None
            continue
        known = found_of(project, found.key, found.mask_key, segmentation)
        obj = project.find(found.key.object_id)
        status = np.array([_fresh_status(obj, known)], np.uint8)
        yield _Part(found.key.object_id, found.key.frame, status, (known,))
