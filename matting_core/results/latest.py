"""Latest results of each object by span: so that it is known what is stale.

A project's file keeps their digests, and they are restored when it is opened; the mattes themselves
stay in the store (decision 22).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from matting_core.document.project import Project
from matting_core.document.storage import Record
from matting_core.results.recipes import MatteKey, Recipe, RecipePair
from matting_core.spans import SpanMap
from matting_core.types import FrameRange, ObjectId

_SEEN = "seen"
_DIGEST = re.compile(r"[0-9a-f]{8,64}")
LatestRecipes = Mapping[ObjectId, SpanMap[RecipePair]]
"""Recipes of the latest matte, and of its mask, by object and span."""


@dataclass(frozen=True, slots=True)
class ResultKeys:
    """Names of a matte and of the mask that it was made from."""

    key: MatteKey
    mask_key: MatteKey

    @property
    def place(self) -> tuple[ObjectId, int]:
        """Object and frame."""
        return self.key.place

    @property
    def frame(self) -> int:
        """Frame index."""
        return self.key.frame


class LatestResults:
    """Latest result of each object on each frame, fresh or stale. Used by one thread."""

    def __init__(self) -> None:
        self._spans: dict[ObjectId, SpanMap[RecipePair]] = {}
        self._added: dict[ObjectId, tuple[SpanMap[RecipePair], SpanMap[RecipePair]]] = {}

    @property
    def all(self) -> LatestRecipes:
        """Spans of all objects, as they are now."""
        return dict(self._spans)

    def clear(self) -> None:
        """Forget all: another document."""
        self._spans.clear()
        self._added.clear()

    def of(self, object_id: ObjectId) -> SpanMap[RecipePair]:
        """Spans of an object."""
        return self._spans.get(object_id, SpanMap())

    def at(self, object_id: ObjectId, frame: int) -> ResultKeys | None:
        """Latest result on a frame, fresh or stale, or None."""
        pair = self.of(object_id).get(frame)
        if pair is None:
            return None
        return ResultKeys(*(recipe.key(object_id, frame) for recipe in pair))

    def add(self, object_id: ObjectId, spans: SpanMap[RecipePair]) -> None:
        """Take in results as the latest, in the place of earlier ones."""
        before = self.of(object_id)
        added, result = self._added.get(object_id, (None, None))
        if not spans.spans or (added is spans and result is before):  # nothing is new since
            return
        after = spans.over(before)
        if after == before:
            after = before  # the same object, so that statuses need not be computed again
        self._spans[object_id] = after
        self._added[object_id] = spans, after

    def mark(self, keys: ResultKeys) -> None:
        """Take in one result."""
        object_id, frame = keys.place
        pair = tuple(Recipe(each.digest, each.blank) for each in (keys.key, keys.mask_key))
        self.add(object_id, SpanMap.of([(FrameRange(frame, frame + 1), (pair[0], pair[1]))]))

    def restore(self, seen: LatestRecipes) -> None:
        """Take in results of an earlier run, where there are no later ones."""
        for object_id, spans in seen.items():
            self._spans[object_id] = self.of(object_id).over(spans)


def pack_latest(project: Project, seen: LatestRecipes) -> Record:
    """Pack the latest results of a project's objects as notes for its file (`storage.save`)."""
    ids = sorted(obj.id for obj in project)
    return {_SEEN: [entry for each in ids if each in seen for entry in _entries(each, seen[each])]}


def unpack_latest(notes: Record, project: Project) -> LatestRecipes:
    """Unpack a file's notes; what does not fit the project, or is damaged, is left out."""
    ids = {obj.id for obj in project}
    length = project.clip.length if project.clip else 0
    entries = notes.get(_SEEN)
    seen: dict[ObjectId, list[tuple[FrameRange, RecipePair]]] = {}
    for entry in entries if isinstance(entries, list) else ():
        span = _span(entry)
        if span is None or entry[0] not in ids or span.stop > length:
            continue
        object_id, _start, _stop, digest, mask_digest = entry
        seen.setdefault(object_id, []).append((span, (Recipe(digest), Recipe(mask_digest))))
    return {object_id: _map(entries) for object_id, entries in seen.items()}


def _map(entries: list[tuple[FrameRange, RecipePair]]) -> SpanMap[RecipePair]:
    """Map of a file's entries, without those that cover frames of an earlier one."""
    items: list[tuple[FrameRange, RecipePair]] = []
    for span, pair in sorted(entries, key=lambda entry: entry[0].start):
        if not items or items[-1][0].stop <= span.start:
            items.append((span, pair))
    return SpanMap.of(items)


def _entries(object_id: ObjectId, seen: SpanMap[RecipePair]) -> Iterator[list[Any]]:
    """Yield spans as [object, start, stop, digest, digest]."""
    for span, (recipe, mask) in seen:
        if recipe.blank is None:
            yield [object_id, span.start, span.stop, recipe.digest, mask.digest]


def _span(entry: object) -> FrameRange | None:
    match entry:
        case [int(), int(start), int(stop), str(digest), str(mask_digest)]:
            named = _DIGEST.fullmatch(digest) and _DIGEST.fullmatch(mask_digest)
            return FrameRange(start, stop) if named and 0 <= start < stop else None
        case _:
            return None
