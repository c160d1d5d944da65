"""Backups: a save keeps the project file's former states, which can be listed again."""

from __future__ import annotations

import contextlib
import errno
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from matting_core.document import storage
from matting_core.document.project import Project
from matting_core.errors import ExportError, make_write_error
from matting_core.files import make_folder, write_bytes_atomically

_FOLDER_SUFFIX = ".backups"
_TIME = "%Y-%m-%d %H.%M.%S"
_NO_RENAME = frozenset({errno.EPERM, errno.EACCES, errno.EXDEV, errno.ENOTSUP, errno.EBUSY})


@dataclass(frozen=True, slots=True)
class SaveResult:
    """Result of a save.

    Attributes:
        path: the project's file.
        trouble: why its former state could not be kept, or None.
    """

    path: Path
    trouble: ExportError | None = None


def backup_folder(path: Path) -> Path:
    """Folder of a project file's former states: `fox.wisp.backups` beside the file."""
    return path.with_name(path.name + _FOLDER_SUFFIX)


def save_with_backup(
    project: Project,
    path: Path,
    keep: int,
    notes: storage.Record | None = None,
    *,
    overwrite: bool = False,
) -> SaveResult:
    """Write a project; what the file held before becomes a backup, and the oldest backups go.

    Where files cannot be renamed (some network shares), the file is written in place, once its
    former state is safe.

    Args:
        project: what to write.
        path: its file.
        keep: how many backups there may be; 0 leaves those that are there alone.
        notes: more values to keep in the file, see `storage.save`.
        overwrite: whether a file that is no project may be replaced too.

    Raises:
        ExportError: the file could not be written, or is there and no project; its former state
            is there or in a backup.
    """
    if not overwrite:
        _check_replaceable(path)
    trouble = None
    kept: Path | None = None
    if keep > 0 and path.is_file():
        try:
            kept = _back_up(path)
        except ExportError as error:
            trouble = error.with_traceback(None)
    _write(storage.encode(project, path, notes), path, safe=kept is not None or not path.exists())
    if kept is not None:
        _prune(path, keep)
    return SaveResult(path, trouble)


def _check_replaceable(path: Path) -> None:
    """Refuse to write over footage, or whatever else a file may be."""
    if path.is_file() and path.stat().st_size and not storage.is_project_file(path):
        raise ExportError(f"{path} is there and is not a Wisp project; choose another name.")


def list_backups(path: Path) -> tuple[Path, ...]:
    """The backups of a project file, the newest first."""
    folder = backup_folder(path)
    try:
        found = [each for each in folder.iterdir() if each.suffix == storage.SUFFIX]
    except OSError:
        return ()
    return tuple(
        sorted((each for each in found if each.name[0] != "."), key=_modified_at, reverse=True)
    )


def _back_up(path: Path) -> Path:
    try:
        data, when = path.read_bytes(), path.stat().st_mtime
    except OSError as error:
        raise make_write_error(error, path) from error
    folder = backup_folder(path)
    make_folder(folder)
    newest = next(iter(list_backups(path)), None)
    if newest is not None and _has_contents(newest, data):
        return newest  # saved twice without a change: one copy is enough
    backup = _find_free_name(folder, datetime.fromtimestamp(when).strftime(_TIME))
    write_bytes_atomically(backup, data)
    with contextlib.suppress(OSError):
        os.utime(backup, (when, when))
    return backup


def _has_contents(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except OSError:
        return False


def _modified_at(backup: Path) -> tuple[float, str]:
    try:
        return backup.stat().st_mtime, backup.stem
    except OSError:  # it is being deleted
        return 0.0, backup.stem


def _find_free_name(folder: Path, stem: str) -> Path:
    """Find a free name that sorts after the backups of the same second."""
    path, number = folder / f"{stem}{storage.SUFFIX}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem} ({number:03d}){storage.SUFFIX}"
    return path


def _prune(path: Path, keep: int) -> None:
    for backup in list_backups(path)[keep:]:
        with contextlib.suppress(OSError):
            backup.unlink(missing_ok=True)


def _write(data: bytes, path: Path, *, safe: bool) -> None:
    try:
        write_bytes_atomically(path, data)
    except ExportError as error:
        cause = error.__cause__
        if not safe or not isinstance(cause, OSError) or cause.errno not in _NO_RENAME:
            raise
        _write_in_place(data, path, error)


def _write_in_place(data: bytes, path: Path, first: ExportError) -> None:
    try:
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise first from error
