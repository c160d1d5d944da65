"""What trackers are asked, or a sentence on what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matting_core.document.prompts import Prompt
from matting_core.errors import InputError
from matting_core.types import ObjectId

Prompted = tuple[Prompt, ...]
"""An object's prompts, or those of them that are on one frame."""


def frozen(prompts: Mapping[ObjectId, Sequence[Prompt]]) -> dict[ObjectId, Prompted]:
    """A copy that later edits of the caller's cannot change."""
    return {object_id: tuple(each) for object_id, each in prompts.items()}


def prompts_of(
    prompts: Mapping[ObjectId, Prompted], object_ids: Sequence[ObjectId]
) -> dict[ObjectId, Prompted]:
    """The prompts of some objects.

    Raises:
        InputError: an object has none.
    """
    for object_id in object_ids:
        if not prompts.get(object_id):
            raise InputError(f"Object {object_id} has no prompts; click on it first.")
    return {object_id: prompts[object_id] for object_id in object_ids}


def prompts_on(prompts: Mapping[ObjectId, Prompted], object_id: ObjectId, frame: int) -> Prompted:
    """An object's prompts on one frame.

    Raises:
        InputError: it has none there.
    """
    here = on_frame(prompts.get(object_id, ()), frame)
    if not here:
        raise InputError(f"Object {object_id} has no prompts on frame {frame}; add one.")
    return here


def on_frame(prompts: Sequence[Prompt], frame: int) -> Prompted:
    """Those of an object's prompts that are on one frame."""
    return tuple(prompt for prompt in prompts if prompt.frame == frame)
