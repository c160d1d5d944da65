"""What trackers are asked, or a sentence on what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matting_core.document.prompts import BoxPrompt, MaskPrompt, Prompt
from matting_core.errors import InputError
from matting_core.types import ObjectId

Prompted = tuple[Prompt, ...]
"""An object's prompts, or those of them that are on one frame."""


def check_prompted(prompts: Mapping[ObjectId, Prompted]) -> None:
    """Refuse objects that have no prompts.

    Raises:
        InputError: there is one.
    """
    for object_id, each in prompts.items():
        if not each:
            raise InputError(f"Object {object_id} has no prompts; click on it first.")


def prompts_on(prompts: Prompted, frame: int) -> Prompted:
    """An object's prompts on one frame.

    Raises:
        InputError: it has none there.
    """
    here = on_frame(prompts, frame)
    if not here:
        raise InputError(f"The object has no prompts on frame {frame}; add one.")
    return here


def on_frame(prompts: Sequence[Prompt], frame: int) -> Prompted:
    """Those of an object's prompts that are on one frame."""
    return tuple(prompt for prompt in prompts if prompt.frame == frame)


def grounds(prompts: Sequence[Prompt], frame: int) -> tuple[int, ...]:
    """The prompted frames that tell what a box on a frame is a box of; the frame itself first.

    A box says where and not what, so it leans on the nearest frame that was prompted before it, and
    that one, if it has a box, on another. Points and masks speak for themselves. A frame never
    leans on one that was prompted later, so that what stood stays as it was.

    Args:
        prompts: an object's, in the order in which they were made.
        frame: one with prompts.

    >>> grounds([BoxPrompt(8, (0, 0, 1, 1)), BoxPrompt(20, (0, 0, 1, 1))], 20)
    (20, 8)
    """
    here = on_frame(prompts, frame)
    order = list(dict.fromkeys(prompt.frame for prompt in prompts))
    before = order[: order.index(frame)]
    boxed = any(isinstance(prompt, BoxPrompt) for prompt in here)
    if not before or not boxed or any(isinstance(prompt, MaskPrompt) for prompt in here):
        return (frame,)
    nearest = min(before, key=lambda other: (abs(other - frame), other))
    return frame, *grounds([p for p in prompts if p.frame in before], nearest)
