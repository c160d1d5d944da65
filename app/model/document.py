"""The open document: the project, its undo stack, and one signal for every change."""

from __future__ import annotations

from dataclasses import replace
from enum import Flag, auto

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack
from shiboken6 import isValid

from app.model.undo import EditCommand, keep_steps
from matting_core.document.edits import Edit
from matting_core.document.finishing import Finishing
from matting_core.document.project import MatteObject, Project, Settings


class Changes(Flag):
    """Differences between two states of the project."""

    NOTHING = 0
    CLIP = auto()
    OBJECTS = auto()
    """Objects came, went, moved, were renamed, hidden, shown or locked."""
    PROMPTS = auto()
    """Prompts, strokes of the Refine Edge brush, or which frames are locked or without object."""
    SETTINGS = auto()
    RANGE = auto()
    FINISHING = auto()
    """What is done to mattes after they were made; no matte is stale for it."""


class Document(QObject):
    """Document: the project and its undo stack; every edit comes out as one `changed`."""

    changed = Signal(object)
    """Carries `Changes`."""

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = Project(settings=settings)
        self._clip_missing = False
        self.stack = QUndoStack(self)
        self._steps = keep_steps(self.stack)

    @property
    def project(self) -> Project:
        """The project as it is now."""
        return self._project

    @property
    def modified(self) -> bool:
        """Whether there is anything that the project's file lacks."""
        return not self.stack.isClean()

    @property
    def clip_missing(self) -> bool:
        """Whether there is a clip that cannot be shown."""
        return self._clip_missing

    def set_clip_missing(self, missing: bool) -> None:
        """Say whether the clip cannot be shown."""
        self._clip_missing = missing

    def push(self, text: str, edit: Edit, drag: int | None = None) -> None:
        """Apply an edit as an undoable step; an edit that changes nothing leaves no step.

        Raises:
            InputError: the edit does not fit the project; nothing has changed.
        """
        after = edit(self._project)
        if after != self._project:
            step = EditCommand(self._project, after, text, self._step, drag)
            self._steps[:] = [*filter(isValid, self._steps), step]  # without those it let go
            self.stack.push(step)

    def adopt(self, project: Project, *, modified: bool = False) -> None:
        """Start over with another project, its history empty.

        Args:
            project: what to show from now on.
            modified: whether it is newer than any file, as restored work is.
        """
        self.stack.clear()
        self._steps.clear()
        self._project = project
        if modified:
            self.stack.resetClean()
        self.changed.emit(
            Changes.CLIP
            | Changes.OBJECTS
            | Changes.PROMPTS
            | Changes.SETTINGS
            | Changes.RANGE
            | Changes.FINISHING
        )

    def relink(self, project: Project) -> None:
        """Take over the same document with its clip found elsewhere; history stays."""
        if project.clip != self._project.clip:
            self.stack.resetClean()
        self._swap(project)

    def _step(self, project: Project) -> None:
        """Undo and redo leave the clip where it was found last, and give no id a second time."""
        now = self._project
        next_id = max(project.next_id, now.next_id)
        if (project.clip, project.next_id) != (now.clip, next_id):
            project = replace(project, clip=now.clip, next_id=next_id)
        self._swap(project)

    def _swap(self, project: Project) -> None:
        before, self._project = self._project, project
        changes = changes_between(before, project)
        if changes:
            self.changed.emit(changes)


def changes_between(before: Project, after: Project) -> Changes:
    """Say what differs between two projects."""
    pairs = {
        Changes.CLIP: before.clip != after.clip,
        Changes.OBJECTS: _list_entries(before) != _list_entries(after),
        Changes.PROMPTS: _prompting_of(before) != _prompting_of(after),
        Changes.SETTINGS: before.settings != after.settings,
        Changes.RANGE: before.work_range != after.work_range,
        Changes.FINISHING: _finishing_of(before) != _finishing_of(after),
    }
    result = Changes.NOTHING
    for change, differs in pairs.items():
        if differs:
            result |= change
    return result


def _list_entries(project: Project) -> list[tuple[object, ...]]:
    return [_entry(obj) for obj in project]


def _prompting_of(project: Project) -> list[tuple[object, ...]]:
    return [(obj.prompts, obj.strokes, obj.locks, obj.absent) for obj in project]


def _finishing_of(project: Project) -> tuple[object, ...]:
    neutral = Finishing()
    finished = [(obj.id, obj.finishing) for obj in project if obj.finishing != neutral]
    return project.share_alpha, sorted(finished, key=lambda entry: entry[0])


def _entry(obj: MatteObject) -> tuple[object, ...]:
    return obj.id, obj.name, obj.color, obj.visible, obj.locked
