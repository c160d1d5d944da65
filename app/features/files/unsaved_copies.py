"""What runs of Wisp left in the folder of unsaved work; runs on a lane."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile

from matting_core.document import storage
from matting_core.document.project import Project
from matting_core.document.summary import summarize

LOCK = "lock"
"""Name of the file by which a run says that its folder is in use."""


@dataclass(frozen=True, slots=True)
class UnsavedCopy:
    """Copy of an unsaved document, as it is to be kept.

    Attributes:
        path: where; its name begins with the document's number in this run.
        project: what.
        notes: what else the list of unsaved work says.
        seen: packs what was seen of its mattes (`Results.notes`).
    """

    path: Path
    project: Project
    notes: dict[str, object]
    seen: Callable[[], storage.Record]

    def write(self) -> None:
        """Write it.

        Raises:
            ExportError: it cannot be written.
        """
        storage.save(self.project, self.path, {**self.notes, **self.seen()})


def list_left_behind(folder: Path, own_run: Path, current: str) -> Iterator[object]:
    """Yield None for every file, then a tuple of `ProjectSummary`, the newest first.

    Args:
        folder: of all runs' unsaved work.
        own_run: this run's folder in it.
        current: how the name of the document's own copy begins, which is left out.
    """
    files: list[Path] = []
    for run in folder.iterdir() if folder.is_dir() else ():
        found = list(run.glob(f"*{storage.SUFFIX}"))
        if run == own_run:
            files.extend(path for path in found if not path.name.startswith(current))
        elif found and _is_free(run):
            files.extend(found)
    summaries = []
    for path in files:
        summaries.append(summarize(path))
        yield None
    yield tuple(sorted(summaries, key=lambda each: each.saved, reverse=True))


def delete_copies(run: Path, numbers: Collection[int]) -> None:
    """Delete the copies of a run's documents of these numbers."""
    for number in numbers:
        for path in run.glob(f"{number:03d}-*{storage.SUFFIX}"):
            path.unlink(missing_ok=True)


def delete(path: Path, own_run: Path) -> None:
    """Delete one file, and the folder of its run if that is empty now and not this run's."""
    path.unlink(missing_ok=True)
    if path.parent != own_run and not list(path.parent.glob(f"*{storage.SUFFIX}")):
        shutil.rmtree(path.parent, ignore_errors=True)


def _is_free(run: Path) -> bool:
    """Whether no running Wisp has locked a folder."""
    lock = QLockFile(str(run / LOCK))
    lock.setStaleLockTime(0)
    if not lock.tryLock(0):
        return False
    lock.unlock()
    return True
