"""Statistics of results by frame, kept with them: state, confidence and area of each mask.

They are small, so that opening a project tells what is lost or doubtful without reading every
mask. What an older version stored has none; `missing` says where, and whoever reads a mask there
hands it to `add`.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from matting_core.results.recipes import MatteKey
from matting_core.results.store import MatteCache
from matting_core.spans import SpanMap
from matting_core.types import FrameRange, ObjectId, Segmentation, TrackState

_STATES = (TrackState.PROMPTED, TrackState.TRACKED, TrackState.LOST)
_COLUMNS: Mapping[str, type[np.generic]] = {
    "frames": np.int64,
    "states": np.uint8,
    "confidences": np.float64,
    "areas": np.float64,
}
_WRITE_EVERY = 64
_Recipe = tuple[ObjectId, str]


class Finding(IntEnum):
    """What statistics say of a frame."""

    FINE = 0
    DOUBTFUL = 1
    """The tracker doubts what it has found."""
    LOST = 2
    """The tracker has not found the object."""


@dataclass(frozen=True, slots=True)
class FrameStats:
    """Statistics of one frame.

    Attributes:
        state: how the mask came about.
        confidence: of the tracker, [0, 1].
        area: share of the frame inside the mask, [0, 1].
        flicker: change of alpha against the neighbours; None while nothing measures it.
    """

    state: TrackState
    confidence: float
    area: float
    flicker: float | None = None


class _Table:
    """Statistics of one recipe as sorted columns; new rows are sorted in when they are needed."""

    __slots__ = ("_added", "_columns", "unwritten")

    def __init__(self, columns: Mapping[str, npt.NDArray[Any]] | None) -> None:
        kept = columns or {name: np.zeros(0, kind) for name, kind in _COLUMNS.items()}
        self._columns = {name: kept[name] for name in _COLUMNS}
        self._added: dict[int, FrameStats] = {}
        self.unwritten = 0

    def add(self, frame: int, stats: FrameStats) -> None:
        """Put a row, replacing an earlier one of the frame."""
        self._added[frame] = stats
        self.unwritten += 1

    def get(self, frame: int) -> FrameStats | None:
        """Row of a frame, or None."""
        columns = self.columns()
        at = int(np.searchsorted(columns["frames"], frame))
        if at == len(columns["frames"]) or columns["frames"][at] != frame:
            return None
        state, *numbers = (columns[name][at] for name in ("states", "confidences", "areas"))
        return FrameStats(_STATES[int(state)], *map(float, numbers))

    def columns(self) -> Mapping[str, npt.NDArray[Any]]:
        """All rows by ascending frame."""
        if self._added:
            rows = [
                (frame, _STATES.index(stats.state), stats.confidence, stats.area)
                for frame, stats in self._added.items()
            ]
            old = self._columns["frames"]
            left = ~np.isin(old, list(self._added))
            joined = {
                name: np.concatenate([self._columns[name][left], np.array(new, kind)])
                for (name, kind), new in zip(_COLUMNS.items(), zip(*rows, strict=True), strict=True)
            }
            order = np.argsort(joined["frames"])
            self._columns = {name: column[order] for name, column in joined.items()}
            self._added.clear()
        return self._columns

    def findings(self, doubtful_below: float | None) -> SpanMap[Finding]:
        """What the rows say, as spans."""
        columns = self.columns()
        frames, states = columns["frames"], columns["states"]
        if not len(frames):
            return SpanMap()
        found = np.where(states == _STATES.index(TrackState.LOST), Finding.LOST, Finding.FINE)
        if doubtful_below is not None:
            tracked = states == _STATES.index(TrackState.TRACKED)
            found[tracked & (columns["confidences"] < doubtful_below)] = Finding.DOUBTFUL
        breaks = (frames[1:] != frames[:-1] + 1) | (found[1:] != found[:-1])
        edges = [0, *(np.flatnonzero(breaks) + 1).tolist(), len(frames)]
        return SpanMap.of(
            (FrameRange(int(frames[a]), int(frames[b - 1]) + 1), Finding(int(found[a])))
            for a, b in pairwise(edges)
        )


class Statistics:
    """Statistics of all masks in a store, by recipe and frame. Thread-safe.

    Args:
        store: keeps them.
    """

    def __init__(self, store: MatteCache) -> None:
        self._store = store
        self._lock = threading.RLock()
        self._tables: dict[_Recipe, _Table] = {}
        self._findings: dict[_Recipe, dict[float | None, SpanMap[Finding]]] = {}
        self._revisions: Counter[ObjectId] = Counter()

    def add(self, key: MatteKey, found: Segmentation) -> None:
        """Take in a mask's statistics; they are written every few frames and by `flush`."""
        if key.blank is not None:
            return
        recipe = key.object_id, key.digest
        area = float(np.count_nonzero(found.logits > 0) / max(found.logits.size, 1))
        with self._lock:
            table = self._table(recipe)
            table.add(key.frame, FrameStats(found.state, found.confidence, area))
            self._revisions[key.object_id] += 1
            self._findings.pop(recipe, None)
            if table.unwritten >= _WRITE_EVERY:
                self._write(recipe)

    def get(self, key: MatteKey) -> FrameStats | None:
        """Statistics of one mask, or None if it has none yet."""
        with self._lock:
            return self._table((key.object_id, key.digest)).get(key.frame)

    def findings(
        self, object_id: ObjectId, digest: str, doubtful_below: float | None
    ) -> SpanMap[Finding]:
        """What is known of a recipe's frames, as spans; nothing before `load` has read them.

        Args:
            object_id: whose.
            digest: the mask's.
            doubtful_below: `TrackerSpec.doubtful_below`.
        """
        recipe = object_id, digest
        with self._lock:
            if recipe not in self._tables:
                return SpanMap()
            kept = self._findings.setdefault(recipe, {})
            if doubtful_below not in kept:
                kept[doubtful_below] = self._table(recipe).findings(doubtful_below)
            return kept[doubtful_below]

    def load(self, object_id: ObjectId, digest: str) -> None:
        """Read a recipe's statistics from the store, if that was not done yet."""
        with self._lock:
            if (object_id, digest) not in self._tables:
                self._table((object_id, digest))
                self._revisions[object_id] += 1

    def revision(self, object_id: ObjectId) -> int:
        """Number that changes with what is known of an object."""
        return self._revisions[object_id]

    def flush(self) -> None:
        """Write what is not written yet."""
        with self._lock:
            for recipe, table in self._tables.items():
                if table.unwritten:
                    self._write(recipe)

    def _table(self, recipe: _Recipe) -> _Table:
        if recipe not in self._tables:
            self._tables[recipe] = _Table(self._store.get_table(*recipe, tuple(_COLUMNS)))
        return self._tables[recipe]

    def _write(self, recipe: _Recipe) -> None:
        table = self._tables[recipe]
        self._store.put_table(*recipe, table.columns())
        table.unwritten = 0
