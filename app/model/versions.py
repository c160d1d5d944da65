"""Earlier versions of the tracked mattes: what to compare with, and to go back to.

A version is the project as it was opened, or when a track was started. Its mattes are found in the
cache, or are made again, by its keys, so that keeping it costs nothing (decision 19).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QDateTime, QObject, Signal

from matting_core.document.edits import Edit
from matting_core.document.project import MatteObject, Project
from matting_core.spans import contains, subtract

_MOST = 20


@dataclass(frozen=True, slots=True)
class Version:
    """Earlier state of the project.

    Attributes:
        number: counts from 1.
        time: when it was kept.
        project: the project then.
    """

    number: int
    time: QDateTime
    project: Project


class Versions(QObject):
    """Last versions of this document, the oldest first."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: list[Version] = []
        self._count = 0

    @property
    def kept(self) -> tuple[Version, ...]:
        """All versions that are kept."""
        return tuple(self._kept)

    def keep(self, project: Project) -> None:
        """Keep a state whose mattes are about to be made; one that is kept already moves up."""
        same = [version for version in self._kept if _alike(version.project, project)]
        if same:
            self._kept.remove(same[0])
            self._kept.append(same[0])
        else:
            self._count += 1
            now = QDateTime.currentDateTime()
            self._kept = [*self._kept, Version(self._count, now, project)][-_MOST:]
        self.changed.emit()

    def reset(self) -> None:
        """Forget all: another document."""
        self._kept, self._count = [], 0
        self.changed.emit()

    def earlier(self, project: Project) -> Version | None:
        """The latest version that differs from a project, or None."""
        differing = (each for each in reversed(self._kept) if not _alike(each.project, project))
        return next(differing, None)


def restore_version(version: Version) -> Edit:
    """The edit that gives objects the prompts, strokes and finishing of a version, and its models.

    What is locked stays as it is, frames and objects. Objects that came later keep theirs; objects
    that were removed stay away.
    """
    old = {obj.id: obj for obj in version.project}

    def edit(project: Project) -> Project:
        objects = tuple(_as_in(obj, old.get(obj.id)) for obj in project)
        return replace(project, objects=objects, settings=version.project.settings)

    return edit


def _as_in(obj: MatteObject, old: MatteObject | None) -> MatteObject:
    if old is None or obj.locked:
        return obj
    locked = [held.span for held in obj.locks]
    strokes = [each for each in old.strokes if not contains(locked, each.frame)]
    strokes += [each for each in obj.strokes if contains(locked, each.frame)]
    return replace(
        obj,
        prompts=old.prompts,
        strokes=tuple(strokes),
        absent=subtract(old.absent, locked),
        finishing=old.finishing,
    )


def _alike(one: Project, other: Project) -> bool:
    """Whether two states have the same mattes."""
    return _parts(one) == _parts(other)


def _parts(project: Project) -> tuple[object, ...]:
    objects = [(o.id, o.prompts, o.strokes, o.locks, o.absent, o.finishing) for o in project]
    return project.clip, project.settings, objects
