"""What a track has to run: whose prompts count for which frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from matting_core.document.project import Project
from matting_core.spans import Spans, intersect, subtract
from matting_core.types import FrameRange, ObjectId

Wanted = Mapping[ObjectId, Spans]
"""The spans that each object is to be tracked on."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the tracker.

    Attributes:
        project: whose prompts count, without locks: today's project, or, for frames that are
            locked, the one that they were locked in.
        object_ids: which objects.
        frames: which frames.
    """

    project: Project
    object_ids: tuple[ObjectId, ...]
    frames: FrameRange


def plan_runs(project: Project, wanted: Wanted) -> list[Run]:
    """Return the runs that make all that is wanted and that these models can make.

    Frames where an object is absent need none. Frames, or whole objects, that were locked with
    other models are what they are: only those could make them again.

    Raises:
        InputError: there is no such object.
    """
    free: dict[FrameRange, list[ObjectId]] = {}
    locked = []
    for object_id, spans in wanted.items():
        obj = project.find(object_id)
        if project.settings_of(obj) != project.settings:
            continue
        closed = [*(held.span for held in obj.locks), *obj.absent]
        for span in subtract(spans, closed):
            free.setdefault(span, []).append(object_id)
        for held in obj.locks:
            if held.settings == project.settings:
                origin = project.as_when_locked(object_id, held)
                locked += [Run(origin, (object_id,), s) for s in intersect(spans, [held.span])]
    open_to_all = _opened(project)
    return [Run(open_to_all, tuple(ids), span) for span, ids in free.items()] + locked


def _opened(project: Project) -> Project:
    """The project without locks and absences: the tracker goes through these frames as well."""
    objects = tuple(replace(obj, locks=(), absent=()) for obj in project)
    return replace(project, objects=objects)
