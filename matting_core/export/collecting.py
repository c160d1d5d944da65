"""Collecting a project with its clip and results in one folder that opens anywhere."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from matting_core.document.backups import save_with_backup
from matting_core.document.project import Clip, Project
from matting_core.errors import ExportError, InputError, MediaError, make_write_error
from matting_core.files import make_folder, make_sibling, write_bytes_atomically
from matting_core.jobs import CancelToken, Pace, Progress
from matting_core.media.opening import list_clip_files
from matting_core.results.service import ResultService
from matting_core.results.store import MatteCache

RESULTS_SUFFIX = ".results"
_RESULT = ".blob"
_BLOCK = 8 << 20
_MARGIN = 16 << 20


@dataclass(frozen=True, slots=True)
class CollectOptions:
    """Where a project is collected.

    Attributes:
        file: the project's file in the folder; both are made.
        results: whether finished results go along.
        overwrite: whether files that are there may be replaced.
        keep: how many backups of a project file that is there may stay.
    """

    file: Path
    results: bool = False
    overwrite: bool = False
    keep: int = 10


def results_folder(file: Path) -> Path:
    """Where the results that were collected with a project file are: `fox.results` beside it."""
    return file.with_suffix(RESULTS_SUFFIX)


def collect(
    project: Project,
    results: ResultService,
    options: CollectOptions,
    token: CancelToken,
    stage: str,
) -> Iterator[Progress]:
    """Copy clip and results, then write the project, whose clip is the copy.

    Args:
        project: what to collect.
        results: gives its results.
        options: where to.
        token: checked for every block.
        stage: what the progress calls it.

    Yields:
        `Progress` in blocks of the clip and results.

    Raises:
        ExportError: there is no room, something is in the way, or it cannot be written; what was
            made until then is gone again.
        InputError: no clip is open.
        MediaError: the clip cannot be read.
    """
    if project.clip is None:
        raise InputError("No clip is open; open one before collecting.")
    plan = _plan_copies(project.clip, options.file.parent)
    names = tuple(result_names(project, results)) if options.results else ()
    target = results_folder(options.file)
    if not options.overwrite:
        _check_free([*plan.copies.values(), options.file, *([target] if names else [])])
    _check_room(plan, options.file.parent)
    pace = Pace(stage, plan.units + len(names))
    made = _CopiedFiles()
    try:
        made.folder(options.file.parent)
        for source, copy in plan.copies.items():
            made.folder(copy.parent)
            yield from _copy(source, copy, made, pace, token)
        for name in names:
            token.check()
            data = results.store.packed(name)
            if data is not None:
                made.write(target / name[:2] / f"{name}{_RESULT}", data)
            yield pace.advance()
        collected = replace(project, clip=replace(project.clip, path=plan.clip))
        save_with_backup(collected, options.file, options.keep, overwrite=options.overwrite)
    except BaseException:
        made.undo()
        raise


def result_names(project: Project, results: ResultService) -> Iterator[str]:
    """Names of the results that the project asks for as it is and that are finished."""
    for obj in project:
        for span, (recipe, mask) in results.statuses.stored(project, obj.id):
            if recipe.blank is None:
                for frame in span:
                    keys = (each.key(obj.id, frame) for each in (recipe, mask))
                    yield from results.store.names(*keys)


def take_results(file: Path, cache: MatteCache) -> Iterator[bool]:
    """Put results that were collected with a project file into the cache.

    Yields:
        For each whether it was whole and new.
    """
    for path in sorted(results_folder(file).glob(f"*/*{_RESULT}")):
        try:
            data = path.read_bytes()
        except OSError:
            continue
        yield cache.take(path.stem, data)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is copied where, and what the clip's path becomes."""

    copies: dict[Path, Path]
    clip: str
    bytes: int

    @property
    def units(self) -> int:
        return sum(_blocks(source) for source in self.copies)


class _CopiedFiles:
    """Files and folders that were not there before, so that they can be taken back."""

    def __init__(self) -> None:
        self._files: list[Path] = []
        self._folders: list[Path] = []

    def folder(self, path: Path) -> None:
        new = [each for each in (path, *path.parents) if not each.exists()]
        make_folder(path)
        self._folders.extend(reversed(new))

    def file(self, path: Path) -> None:
        if not path.exists():
            self._files.append(path)

    def write(self, path: Path, data: bytes) -> None:
        self.folder(path.parent)
        self.file(path)
        write_bytes_atomically(path, data, durable=False)

    def undo(self) -> None:
        with contextlib.suppress(OSError):
            for path in self._files:
                path.unlink(missing_ok=True)
            for path in reversed(self._folders):
                path.rmdir()


def _plan_copies(clip: Clip, folder: Path) -> _Plan:
    """A single file goes into the folder, several go into a folder of theirs in it."""
    own = Path(clip.path)
    files = list_clip_files(own)
    if len(files) == 1 and files[0] == own:
        copies, path = {own: folder / own.name}, folder / own.name
    elif own.is_dir():
        copies = {file: folder / own.name / file.name for file in files}
        path = folder / own.name
    else:
        named = folder / (own.parent.name or "clip")
        copies = {file: named / file.name for file in files}
        path = named / own.name
    copies = {source: copy for source, copy in copies.items() if not _is_same(source, copy)}
    try:
        size = sum(source.stat().st_size for source in copies)
    except OSError as error:
        raise MediaError(f"{own} can no longer be read; put it back or relink it.") from error
    return _Plan(copies, os.path.normpath(path.absolute()), size)


def _is_same(source: Path, copy: Path) -> bool:
    try:
        return copy.samefile(source)
    except OSError:
        return False


def _check_free(targets: list[Path]) -> None:
    for target in targets:
        if target.exists():
            raise ExportError(
                f"{target} is there already; choose an empty folder, or allow overwriting."
            )


def _check_room(plan: _Plan, folder: Path) -> None:
    there = next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())
    try:
        free = shutil.disk_usage(there).free
    except OSError:
        return
    if plan.bytes + _MARGIN > free:
        raise ExportError(
            f"The clip has {plan.bytes / 1e6:.0f} MB, but {there} has only {free / 1e6:.0f} MB "
            "free; choose another disk."
        )


def _blocks(source: Path) -> int:
    return max(1, -(-source.stat().st_size // _BLOCK))


def _copy(
    source: Path, copy: Path, made: _CopiedFiles, pace: Pace, token: CancelToken
) -> Iterator[Progress]:
    try:
        with make_sibling(copy) as temporary:
            with source.open("rb") as reading, temporary.open("wb") as writing:
                for _ in range(_blocks(source)):
                    token.check()
                    writing.write(reading.read(_BLOCK))
                    yield pace.advance()
                writing.flush()
                os.fsync(writing.fileno())
            made.file(copy)
            temporary.replace(copy)
    except OSError as error:
        raise make_write_error(error, copy) from error
