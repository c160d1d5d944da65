"""Plan of every propagation: which prompt governs which frame, as pure functions.

A frame takes its mask from the nearest prompted frame, the earlier one on a tie; passes run from
each prompted frame forwards and backwards until they meet. So a new prompt can change only the
frames that it now governs, and everything else stays valid without any invalidation code.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from matting_core.document.prompts import BoxPrompt, MaskPrompt, Prompt
from matting_core.types import FrameRange


@dataclass(frozen=True, slots=True)
class Pass:
    """Pass of a tracker away from a prompted frame.

    Attributes:
        anchor: the prompted frame that it starts from.
        frames: the frames in the order they are visited, without the anchor; never empty.
    """

    anchor: int
    frames: range

    @property
    def forward(self) -> bool:
        """Whether time runs forwards."""
        return self.frames.step > 0


def governing_frame(prompt_frames: Sequence[int], frame: int) -> int | None:
    """Return the prompted frame that `frame` takes its mask from, or None without prompts.

    >>> governing_frame([0, 10], 5), governing_frame([0, 10], 6)
    (0, 10)
    """
    if not prompt_frames:
        return None
    at = bisect_left(prompt_frames, frame)
    after = prompt_frames[min(at, len(prompt_frames) - 1)]
    before = prompt_frames[max(at - 1, 0)]
    return before if abs(frame - before) <= abs(after - frame) else after


def plan_passes(prompt_frames: Sequence[int], wanted: FrameRange) -> list[Pass]:
    """Return the passes that reach every unprompted frame of `wanted`, forward ones first.

    A pass starts at its anchor even where that lies outside `wanted`, and stops at the last wanted
    frame that the anchor governs.

    >>> plan_passes([2], FrameRange(0, 5))
    [Pass(anchor=2, frames=range(3, 5)), Pass(anchor=2, frames=range(1, -1, -1))]
    """
    forward, backward = [], []
    for anchor in prompt_frames:
        governed = [f for f in wanted if governing_frame(prompt_frames, f) == anchor]
        if not governed:
            continue
        if governed[-1] > anchor:
            forward.append(Pass(anchor, range(anchor + 1, governed[-1] + 1)))
        if governed[0] < anchor:
            backward.append(Pass(anchor, range(anchor - 1, governed[0] - 1, -1)))
    return forward + backward


def supporting_frames(prompts: Sequence[Prompt], frame: int) -> tuple[int, ...]:
    """The prompted frames that tell what a box on a frame is a box of; the frame itself first.

    A box says where and not what, so it leans on the nearest frame that was prompted before it, and
    that one, if it has a box, on another. Points and masks speak for themselves. A frame never
    leans on one that was prompted later, so that what stood stays as it was.

    Args:
        prompts: an object's, in the order in which they were made.
        frame: one with prompts.

    >>> supporting_frames([BoxPrompt(8, (0, 0, 1, 1)), BoxPrompt(20, (0, 0, 1, 1))], 20)
    (20, 8)
    """
    kinds: dict[int, set[type[Prompt]]] = {}
    for prompt in prompts:
        kinds.setdefault(prompt.frame, set()).add(type(prompt))
    before, chain = list(kinds), [frame]
    while BoxPrompt in kinds[frame] and MaskPrompt not in kinds[frame]:
        before = before[: before.index(frame)]
        if not before:
            break
        frame = min((abs(other - frame), other) for other in before)[1]
        chain.append(frame)
    return tuple(chain)
