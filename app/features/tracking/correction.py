"""Starting a correction from the mask that is seen: made on the media lane, then one undo step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.model.change import Change
from app.model.seen import Found
from app.shell.jobs import Job, JobLane, Priority
from app.shell.pending_edits import Underway
from matting_core.document import edits
from matting_core.document.edits import Edit
from matting_core.document.project import Project
from matting_core.document.prompts import MaskPrompt
from matting_core.jobs import CancelToken
from matting_core.matte.guides import mask_inside
from matting_core.media.masks import encode_mask
from matting_core.results.store import MatteCache
from matting_core.types import Size


class Corrections(QObject):
    """Puts the mask that is seen before the first point that corrects it."""

    ready = Signal(object)
    """Carries the `Change` to make."""

    def __init__(
        self,
        lane: JobLane,
        cache: MatteCache,
        underway: Underway,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._lane = lane
        self._underway = underway
        self._cache = cache
        self._jobs: list[Job] = []

    def start(self, change: Change, found: Found, size: Size) -> None:
        """Prepare a change; it comes back through `ready`, even if the mask is gone."""
        cache = self._cache

        def work(_token: CancelToken) -> Iterator[object]:
            mask = seen_mask(cache, found, size)
            if mask is None:
                yield change
            else:
                yield replace(change, edit=_corrected(change.edit, found, mask))

        job = self._lane.submit(work, priority=Priority.URGENT)
        job.delivered.connect(self.ready)
        self._underway.add(job)
        self._jobs = [*(other for other in self._jobs if not other.finished), job]

    def drop(self) -> None:
        """Give up what is being prepared: another document is in place."""
        for job in self._jobs:
            job.cancel()
        self._jobs.clear()


def seen_mask(cache: MatteCache, found: Found, size: Size) -> MaskPrompt | None:
    """The mask of a matte that was seen, as a prompt; None if it is gone or empty."""
    segmentation = cache.get_segmentation(found.mask_key)
    if segmentation is None:
        return None
    inside = mask_inside(segmentation, size)
    if not inside.any():
        return None
    return MaskPrompt(found.key.frame, encode_mask(inside.astype(np.float32)))


def _corrected(edit: Edit, found: Found, mask: MaskPrompt) -> Edit:
    """Put the mask before what `edit` adds, unless the frame has got prompts meanwhile."""

    def both(project: Project) -> Project:
        object_id = found.key.object_id
        obj = next((each for each in project if each.id == object_id), None)
        if obj is not None and not obj.prompts_on(mask.frame):
            project = edits.add_prompts(project, object_id, [mask])
        return edit(project)

    return both
