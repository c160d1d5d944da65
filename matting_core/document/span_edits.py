"""Edits of whole spans: locking them, and saying that an object is not there."""

from __future__ import annotations

from dataclasses import replace

from matting_core.document.edits import with_object
from matting_core.document.project import Held, MatteObject, Project
from matting_core.errors import InputError
from matting_core.spans import covers, joined, without
from matting_core.types import FrameRange, ObjectId


def hold(project: Project, object_id: ObjectId, span: FrameRange) -> Project:
    """Lock frames as they are now; what is locked already keeps what it has.

    Raises:
        InputError: there is nothing to keep: the object has no prompts, or was said not to be on
            any of the frames.
    """
    obj = project.find_unlocked(object_id)
    if not obj.prompts:
        raise InputError(f"{obj.name} has no prompts yet; track it before you lock frames.")
    if not without([span], obj.absent):
        raise InputError(
            f"{obj.name} was said not to be on these frames; bring the span back to lock it."
        )
    closed = [held.span for held in obj.held] + list(obj.absent)
    parts = without([span], closed)
    new = [Held(part, obj.prompts, project.settings, obj.finishing) for part in parts]
    return with_object(project, replace(obj, held=_tidied([*obj.held, *new])))


def release(project: Project, object_id: ObjectId, span: FrameRange) -> Project:
    """Unlock frames; from then on they are what today's prompts make them."""
    obj = project.find_unlocked(object_id)
    kept = [replace(held, span=part) for held in obj.held for part in without([held.span], [span])]
    return with_object(project, replace(obj, held=_tidied(kept)))


def set_absent(project: Project, object_id: ObjectId, span: FrameRange, absent: bool) -> Project:
    """Say that the object is not on some frames, or take that back.

    Raises:
        InputError: one of the frames is locked.
    """
    obj = project.find_unlocked(object_id)
    if not absent:
        return with_object(project, replace(obj, absent=without(obj.absent, [span])))
    check_unlocked(obj, span)
    return with_object(project, replace(obj, absent=joined([*obj.absent, span])))


def check_unlocked(obj: MatteObject, span: FrameRange) -> None:
    """Refuse to change locked frames.

    Raises:
        InputError: one of the frames is locked.
    """
    for held in obj.held:
        if held.span.start < span.stop and span.start < held.span.stop:
            frame = max(held.span.start, span.start)
            raise InputError(f"{obj.name} is locked on frame {frame}; unlock it to change it.")


def is_held(obj: MatteObject, span: FrameRange) -> bool:
    """Whether a span is locked: all of it on which the object was not said not to be there."""
    there = without([span], obj.absent)
    return bool(there) and not without(there, [held.span for held in obj.held])


def is_absent(obj: MatteObject, span: FrameRange) -> bool:
    """Whether the object was said not to be on any frame of a span."""
    return all(covers(obj.absent, frame) for frame in span)


def _tidied(held: list[Held]) -> tuple[Held, ...]:
    """In order, with neighbours of one origin put together."""
    result: list[Held] = []
    for each in sorted(held, key=lambda each: each.span.start):
        last = result[-1] if result else None
        if last is not None and last.span.stop == each.span.start and _alike(last, each):
            each = replace(each, span=FrameRange(last.span.start, each.span.stop))
            result.pop()
        result.append(each)
    return tuple(result)


def _alike(one: Held, other: Held) -> bool:
    return one == replace(other, span=one.span)
