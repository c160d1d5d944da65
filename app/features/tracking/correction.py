"""Starting a correction from the mask that is seen: made on the media lane, then one undo step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Slot

from app.model.change import Change
from app.model.model import Model
from app.shell.jobs import Job, JobLane, Priority
from app.shell.pending_edits import PendingEdits
from app.shell.tasks import Task, Tasks
from matting_core.document import edits
from matting_core.document.edits import Edit
from matting_core.document.project import Project
from matting_core.document.prompts import MaskPrompt
from matting_core.matte.guides import mask_inside
from matting_core.media.masks import encode_mask
from matting_core.results.latest import ResultKeys
from matting_core.results.store import MatteCache
from matting_core.types import Size


class Corrections(QObject):
    """Corrections of tracked frames: the mask that is seen comes before the first point."""

    def __init__(
        self,
        model: Model,
        tasks: Tasks,
        lane: JobLane,
        cache: MatteCache,
        pending_edits: PendingEdits,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._tasks = tasks
        self._lane = lane
        self._cache = cache
        self._pending_edits = pending_edits
        self._jobs: list[Job] = []
        model.clip_changed.connect(self._on_clip_changed)

    def apply(self, change: Change) -> None:
        """Make a change, from the mask that is seen if it corrects one, even if that is gone."""
        found = self._find_unprompted() if change.corrects else None
        clip = self._model.project.clip
        if found is None or clip is None:
            self._model.make(change)
            return
        task = Task.call(_prepare, change, self._cache, found, clip.size).each(self._model.make)
        job = self._tasks.run(task, self._lane, priority=Priority.URGENT)
        self._pending_edits.add(job)
        self._jobs = [*(other for other in self._jobs if not other.finished), job]

    def _find_unprompted(self) -> ResultKeys | None:
        """The active object's matte on this frame, if it came from prompts on other frames."""
        obj, frame = self._model.active, self._model.view.frame
        if obj is None or obj.prompts_on(frame):
            return None
        return self._model.results.shown(obj, frame)

    @Slot()
    def _on_clip_changed(self) -> None:
        for job in self._jobs:
            job.cancel()
        self._jobs.clear()


def _prepare(change: Change, cache: MatteCache, found: ResultKeys, size: Size) -> Change:
    mask = seen_mask(cache, found, size)
    return change if mask is None else replace(change, edit=_correct(change.edit, found, mask))


def seen_mask(cache: MatteCache, found: ResultKeys, size: Size) -> MaskPrompt | None:
    """The mask of a matte that was seen, as a prompt; None if it is gone or empty."""
    segmentation = cache.get_segmentation(found.mask_key)
    if segmentation is None:
        return None
    inside = mask_inside(segmentation, size)
    if not inside.any():
        return None
    return MaskPrompt(found.key.frame, encode_mask(inside.astype(np.float32)))


def _correct(edit: Edit, found: ResultKeys, mask: MaskPrompt) -> Edit:
    """Put the mask before what `edit` adds, unless the frame has got prompts meanwhile."""

    def both(project: Project) -> Project:
        object_id = found.key.object_id
        obj = next((each for each in project if each.id == object_id), None)
        if obj is not None and not obj.prompts_on(mask.frame):
            project = edits.add_prompts(project, object_id, [mask])
        return edit(project)

    return both
