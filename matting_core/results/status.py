"""Status of an object's mattes by span: what the timeline shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from matting_core.document.project import MatteObject, Project
from matting_core.errors import ModelError
from matting_core.models.registry import tracker_spec
from matting_core.results.latest import LatestResults
from matting_core.results.recipes import MatteKey, Recipe, RecipePair, Recipes
from matting_core.results.stages import whole_clip
from matting_core.results.stats import Finding, Statistics
from matting_core.results.store import Group, MatteCache
from matting_core.spans import SpanMap
from matting_core.types import FrameRange, ObjectId


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


_STATUS = {
    Finding.FINE: Status.FRESH,
    Finding.DOUBTFUL: Status.DOUBTFUL,
    Finding.LOST: Status.LOST,
}


@dataclass(frozen=True, slots=True)
class _ObjectStatus:
    """Status of an object, and the state of everything that it was computed from.

    Attributes:
        unread: whether statistics of fresh masks are not at hand.
    """

    state: tuple[object, ...]
    stored: SpanMap[RecipePair]
    status: SpanMap[Status]
    unread: bool


class Statuses:
    """Statuses of objects, computed again only where something changed. Used by one thread.

    Args:
        store: where results are.
        recipes: name them.
        statistics: of the masks.
        seen: what was seen before.
    """

    def __init__(
        self, store: MatteCache, recipes: Recipes, statistics: Statistics, seen: LatestResults
    ) -> None:
        self._store = store
        self._recipes = recipes
        self._statistics = statistics
        self._latest = seen
        self._kept: dict[ObjectId, _ObjectStatus] = {}

    def of(self, project: Project, object_id: ObjectId) -> SpanMap[Status]:
        """Status of an object's mattes; see `ResultService.status`."""
        return self._look(project, project.find(object_id)).status

    def observe(self, project: Project) -> None:
        """Take what is fresh as seen, so that it is known as stale once it is not fresh."""
        for obj in project:
            self._latest.add(obj.id, self._look(project, obj).stored)

    def count(self, project: Project, object_id: ObjectId, frames: FrameRange) -> int:
        """How many of an object's mattes of some frames are there; of any thread."""
        return sum(len(part) for part, _ in self.stored(project, object_id).within(frames))

    def stored(self, project: Project, object_id: ObjectId) -> SpanMap[RecipePair]:
        """The recipes of an object whose mattes are there; of any thread."""
        return _stored_part(object_id, self._pairs(project, project.find(object_id)), self._store)

    def missing_locked(self, project: Project) -> int:
        """How many locked frames are gone that only other models could make again."""
        locks = [
            (obj, lock.span)
            for obj in project
            for lock in obj.locks
            if lock.settings != project.settings
        ]
        wanted = sum(
            len(part) for obj, span in locks for part, _ in self._pairs(project, obj).within(span)
        )
        return wanted - sum(self.count(project, obj.id, span) for obj, span in locks)

    def has_unread(self, project: Project) -> bool:
        """Whether statistics of fresh masks are not at hand."""
        return any(self._look(project, obj).unread for obj in project)

    def unread(self, project: Project) -> Iterator[MatteKey]:
        """Load statistics, and yield fresh masks without: an older version stored them.

        Of any thread.
        """
        for obj in project:
            stored = self.stored(project, obj.id)
            for mask in {mask for _, (_, mask) in stored}:
                self._statistics.load(obj.id, mask.digest)
            for span, mask in self._unread(obj, stored):
                yield from (mask.key(obj.id, frame) for frame in span)

    def _unread(
        self, obj: MatteObject, stored: SpanMap[RecipePair]
    ) -> Iterator[tuple[FrameRange, Recipe]]:
        for span, (recipe, mask) in stored:
            if recipe.blank is None:
                known = self._statistics.findings(obj.id, mask.digest, None)
                there = self._store.frames(obj.id, mask.digest, "mask")
                for gap in known.gaps(span):
                    yield from ((part, mask) for part, _ in there.within(gap))

    def protect(self, project: Project) -> None:
        """Keep what is locked from being dropped, instead of another project's (decision 19).

        What only models make that are not there any more is left out: it has no recipe.
        """
        kept: dict[Group, list[tuple[FrameRange, bool]]] = {}
        for obj in project:
            frames = [whole_clip(project)] if obj.locked else [lock.span for lock in obj.locks]
            for span in frames:
                for part, (recipe, mask) in self._pairs(project, obj).within(span):
                    if recipe.blank is None:
                        kept.setdefault((recipe.digest, obj.id, "matte"), []).append((part, True))
                        kept.setdefault((mask.digest, obj.id, "mask"), []).append((part, True))
        self._store.protect({group: SpanMap.of(spans) for group, spans in kept.items()})

    def _look(self, project: Project, obj: MatteObject) -> _ObjectStatus:
        below = _doubtful_below(project)
        recipes, seen = self._pairs(project, obj), self._latest.of(obj.id)
        revisions = self._store.revision(obj.id), self._statistics.revision(obj.id)
        state = (_Same(recipes), _Same(seen), obj.locks, bool(obj.prompts), below, *revisions)
        known = self._kept.get(obj.id)
        if known is None or known.state != state:
            stored = self.stored(project, obj.id)
            old = _stored_part(obj.id, seen, self._store)
            status = _fresh(obj, stored, self._statistics, below).over(
                SpanMap.of((span, _old(obj)) for span in old.spans)
            )
            unread = any(True for _ in self._unread(obj, stored))
            known = self._kept[obj.id] = _ObjectStatus(state, stored, status, unread)
        return known

    def _pairs(self, project: Project, obj: MatteObject) -> SpanMap[RecipePair]:
        return self._recipes.pairs(project, obj.id) if project.clip is not None else SpanMap()


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """Value that equals itself alone, so that comparing it costs nothing."""

    value: object

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value

    __hash__ = None  # type: ignore[assignment]


def _stored_part(
    object_id: ObjectId, recipes: SpanMap[RecipePair], store: MatteCache
) -> SpanMap[RecipePair]:
    """The part of some recipes whose mattes are stored, or are empty anyway."""
    found: list[tuple[FrameRange, RecipePair]] = []
    for span, pair in recipes:
        if pair[0].blank is not None:
            found.append((span, pair))
        else:
            frames = store.frames(object_id, pair[0].digest)
            found.extend((part, pair) for part, _ in frames.within(span))
    return SpanMap.of(found)


def _fresh(
    obj: MatteObject,
    stored: SpanMap[RecipePair],
    statistics: Statistics,
    doubtful_below: float | None,
) -> SpanMap[Status]:
    """Status of what is stored: locked, else what the statistics say of it."""
    there: list[tuple[FrameRange, Status]] = []
    looked_at: list[tuple[FrameRange, Status]] = []
    for span, (recipe, mask) in stored:
        there.append((span, Status.FRESH if recipe.blank is None else Status.ABSENT))
        if recipe.blank is None:
            findings = statistics.findings(obj.id, mask.digest, doubtful_below)
            looked_at += [(part, _STATUS[each]) for part, each in findings.within(span)]
    fresh = SpanMap.of(there)
    locked = (
        (part, Status.LOCKED)
        for lock in obj.locks
        for part, status in fresh.within(lock.span)
        if status is Status.FRESH
    )
    return SpanMap.of(locked).over(SpanMap.of(looked_at)).over(fresh)


def _old(obj: MatteObject) -> Status:
    """Without prompts there is nothing that a matte could be an older state of."""
    return Status.STALE if obj.prompts else Status.NONE


def _doubtful_below(project: Project) -> float | None:
    try:
        return tracker_spec(project.settings.tracker).doubtful_below
    except ModelError:
        return None
