"""Edits: pure functions `Project -> Project`; the only way a project changes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from matting_core.document.project import (
    COLORS,
    LONGEST_NAME,
    PALETTE,
    Clip,
    MatteObject,
    Project,
    Settings,
    object_color,
)
from matting_core.document.prompts import MaskPrompt, PointPrompt, Prompt, check_prompt
from matting_core.document.refine import RefineStrokes
from matting_core.errors import InputError
from matting_core.spans import contains
from matting_core.types import FrameRange, ObjectId

Edit = Callable[[Project], Project]
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


def set_clip(project: Project, clip: Clip) -> Project:
    """Set the clip: objects and range of another clip do not carry over.

    A clip with the same contents (a moved file) keeps everything.
    """
    if project.clip is not None and project.clip.fingerprint == clip.fingerprint:
        return replace(project, clip=clip)
    return Project(clip=clip, settings=project.settings)


def replace_clip(project: Project, clip: Clip) -> Project:
    """Take another file for the clip, perhaps with other contents; everything else stays.

    Raises:
        InputError: its size or length is not the clip's.
    """
    if project.clip is None or not fits(project.clip, clip):
        raise InputError(f"{clip.path} is not of the clip's size and length; choose another file.")
    return replace(project, clip=clip)


def fits(clip: Clip, other: Clip) -> bool:
    """Whether prompts on a clip make sense on the other: same size, same length."""
    return (clip.size, clip.length) == (other.size, other.length)


def add_object(project: Project, name: str | None = None) -> Project:
    """Append an object; without a name it is called `object N`."""
    new = MatteObject(
        id=ObjectId(project.next_id),
        name=_free_name(project) if name is None else name,
        color=choose_color(project),
    )
    return replace(project, objects=(*project.objects, new), next_id=project.next_id + 1)


def insert_object(project: Project, obj: MatteObject) -> Project:
    """Append an object made elsewhere, with its own id; its prompts are checked.

    Raises:
        InputError: the id or name is taken, or a prompt does not fit the clip.
    """
    color = object_color(obj.id - 1)
    empty = replace(obj, color=color, prompts=())
    grown = replace(
        project,
        objects=(*project.objects, empty),
        next_id=max(project.next_id, obj.id + 1),
    )
    return add_prompts(grown, obj.id, obj.prompts)


def remove_object(project: Project, object_id: ObjectId) -> Project:
    """Take an object and its prompts away."""
    project.find_unlocked(object_id)
    return replace(project, objects=tuple(obj for obj in project if obj.id != object_id))


def duplicate_object(project: Project, object_id: ObjectId) -> Project:
    """Put an unlocked copy of an object, with its prompts and finishing, right after it.

    Its frames are not locked either: mattes belong to an object, and the copy has none yet.
    """
    obj = project.find(object_id)
    copy = replace(
        obj,
        id=ObjectId(project.next_id),
        name=_copy_name(project, obj.name),
        color=choose_color(project),
        locked=False,
        locked_settings=None,
        locks=(),
    )
    at = project.objects.index(obj) + 1
    objects = (*project.objects[:at], copy, *project.objects[at:])
    return replace(project, objects=objects, next_id=project.next_id + 1)


def move_object(project: Project, object_id: ObjectId, to: int) -> Project:
    """Put an object at another place in the list, as near to it as there is one."""
    obj = project.find(object_id)
    others = [other for other in project if other.id != object_id]
    others.insert(min(max(to, 0), len(others)), obj)
    return replace(project, objects=tuple(others))


def rename_object(project: Project, object_id: ObjectId, name: str) -> Project:
    """Give an object another name (it also names the export folder)."""
    return with_object(project, replace(project.find_unlocked(object_id), name=name))


def set_visible(project: Project, object_id: ObjectId, visible: bool) -> Project:
    """Show or hide an object; hidden ones are not exported."""
    return with_object(project, replace(project.find(object_id), visible=visible))


def set_color(project: Project, object_id: ObjectId, color: str) -> Project:
    """Give an object another colour on screen, "#rrggbb".

    Raises:
        InputError: that is no colour.
    """
    if not _COLOR.fullmatch(color):
        raise InputError(f"'{color}' is no colour; give one as #rrggbb.")
    return with_object(project, replace(project.find_unlocked(object_id), color=color.lower()))


def set_locked(project: Project, object_id: ObjectId, locked: bool) -> Project:
    """Keep an object as it is, also when other models are chosen, or let it be changed again."""
    obj = project.find(object_id)
    if obj.locked == locked:
        return project
    kept = project.settings if locked else None
    return with_object(project, replace(obj, locked=locked, locked_settings=kept))


def set_share_alpha(project: Project, share: bool) -> Project:
    """Choose whether the sum of the visible objects' mattes is held to 1."""
    return replace(project, share_alpha=share)


def add_prompts(project: Project, object_id: ObjectId, prompts: Iterable[Prompt]) -> Project:
    """Append prompts to an object; a new box, mask or text replaces the frame's earlier one.

    Raises:
        InputError: a prompt does not fit the clip.
    """
    if project.clip is None:
        raise InputError("No clip is open; open one before prompting.")
    obj = project.find_unlocked(object_id)
    for prompt in prompts:
        check_prompt(prompt, project.clip.size, project.clip.length)
        check_changeable(obj, prompt.frame)
        obj = replace(obj, prompts=_append(obj.prompts, prompt))
    return with_object(project, obj)


def put_masks(project: Project, object_id: ObjectId | None, masks: Sequence[MaskPrompt]) -> Project:
    """Give an object a mask on each of several frames, in the place of earlier masks there.

    Args:
        project: what to edit.
        object_id: whose masks; None, or one that is not there any more, adds an object.
        masks: one a frame.

    Raises:
        InputError: no clip is open, a mask is on no frame of it, or what it would change is locked.
    """
    if project.clip is None:
        raise InputError("No clip is open; open one before importing masks.")
    for mask in masks:
        check_prompt(mask, project.clip.size, project.clip.length)
    obj = next((each for each in project if each.id == object_id), None)
    if obj is None:
        project = add_object(project)
        obj = project.objects[-1]
    obj = project.find_unlocked(obj.id)
    for mask in masks:
        check_changeable(obj, mask.frame)
    frames = {mask.frame for mask in masks}
    kept = [p for p in obj.prompts if not (isinstance(p, MaskPrompt) and p.frame in frames)]
    return with_object(project, replace(obj, prompts=(*kept, *masks)))


def remove_prompt(project: Project, object_id: ObjectId, prompt: Prompt) -> Project:
    """Take one prompt away."""
    obj = project.find_unlocked(object_id)
    if prompt not in obj.prompts:
        raise InputError("That prompt is not there any more.")
    check_changeable(obj, prompt.frame)
    at = obj.prompts.index(prompt)
    return with_object(project, replace(obj, prompts=obj.prompts[:at] + obj.prompts[at + 1 :]))


def clear_frame(project: Project, object_id: ObjectId, frame: int) -> Project:
    """Take an object's prompts on one frame away."""
    obj = project.find_unlocked(object_id)
    check_changeable(obj, frame)
    kept = tuple(prompt for prompt in obj.prompts if prompt.frame != frame)
    return with_object(project, replace(obj, prompts=kept))


def set_strokes(project: Project, object_id: ObjectId, strokes: RefineStrokes) -> Project:
    """Put strokes of the Refine Edge brush in the place of the frame's earlier ones.

    Raises:
        InputError: the frame is not one of the clip's, or takes no changes.
    """
    length = project.clip.length if project.clip else 0
    if strokes.frame >= length:
        raise InputError(f"Frame {strokes.frame} is not in the clip, which has {length} frames.")
    cleared = clear_strokes(project, object_id, strokes.frame)
    obj = cleared.find(object_id)
    return with_object(cleared, replace(obj, strokes=(*obj.strokes, strokes)))


def clear_strokes(project: Project, object_id: ObjectId, frame: int) -> Project:
    """Take the Refine Edge strokes on one frame away.

    Raises:
        InputError: the object is locked, or the frame takes no changes.
    """
    obj = project.find_unlocked(object_id)
    check_changeable(obj, frame)
    kept = tuple(strokes for strokes in obj.strokes if strokes.frame != frame)
    return with_object(project, replace(obj, strokes=kept))


def set_settings(project: Project, settings: Settings) -> Project:
    """Choose other models or another quality."""
    return replace(project, settings=settings)


def set_work_range(project: Project, work_range: FrameRange | None) -> Project:
    """Set or clear the in/out range.

    Raises:
        InputError: the range leaves the clip.
    """
    length = project.clip.length if project.clip else 0
    if work_range is not None and work_range.stop > length:
        raise InputError(f"The range leaves the clip, which has {length} frames.")
    return replace(project, work_range=work_range)


def choose_color(project: Project) -> str:
    """Choose the next colour that no object has; with all in use, simply the next."""
    start = len(project.objects) % len(PALETTE)
    hues = [(start + step) % len(PALETTE) for step in range(len(PALETTE))]
    turns = range(0, len(COLORS), len(PALETTE))
    colors = [COLORS[turn + hue] for turn in turns for hue in hues]
    used = {obj.color for obj in project}
    return next((color for color in colors if color not in used), colors[0])


def _copy_name(project: Project, name: str) -> str:
    taken = {obj.name.casefold() for obj in project}
    endings = itertools.chain([" copy"], (f" copy {number}" for number in itertools.count(2)))
    names = (name[: LONGEST_NAME - len(ending)].rstrip(" .") + ending for ending in endings)
    return next(each for each in names if each.casefold() not in taken)


def replace_prompt(project: Project, object_id: ObjectId, old: Prompt, new: Prompt) -> Project:
    """Put a prompt in another one's place on the same frame.

    Raises:
        InputError: the frame takes no changes.
    """
    obj = project.find_unlocked(object_id)
    check_changeable(obj, old.frame)
    prompts = tuple(new if prompt == old else prompt for prompt in obj.prompts)
    return with_object(project, replace(obj, prompts=prompts))


def check_changeable(obj: MatteObject, frame: int) -> None:
    """Refuse a frame that takes no changes.

    Raises:
        InputError: the frame is locked, or the object was said not to be there.
    """
    if obj.lock_on(frame) is not None:
        raise InputError(f"{obj.name} is locked on frame {frame}; unlock it to change it.")
    if contains(obj.absent, frame):
        raise InputError(
            f"{obj.name} was said not to be on frame {frame}; bring the span back to change it."
        )


def _free_name(project: Project) -> str:
    taken = {obj.name.casefold() for obj in project}
    numbers = itertools.count(len(project.objects) + 1)
    return next(name for number in numbers if (name := f"object {number}") not in taken)


def _append(prompts: tuple[Prompt, ...], new: Prompt) -> tuple[Prompt, ...]:
    if isinstance(new, PointPrompt):
        return (*prompts, new)
    kept = tuple(p for p in prompts if p.frame != new.frame or type(p) is not type(new))
    return (*kept, new)


def with_object(project: Project, changed: MatteObject) -> Project:
    """Put a changed object in its own place."""
    objects = tuple(changed if obj.id == changed.id else obj for obj in project)
    return replace(project, objects=objects)
