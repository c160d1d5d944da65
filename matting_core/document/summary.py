"""Summaries of project files, for lists."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from matting_core.document import storage
from matting_core.errors import MattingError


@dataclass(frozen=True, slots=True)
class ProjectSummary:
    """Summary of a project file, in a line.

    Attributes:
        path: the file.
        saved: when it was written, in seconds since 1970.
        clip: name of its clip; empty without one.
        objects: how many.
        prompts: how many on all of them.
        trouble: why it cannot be read, or None.
        file: the project file that it is a state of, if the notes name one.
        since: since when it has not been saved there, if the notes say so.
    """

    path: Path
    saved: float
    clip: str = ""
    objects: int = 0
    prompts: int = 0
    trouble: str = ""
    file: Path | None = None
    since: float | None = None


def summarize(path: Path) -> ProjectSummary:
    """Summarize a project file; for a damaged one `trouble` says why, and nothing is raised."""
    try:
        saved = path.stat().st_mtime
    except OSError as error:
        return ProjectSummary(path, 0.0, trouble=str(error))
    try:
        project, notes = storage.load(path), storage.read_notes(path)
    except MattingError as error:
        return ProjectSummary(path, saved, trouble=str(error))
    file, since = notes.get("file"), notes.get("since")
    return ProjectSummary(
        path,
        saved,
        Path(project.clip.path).name if project.clip else "",
        len(project.objects),
        sum(len(obj.prompts) for obj in project),
        file=Path(file) if isinstance(file, str) else None,
        since=float(since) if isinstance(since, int | float) else None,
    )
