"""Edits: pure functions `Project -> Project`; the only way a project changes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from matting_core.document.project import PALETTE, Clip, MatteObject, Project, Settings
from matting_core.document.prompts import MaskPrompt, PointPrompt, Prompt, check_prompt
from matting_core.errors import InputError
from matting_core.types import FrameRange, ObjectId

Edit = Callable[[Project], Project]


def set_clip(project: Project, clip: Clip) -> Project:
    """Start on a clip: objects and range of another clip do not carry over.

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
        color=PALETTE[(project.next_id - 1) % len(PALETTE)],
    )
    return replace(project, objects=(*project.objects, new), next_id=project.next_id + 1)


def insert_object(project: Project, obj: MatteObject) -> Project:
    """Append an object made elsewhere, with its own id; its prompts are checked.

    Raises:
        InputError: the id or name is taken, or a prompt does not fit the clip.
    """
    color = PALETTE[(obj.id - 1) % len(PALETTE)]
    empty = replace(obj, color=color, prompts=())
    grown = replace(
        project,
        objects=(*project.objects, empty),
        next_id=max(project.next_id, obj.id + 1),
    )
    return add_prompts(grown, obj.id, obj.prompts)


def remove_object(project: Project, object_id: ObjectId) -> Project:
    """Take an object and its prompts away."""
    project.find(object_id)
    return replace(project, objects=tuple(obj for obj in project if obj.id != object_id))


def rename_object(project: Project, object_id: ObjectId, name: str) -> Project:
    """Give an object another name (it also names the export folder)."""
    return _with_object(project, replace(project.find(object_id), name=name))


def set_visible(project: Project, object_id: ObjectId, visible: bool) -> Project:
    """Show or hide an object; hidden ones are not exported."""
    return _with_object(project, replace(project.find(object_id), visible=visible))


def add_prompts(project: Project, object_id: ObjectId, prompts: Iterable[Prompt]) -> Project:
    """Append prompts to an object; a new box, mask or text replaces the frame's earlier one.

    Raises:
        InputError: a prompt does not fit the clip.
    """
    if project.clip is None:
        raise InputError("No clip is open; open one before prompting.")
    obj = project.find(object_id)
    for prompt in prompts:
        check_prompt(prompt, project.clip.size, project.clip.length)
        obj = replace(obj, prompts=_appended(obj.prompts, prompt))
    return _with_object(project, obj)


def put_masks(project: Project, object_id: ObjectId | None, masks: Sequence[MaskPrompt]) -> Project:
    """Give an object a mask on each of several frames, in the place of earlier masks there.

    Args:
        project: what to edit.
        object_id: whose masks; None, or one that is not there any more, adds an object.
        masks: one a frame.

    Raises:
        InputError: no clip is open, or a mask is on no frame of it.
    """
    if project.clip is None:
        raise InputError("No clip is open; open one before importing masks.")
    for mask in masks:
        check_prompt(mask, project.clip.size, project.clip.length)
    obj = next((each for each in project if each.id == object_id), None)
    if obj is None:
        project = add_object(project)
        obj = project.objects[-1]
    frames = {mask.frame for mask in masks}
    kept = [p for p in obj.prompts if not (isinstance(p, MaskPrompt) and p.frame in frames)]
    return _with_object(project, replace(obj, prompts=(*kept, *masks)))


def remove_prompt(project: Project, object_id: ObjectId, prompt: Prompt) -> Project:
    """Take one prompt away."""
    obj = project.find(object_id)
    if prompt not in obj.prompts:
        raise InputError("That prompt is not there any more.")
    at = obj.prompts.index(prompt)
    return _with_object(project, replace(obj, prompts=obj.prompts[:at] + obj.prompts[at + 1 :]))


def clear_frame(project: Project, object_id: ObjectId, frame: int) -> Project:
    """Take an object's prompts on one frame away."""
    obj = project.find(object_id)
    kept = tuple(prompt for prompt in obj.prompts if prompt.frame != frame)
    return _with_object(project, replace(obj, prompts=kept))


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


def _free_name(project: Project) -> str:
    taken = {obj.name.casefold() for obj in project}
    numbers = itertools.count(project.next_id)
    return next(name for number in numbers if (name := f"object {number}") not in taken)


def _appended(prompts: tuple[Prompt, ...], new: Prompt) -> tuple[Prompt, ...]:
    if isinstance(new, PointPrompt):
        return (*prompts, new)
    kept = tuple(p for p in prompts if p.frame != new.frame or type(p) is not type(new))
    return (*kept, new)


def _with_object(project: Project, changed: MatteObject) -> Project:
    objects = tuple(changed if obj.id == changed.id else obj for obj in project)
    return replace(project, objects=objects)
