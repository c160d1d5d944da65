"""Store of results: segmentations and mattes by `MatteKey`, in memory and on disk."""

from __future__ import annotations

import hashlib
import io
import logging
import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.results.blobs import BlobStore
from matting_core.results.recipes import MatteKey
from matting_core.spans import SpanMap
from matting_core.types import FrameRange, Matte, ObjectId, Plane, Segmentation, TrackState

_log = logging.getLogger(__name__)
_MEMORY_LIMIT = 512 << 20
_DISK_LIMIT = 4 << 30
_CHECK = 16
_NAME = re.compile(r"[0-9a-f]{8,64}-\d+-\d{6,}-(matte|mask)")
_NOTHING = -10.0
_QUICK = (cv2.IMWRITE_PNG_COMPRESSION, 1, cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_NONE)
"""A third of the default's time for files of the same size: mattes are mostly flat."""
Kind = Literal["matte", "mask"]
Arrays = Mapping[str, npt.NDArray[Any]]
Group = tuple[str, ObjectId, str]
"""Digest, object and kind: results that differ in their frames alone."""
Kept = Mapping[Group, SpanMap[bool]]
"""Spans of results, by group."""


class _Names:
    """Names of results on spans, as a container that holds no name."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def __contains__(self, name: object) -> bool:
        group, frame = _parse_name(str(name))
        spans = self._kept.get(group)
        return spans is not None and spans.get(frame) is not None


class _Index:
    """Frames that are stored, by group. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._frames: dict[Group, set[int]] = {}
        self._spans: dict[Group, SpanMap[bool]] = {}
        self._revisions: Counter[ObjectId] = Counter()

    def notice(self, name: str, there: bool) -> None:
        """Take in that a result came or went."""
        group, frame = _parse_name(name)
        with self._lock:
            frames = self._frames.setdefault(group, set())
            if (frame in frames) == there:
                return
            (frames.add if there else frames.discard)(frame)
            self._spans.pop(group, None)
            self._revisions[group[1]] += 1

    def spans(self, group: Group) -> SpanMap[bool]:
        """The frames of a group as spans."""
        with self._lock:
            if group not in self._spans:
                frames = np.array(sorted(self._frames.get(group, ())), np.int64)
                runs = np.split(frames, np.flatnonzero(np.diff(frames) > 1) + 1)
                self._spans[group] = SpanMap.of(
                    (FrameRange(int(run[0]), int(run[-1]) + 1), True) for run in runs if len(run)
                )
            return self._spans[group]

    def revision(self, object_id: ObjectId) -> int:
        """Number of changes to what is stored of an object."""
        return self._revisions[object_id]


class MatteCache:
    """Stores results by what they were made from. Thread-safe.

    Alpha is kept with 16 bits, ROI and confidence with 8, losslessly packed; what is read back is
    the same whether it comes from memory or from disk, in this run or the next.

    Args:
        folder: where results are kept between runs, or None for memory alone.
        memory_limit: bytes of packed results in memory.
        disk_limit: bytes of packed results on disk.
    """

    def __init__(
        self,
        folder: Path | None = None,
        memory_limit: int = _MEMORY_LIMIT,
        disk_limit: int = _DISK_LIMIT,
    ) -> None:
        self._index = _Index()
        self._blobs = BlobStore(folder, memory_limit, disk_limit, self._index.notice)

    def has_matte(self, key: MatteKey) -> bool:
        """Whether a matte is stored, without reading it."""
        return key.blank is not None or _name(key, "matte") in self._blobs

    def has_segmentation(self, key: MatteKey) -> bool:
        """Whether a segmentation is stored, without reading it."""
        return key.blank is not None or _name(key, "mask") in self._blobs

    def frames(self, object_id: ObjectId, digest: str, kind: Kind = "matte") -> SpanMap[bool]:
        """The frames of a recipe whose results are stored, as spans, without reading any."""
        return self._index.spans((digest, object_id, kind))

    def revision(self, object_id: ObjectId) -> int:
        """Number that changes with what is stored of an object."""
        return self._index.revision(object_id)

    def put_matte(self, key: MatteKey, matte: Matte) -> None:
        """Store a matte."""
        arrays = {
            "alpha": _png(matte.alpha, np.uint16),
            "roi": _png(matte.roi, np.uint8),
            "confidence": _png(matte.confidence, np.uint8),
        }
        self._blobs.put(_name(key, "matte"), _pack(arrays, np.savez))

    def get_matte(self, key: MatteKey) -> Matte | None:
        """Return a stored matte, or None."""
        if key.blank is not None:
            nothing = np.zeros(key.blank.hw, np.float32)
            return Matte(nothing, nothing, np.ones_like(nothing))
        parts = ("alpha", "roi", "confidence")
        arrays = self._arrays(_name(key, "matte"), parts)
        return None if arrays is None else Matte(*(_plane(arrays[part]) for part in parts))

    def put_segmentation(self, key: MatteKey, segmentation: Segmentation) -> None:
        """Store a segmentation."""
        arrays: Arrays = {
            "logits": segmentation.logits,
            "confidence": np.array(segmentation.confidence, np.float64),
            "state": np.array(segmentation.state.value),
        }
        self._blobs.put(_name(key, "mask"), _pack(arrays, np.savez_compressed))

    def get_segmentation(self, key: MatteKey) -> Segmentation | None:
        """Return a stored segmentation, or None."""
        if key.blank is not None:
            return Segmentation(np.full((1, 1), _NOTHING, np.float16), 1.0, TrackState.LOST)
        arrays = self._arrays(_name(key, "mask"), ("logits", "confidence", "state"))
        if arrays is None:
            return None
        return Segmentation(
            arrays["logits"], float(arrays["confidence"]), TrackState(str(arrays["state"]))
        )

    def put_table(self, object_id: ObjectId, digest: str, arrays: Arrays) -> None:
        """Store the statistics of a recipe."""
        self._blobs.put(f"{digest}-{object_id}-000000-stats", _pack(arrays, np.savez))

    def get_table(
        self, object_id: ObjectId, digest: str, columns: tuple[str, ...]
    ) -> Arrays | None:
        """Return stored statistics of a recipe, or None."""
        return self._arrays(f"{digest}-{object_id}-000000-stats", columns)

    def names(self, key: MatteKey, mask_key: MatteKey) -> tuple[str, ...]:
        """Names of the stored matte and segmentation, as far as they are there."""
        return tuple(name for name in _names(key, mask_key) if name in self._blobs)

    def packed(self, name: str) -> bytes | None:
        """A stored result as another cache can `take` it, or None."""
        return self._blobs.get(name)

    def take(self, name: str, data: bytes) -> bool:
        """Store what another cache had packed; whether it was whole and not there yet."""
        whole = _NAME.fullmatch(name) is not None and _check(data[_CHECK:]) == data[:_CHECK]
        if not whole or name in self._blobs:
            return False
        self._blobs.put(name, data)
        return True

    @property
    def disk_bytes(self) -> int:
        """Bytes of packed results on disk."""
        return self._blobs.disk_bytes

    @property
    def evicted(self) -> int:
        """How many results the limits have made go, not counting those that may be read still."""
        return self._blobs.evicted

    @property
    def refused(self) -> bool:
        """Whether results could not be written to disk."""
        return self._blobs.refused

    def protect(self, kept: Kept) -> None:
        """Let the results of these spans stay, instead of those of an earlier call."""
        self._blobs.protect(_Names(kept))

    def limit_disk(self, limit: int) -> None:
        """Keep at most so many bytes on disk; the results used longest ago go first."""
        self._blobs.limit_disk(limit)

    def clear(self) -> int:
        """Forget all results but protected ones; returns how many bytes that freed on disk."""
        return self._blobs.clear()

    def _arrays(self, name: str, wanted: tuple[str, ...]) -> Arrays | None:
        data = self._blobs.get(name)
        if data is None:
            return None
        packed = data[_CHECK:]
        if _check(packed) != data[:_CHECK]:
            _log.info("dropped a damaged cache entry: %s", name)
            self._blobs.discard(name)
            return None
        with np.load(io.BytesIO(packed), allow_pickle=False) as archive:
            return {key: archive[key] for key in wanted}


def _names(key: MatteKey, mask_key: MatteKey) -> tuple[str, str]:
    return _name(key, "matte"), _name(mask_key, "mask")


def _name(key: MatteKey, kind: str) -> str:
    return f"{key.digest}-{key.object_id}-{key.frame:06d}-{kind}"


def _parse_name(name: str) -> tuple[Group, int]:
    """Group and frame of a name; what is named otherwise is in a group of its own."""
    match name.split("-"):
        case [digest, object_id, frame, kind] if object_id.isdigit() and frame.isdigit():
            return (digest, ObjectId(int(object_id)), kind), int(frame)
    return (name, ObjectId(0), ""), 0


def _pack(arrays: Arrays, save: Callable[..., None]) -> bytes:
    buffer = io.BytesIO()
    save(buffer, **arrays)
    packed = buffer.getvalue()
    return _check(packed) + packed


def _check(packed: bytes) -> bytes:
    return hashlib.blake2b(packed, digest_size=_CHECK).digest()


def _png(plane: Plane, depth: type[np.uint8] | type[np.uint16]) -> npt.NDArray[np.uint8]:
    full = np.iinfo(depth).max
    pixels = np.rint(np.clip(plane, 0, 1) * np.float32(full)).astype(depth)
    _, data = cv2.imencode(".png", pixels, _QUICK)
    return np.asarray(data, np.uint8)


def _plane(png: npt.NDArray[np.uint8]) -> Plane:
    pixels = np.asarray(cv2.imdecode(png, cv2.IMREAD_UNCHANGED))
    return np.asarray(pixels, np.float32) / np.float32(np.iinfo(pixels.dtype).max)
