"""What was seen of a document's mattes, noted in its file and known again when it is opened.

Only keys are noted, in spans: the mattes themselves stay in the cache (decision 22).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from matting_core.document.project import Project
from matting_core.document.storage import Record
from matting_core.results.recipes import MatteKey
from matting_core.types import FrameRange, ObjectId, TrackState

_SEEN = "seen"
_DIGEST = re.compile(r"[0-9a-f]{8,64}")
Place = tuple[ObjectId, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A matte that is in the cache: its key, its mask's key, and how the mask came about.

    Attributes:
        key: the matte's.
        mask_key: its mask's.
        state: how the mask came about; None if that was not looked up yet.
        doubtful: whether the tracker doubts the mask.
    """

    key: MatteKey
    mask_key: MatteKey
    state: TrackState | None = None
    doubtful: bool = False

    @property
    def place(self) -> Place:
        """Object and frame."""
        return self.key.object_id, self.key.frame


Seen = dict[Place, Found]
"""The last matte that was seen of each object on each frame."""


def noted(project: Project, seen: Seen) -> Record:
    """Pack what was seen of a project's objects as notes for its file (`storage.save`)."""
    ids = {obj.id for obj in project}
    found = (seen[place] for place in sorted(seen) if place[0] in ids)
    kept = (each for each in found if each.key.blank is None)
    return {_SEEN: list(_spans(kept))}


def recalled(notes: Record, project: Project) -> Seen:
    """Unpack them; what does not fit the project, or is damaged, is left out."""
    ids = {obj.id for obj in project}
    length = project.clip.length if project.clip else 0
    entries = notes.get(_SEEN)
    seen: Seen = {}
    for entry in entries if isinstance(entries, list) else ():
        span = _span(entry)
        if span is None or entry[0] not in ids or span.stop > length:
            continue
        object_id, _start, _stop, digest, mask_digest = entry
        for frame in span:
            key, mask_key = (MatteKey(object_id, frame, each) for each in (digest, mask_digest))
            seen[object_id, frame] = Found(key, mask_key)
    return seen


def _spans(found: Iterator[Found]) -> Iterator[list[Any]]:
    """Yield neighbours that were made from the same as [object, start, stop, digest, digest]."""
    numbered = enumerate(found)  # along a run of frames, frame minus number stays the same
    for (object_id, _, *digests), group in itertools.groupby(numbered, _run):
        frames = [each.key.frame for _number, each in group]
        yield [object_id, frames[0], frames[-1] + 1, *digests]


def _run(numbered: tuple[int, Found]) -> tuple[Any, ...]:
    number, found = numbered
    key = found.key
    return key.object_id, key.frame - number, key.digest, found.mask_key.digest


def _span(entry: object) -> FrameRange | None:
    match entry:
        case [int(), int(start), int(stop), str(digest), str(mask_digest)]:
            named = _DIGEST.fullmatch(digest) and _DIGEST.fullmatch(mask_digest)
            return FrameRange(start, stop) if named and 0 <= start < stop else None
        case _:
            return None
