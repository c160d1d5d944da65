"""What has to run to make results: whose prompts count for which frames, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from matting_core.document.project import Project
from matting_core.results.stages import Stage
from matting_core.spans import Spans, intersect, subtract, union
from matting_core.types import FrameRange, ObjectId

Wanted = Mapping[ObjectId, Spans]
"""The spans that each object is to be made on."""


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


@dataclass(frozen=True, slots=True)
class Plan:
    """Results that are to be made.

    Attributes:
        project: the document's state that counts for all of it.
        stage: up to which stage.
        wanted: the results that were asked for.
        runs: of the tracker, in their order.
        missing: how many mattes have to be computed.
    """

    project: Project
    stage: Stage
    wanted: Wanted
    runs: tuple[Run, ...]
    missing: int


def plan_runs(project: Project, wanted: Wanted) -> tuple[Run, ...]:
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
        closed = [*(lock.span for lock in obj.locks), *obj.absent]
        for span in subtract(spans, closed):
            free.setdefault(span, []).append(object_id)
        for lock in obj.locks:
            if lock.settings == project.settings:
                origin = project.as_when_locked(object_id, lock)
                locked += [Run(origin, (object_id,), s) for s in intersect(spans, [lock.span])]
    open_to_all = _without_locks(project)
    return (*(Run(open_to_all, tuple(ids), span) for span, ids in free.items()), *locked)


def widen(wanted: Wanted, reach: int, clip: FrameRange) -> Wanted:
    """What is wanted, and the frames of the clip in reach of it."""
    return {
        each: union(
            FrameRange(max(clip.start, span.start - reach), min(clip.stop, span.stop + reach))
            for span in spans
        )
        for each, spans in wanted.items()
    }


def _without_locks(project: Project) -> Project:
    """The project without locks and absences: the tracker goes through these frames as well."""
    objects = tuple(replace(obj, locks=(), absent=()) for obj in project)
    return replace(project, objects=objects)
