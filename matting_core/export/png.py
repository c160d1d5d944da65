"""PNG sequences: one alpha file a frame, and on request mask, ROI and trimap beside it.

Each file carries in a text chunk the digest of what it was made from. A rerun reads that, leaves
what is current alone, writes what is missing or stale, and never touches a file that Wisp did not
write unless it is told to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal

from matting_core.document.project import MatteObject, Project
from matting_core.errors import ExportError, InputError
from matting_core.files import make_folder
from matting_core.jobs import CancelToken, Pace, Progress
from matting_core.matte.guides import mask_probability
from matting_core.matte.trimap import pseudo_trimap
from matting_core.media.writer import read_text_attribute, write_plane_png
from matting_core.results.finished import finished_matte, is_present, present_objects
from matting_core.results.recipes import MatteKey, finished_key, segmentation_key, sharing_objects
from matting_core.results.store import MatteCache
from matting_core.types import FrameRange, Matte, ObjectId, Plane, Segmentation, Size

DIGEST_ATTRIBUTE = "wisp:digest"
BitDepth = Literal[8, 16]


class Extra(StrEnum):
    """What may be written beside alpha."""

    MASKS = "masks"
    ROI = "roi"
    TRIMAP = "trimap"


_PREFIX = {Extra.MASKS: "mask", Extra.ROI: "roi", Extra.TRIMAP: "trimap"}


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """Where and how a PNG sequence is written.

    Attributes:
        folder: made if it is not there. One object is written straight into it, several into a
            folder each, named after the object.
        frames: which frames.
        bit_depth: of alpha, ROI and masks; trimaps have 8.
        extras: what else to write.
        overwrite: whether files that Wisp did not write may be replaced.
    """

    folder: Path
    frames: FrameRange
    bit_depth: BitDepth = 16
    extras: frozenset[Extra] = field(default_factory=frozenset)
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class ReadyCount:
    """How many mattes of an export are there and how many are not."""

    ready: int
    missing: int


class PngWriter:
    """Writes single results of one export, and knows which are on disk already."""

    def __init__(self, project: Project, options: ExportOptions) -> None:
        self._options = options
        self._size = _clip_size(project)
        objects = exported_objects(project)
        several = len(objects) > 1
        self._folders = {
            obj.id: options.folder / obj.name if several else options.folder for obj in objects
        }

    @property
    def full_scale(self) -> int:
        """What an alpha of 1 is written as."""
        return int(2**self._options.bit_depth - 1)

    def is_written(self, key: MatteKey) -> bool:
        """Whether every file of this result is on disk, whole and current.

        Raises:
            ExportError: a file of that name is not Wisp's and `overwrite` is off.
        """
        paths = [self._path(key, prefix) for prefix in self._prefixes()]
        found = [read_text_attribute(path, DIGEST_ATTRIBUTE) for path in paths]
        if not self._options.overwrite:
            for path, digest in zip(paths, found, strict=True):
                if digest is None and _is_foreign(path):
                    raise ExportError(
                        f"{path} was not written by Wisp; choose an empty folder, or allow "
                        "overwriting (--overwrite)."
                    )
        return all(digest == self._stamp(key) for digest in found)

    def write(self, key: MatteKey, segmentation: Segmentation, matte: Matte) -> None:
        """Write all files of one result.

        Raises:
            ExportError: a file cannot be written; none is left half-written.
        """
        make_folder(self._folders[key.object_id])
        for prefix, plane in self._planes(segmentation, matte).items():
            depth: BitDepth = 8 if prefix == _PREFIX[Extra.TRIMAP] else self._options.bit_depth
            attributes = {DIGEST_ATTRIBUTE: self._stamp(key)}
            write_plane_png(self._path(key, prefix), plane, depth, attributes)

    def _planes(self, segmentation: Segmentation, matte: Matte) -> dict[str, Plane]:
        planes = {"alpha": matte.alpha}
        extras = self._options.extras
        if Extra.ROI in extras:
            planes[_PREFIX[Extra.ROI]] = matte.roi
        if Extra.MASKS in extras or Extra.TRIMAP in extras:
            mask = mask_probability(segmentation, self._size)
            if Extra.MASKS in extras:
                planes[_PREFIX[Extra.MASKS]] = mask
            if Extra.TRIMAP in extras:
                planes[_PREFIX[Extra.TRIMAP]] = pseudo_trimap(mask, matte.roi > 0.5)
        return planes

    def _prefixes(self) -> list[str]:
        return ["alpha", *(_PREFIX[extra] for extra in self._options.extras)]

    def _path(self, key: MatteKey, prefix: str) -> Path:
        return self._folders[key.object_id] / f"{prefix}_{key.frame:06d}.png"

    def _stamp(self, key: MatteKey) -> str:
        return f"{key.digest}-{self._options.bit_depth}"


class PngExporter:
    """Writes what the cache holds; what it lacks is counted, not computed.

    Args:
        complete: whether a matte waits for all that share alpha with it, because they are going to
            be made; else those that are missing on a frame are left out of the sharing there.
    """

    def __init__(self, *, complete: bool = False) -> None:
        self._complete = complete

    def run(
        self, project: Project, cache: MatteCache, options: ExportOptions, token: CancelToken
    ) -> Iterator[Progress]:
        """Write every current matte of the visible objects, finished.

        Raises:
            InputError: nothing can be exported.
            ExportError: a file cannot be written, or is not Wisp's.
            CancelledError: the token was cancelled; what is written stays.
        """
        objects = exported_objects(project)
        writer = PngWriter(project, options)
        pace = Pace("Exporting", len(options.frames) * len(objects))
        for frame in options.frames:
            for place, sharing in self._places(project, cache, objects, frame):
                token.check()
                key = finished_key(project, *place, sharing) if sharing else None
                if key is not None and not writer.is_written(key):
                    _write_cached(project, cache, writer, key, sharing)
                yield pace.advance()

    def _places(
        self, project: Project, cache: MatteCache, objects: Sequence[MatteObject], frame: int
    ) -> list[tuple[tuple[ObjectId, int], tuple[ObjectId, ...]]]:
        """Each object on a frame with those that it shares alpha with; none if it is not ready.

        Asked for the whole frame at once, since a track that runs meanwhile adds to them.
        """
        result = []
        for obj in objects:
            present = present_objects(project, cache, obj.id, frame)
            whole = not self._complete or present == sharing_objects(project, obj.id, frame)
            ready = obj.id in present and whole
            result.append(((obj.id, frame), present if ready else ()))
        return result


def exported_objects(project: Project) -> tuple[MatteObject, ...]:
    """The objects that an export writes: the visible ones.

    Raises:
        InputError: there are none.
    """
    objects = tuple(obj for obj in project if obj.visible)
    if not objects:
        raise InputError("There is no visible object to export; add one and track it first.")
    return objects


def current_keys(
    project: Project, objects: Sequence[MatteObject], frames: FrameRange
) -> list[MatteKey | None]:
    """Today's finished key of every object on every frame, once all that share are there.

    None for objects without prompts.
    """
    return [finished_key(project, obj.id, frame) for frame in frames for obj in objects]


def count_ready(project: Project, cache: MatteCache, frames: FrameRange) -> ReadyCount:
    """Count what an export would write and what is missing or stale."""
    objects = [obj for obj in project if obj.visible]
    places = [(obj.id, frame) for frame in frames for obj in objects]
    ready = sum(is_present(project, cache, *place) for place in places)
    return ReadyCount(ready, len(places) - ready)


def _write_cached(
    project: Project,
    cache: MatteCache,
    writer: PngWriter,
    key: MatteKey,
    sharing: Collection[ObjectId],
) -> None:
    mask_key = segmentation_key(project, key.object_id, key.frame)
    matte = finished_matte(project, cache, *key.place, sharing, writer.full_scale)
    segmentation = None if mask_key is None else cache.get_segmentation(mask_key)
    if matte is not None and segmentation is not None:
        writer.write(key, segmentation, matte)


def _is_foreign(path: Path) -> bool:
    """Whether a whole file lies there; a torn one of a killed run may be replaced."""
    return path.exists() and path.stat().st_size > 0


def _clip_size(project: Project) -> Size:
    if project.clip is None:
        raise InputError("No clip is open; open one first.")
    return project.clip.size
