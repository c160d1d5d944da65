"""Edits of whole spans: lock, unlock, and mark an object as absent."""

from __future__ import annotations

from dataclasses import replace

from matting_core.document.edits import with_object
from matting_core.document.project import MatteObject, Project, SpanLock
from matting_core.errors import InputError
from matting_core.spans import contains, subtract, union
from matting_core.types import FrameRange, ObjectId


def lock_span(project: Project, object_id: ObjectId, span: FrameRange) -> Project:
    """Lock frames as they are now; frames locked before keep their lock.

    Raises:
        InputError: there is nothing to keep: the object has no prompts, or was said not to be on
            any of the frames.
    """
    obj = project.find_unlocked(object_id)
    if not obj.prompts:
        raise InputError(f"{obj.name} has no prompts yet; track it before you lock frames.")
    if not subtract([span], obj.absent):
        raise InputError(
            f"{obj.name} was said not to be on these frames; bring the span back to lock it."
        )
    closed = [held.span for held in obj.locks] + list(obj.absent)
    parts = subtract([span], closed)
    new = [SpanLock(part, obj.prompts, project.settings, obj.finishing) for part in parts]
    return with_object(project, replace(obj, locks=_merge_neighbours([*obj.locks, *new])))


def unlock_span(project: Project, object_id: ObjectId, span: FrameRange) -> Project:
    """Unlock frames, so that today's prompts make them again."""
    obj = project.find_unlocked(object_id)
    kept = [
        replace(held, span=part) for held in obj.locks for part in subtract([held.span], [span])
    ]
    return with_object(project, replace(obj, locks=_merge_neighbours(kept)))


def set_absent(project: Project, object_id: ObjectId, span: FrameRange, absent: bool) -> Project:
    """Mark the object as absent on some frames, or as present again.

    Raises:
        InputError: one of the frames is locked.
    """
    obj = project.find_unlocked(object_id)
    if not absent:
        return with_object(project, replace(obj, absent=subtract(obj.absent, [span])))
    check_unlocked(obj, span)
    return with_object(project, replace(obj, absent=union([*obj.absent, span])))


def check_unlocked(obj: MatteObject, span: FrameRange) -> None:
    """Refuse to change locked frames.

    Raises:
        InputError: one of the frames is locked.
    """
    for held in obj.locks:
        if held.span.start < span.stop and span.start < held.span.stop:
            frame = max(held.span.start, span.start)
            raise InputError(f"{obj.name} is locked on frame {frame}; unlock it to change it.")


def is_span_locked(obj: MatteObject, span: FrameRange) -> bool:
    """Whether a span is locked, frames on which the object is absent aside."""
    there = subtract([span], obj.absent)
    return bool(there) and not subtract(there, [held.span for held in obj.locks])


def is_absent(obj: MatteObject, span: FrameRange) -> bool:
    """Whether the object was said not to be on any frame of a span."""
    return all(contains(obj.absent, frame) for frame in span)


def _merge_neighbours(held: list[SpanLock]) -> tuple[SpanLock, ...]:
    """Sort locks, and merge neighbours that differ in their span only."""
    result: list[SpanLock] = []
    for each in sorted(held, key=lambda each: each.span.start):
        last = result[-1] if result else None
        if last is not None and last.span.stop == each.span.start and _is_same_lock(last, each):
            each = replace(each, span=FrameRange(last.span.start, each.span.stop))
            result.pop()
        result.append(each)
    return tuple(result)


def _is_same_lock(one: SpanLock, other: SpanLock) -> bool:
    return one == replace(other, span=one.span)
