"""Exporting: writes what is ready, each file whole or not at all, and goes on where it stopped.

A rerun reads the stamp of each file, leaves what is current alone, writes what is missing or stale,
and never touches a file that Wisp did not write unless it is told to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matting_core.document.project import MatteObject, Project
from matting_core.errors import ExportError, InputError
from matting_core.export.base import ExportFrame, ExportSpec
from matting_core.export.formats import DEFAULT_FORMAT, export_format
from matting_core.files import make_folder
from matting_core.jobs import CancelToken, Pace, Progress
from matting_core.results.recipes import MatteKey
from matting_core.results.service import ResultService
from matting_core.results.stages import SHARED, Place
from matting_core.types import FrameRange, Matte, ObjectId, Segmentation, Size


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What to export where.

    Attributes:
        folder: made if it is not there. One object is written straight into it, several into a
            folder each, named after the object.
        frames: which frames.
        spec: the format.
        options: of the format, as its spec has them; None for the defaults.
        overwrite: whether files that Wisp did not write may be replaced.
    """

    folder: Path
    frames: FrameRange
    spec: ExportSpec[Any] = field(default_factory=lambda: export_format(DEFAULT_FORMAT))
    options: Any = None
    overwrite: bool = False

    def __post_init__(self) -> None:
        if self.options is None:
            object.__setattr__(self, "options", self.spec.options())


@dataclass(frozen=True, slots=True)
class ReadyCount:
    """How many mattes of an export are there and how many are not."""

    ready: int
    missing: int


class ExportWriter:
    """Files of one export: which are there and current, and writing the others."""

    def __init__(self, project: Project, request: ExportRequest) -> None:
        self._request = request
        self._kinds = tuple(request.spec.kinds(request.options))
        self._size = _clip_size(project)
        objects = exported_objects(project)
        several = len(objects) > 1
        self._folders = {
            obj.id: request.folder / obj.name if several else request.folder for obj in objects
        }

    @property
    def full_scale(self) -> int | None:
        """What an alpha of 1 is written as; None where it is no whole number."""
        return self._request.spec.full_scale(self._request.options)

    def is_written(self, key: MatteKey) -> bool:
        """Whether every file of a result is on disk, whole and current.

        Raises:
            ExportError: a file of that name is not Wisp's and `overwrite` is off.
        """
        paths = [self._path(key, kind) for kind in self._kinds]
        found = [self._request.spec.read_stamp(path) for path in paths]
        if not self._request.overwrite:
            for path, stamp in zip(paths, found, strict=True):
                if stamp is None and _is_foreign(path):
                    raise ExportError(
                        f"{path} was not written by Wisp; choose an empty folder, or allow "
                        "overwriting (--overwrite)."
                    )
        return all(stamp == self._stamp(key) for stamp in found)

    def write(self, key: MatteKey, segmentation: Segmentation, matte: Matte) -> None:
        """Write all files of one result.

        Raises:
            ExportError: a file cannot be written; none is left half-written.
        """
        make_folder(self._folders[key.object_id])
        frame, request = ExportFrame(matte, segmentation, self._size), self._request
        for kind in self._kinds:
            path = self._path(key, kind)
            request.spec.write(path, frame, kind, request.options, self._stamp(key))

    def _path(self, key: MatteKey, kind: str) -> Path:
        name = f"{kind}_{key.frame:06d}{self._request.spec.suffix}"
        return self._folders[key.object_id] / name

    def _stamp(self, key: MatteKey) -> str:
        return f"{key.digest}-{self._request.spec.digest(self._request.options)}"


def export_ready(
    project: Project,
    results: ResultService,
    request: ExportRequest,
    token: CancelToken,
    *,
    complete: bool = False,
) -> Iterator[Progress]:
    """Write every current matte of the visible objects, finished; nothing is computed.

    Args:
        project: the document.
        results: gives the mattes.
        request: what to write where.
        token: stops it; what is written stays.
        complete: whether a matte waits for all that share alpha with it, because they are going to
            be made; else those that are missing on a frame are left out of the sharing there.

    Raises:
        InputError: nothing can be exported.
        ExportError: a file cannot be written, or is not Wisp's.
        CancelledError: the token was cancelled.
    """
    objects = exported_objects(project)
    writer = ExportWriter(project, request)
    pace = Pace("Exporting", len(request.frames) * len(objects))
    for frame in request.frames:
        for place, sharing in _places(project, results, objects, frame, complete=complete):
            token.check()
            key = results.key(project, *place, SHARED, sharing) if sharing else None
            if key is not None and not writer.is_written(key):
                matte = results.get(project, *place, sharing=sharing, full_scale=writer.full_scale)
                segmentation = results.segmentation(project, *place)
                if matte is not None and segmentation is not None:
                    writer.write(key, segmentation, matte)
            yield pace.advance()


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
    project: Project,
    results: ResultService,
    objects: Sequence[MatteObject],
    frames: FrameRange,
) -> list[MatteKey | None]:
    """Today's finished key of every object on every frame, once all that share are there.

    None for objects without prompts.
    """
    return [results.key(project, obj.id, frame, SHARED) for frame in frames for obj in objects]


def count_ready(project: Project, results: ResultService, frames: FrameRange) -> ReadyCount:
    """Count what an export would write and what is missing or stale."""
    objects = [obj for obj in project if obj.visible]
    ready = sum(results.statuses.count(project, obj.id, frames) for obj in objects)
    return ReadyCount(ready, len(objects) * len(frames) - ready)


def _places(
    project: Project,
    results: ResultService,
    objects: Sequence[MatteObject],
    frame: int,
    *,
    complete: bool,
) -> list[tuple[Place, tuple[ObjectId, ...]]]:
    """Each object on a frame with those that it shares alpha with; none if it is not ready.

    Asked for the whole frame at once, since a track that runs meanwhile adds to them.
    """
    found = []
    for obj in objects:
        present = results.sharing(project, obj.id, frame, present=True)
        whole = not complete or present == results.sharing(project, obj.id, frame)
        ready = obj.id in present and whole
        found.append(((obj.id, frame), present if ready else ()))
    return found


def _is_foreign(path: Path) -> bool:
    """Whether a whole file lies there; a torn one of a killed run may be replaced."""
    return path.exists() and path.stat().st_size > 0


def _clip_size(project: Project) -> Size:
    if project.clip is None:
        raise InputError("No clip is open; open one first.")
    return project.clip.size
