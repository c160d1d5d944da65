"""Protocol between a pass and a video network: prompt, answer, memory and view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self, TypeVar

import numpy as np
import numpy.typing as npt

Box = tuple[float, float, float, float]
Outputs = dict[int, dict[str, Any]]
"""Outputs of each tracked frame, as the packages of SAM 2 and SAM 3 lay them out."""


@dataclass(frozen=True, slots=True)
class FramePrompt:
    """Prompt for an object on one frame, merged from the user's; in pixels of the frame.

    Attributes:
        mask: (h, w) bool over the whole frame, or None.
        box: (x0, y0, x1, y1) or None.
        points: ((x, y), label) with label 1 foreground, 0 background.
        text: what the object is called, or None; never beside a mask.
    """

    mask: npt.NDArray[np.bool_] | None = None
    box: Box | None = None
    points: Sequence[tuple[tuple[float, float], int]] = ()
    text: str | None = None

    @property
    def corrects(self) -> bool:
        """Whether there is a box or a point, which corrects what mask or text give."""
        return self.box is not None or bool(self.points)


@dataclass(frozen=True, slots=True)
class VideoAnswer:
    """Answer of the network on one frame.

    Attributes:
        logits: (S/4, S/4) float32, or about that, over the whole frame.
        predicted_iou: [0, 1], the decoder's own opinion.
        object_score: logit; the object is on the frame where it is positive.
    """

    logits: npt.NDArray[np.float32]
    predicted_iou: float
    object_score: float


class PassMemory(Protocol):
    """Memory of one object's pass."""

    at: int
    """Last visited frame."""

    def fork(self) -> Self:
        """Fork a memory that starts anew from the prompted frame."""
        ...


MemoryT = TypeVar("MemoryT", bound=PassMemory)


class PassView(Protocol[MemoryT]):
    """View of one clip by one network."""

    @property
    def side(self) -> int:
        """S, pixels of the network's input."""
        ...

    def condition(self, frame: int, prompt: FramePrompt) -> tuple[MemoryT, VideoAnswer]:
        """Answer a frame's prompt, independently of other frames."""
        ...

    def step(self, memory: MemoryT, frame: int) -> VideoAnswer:
        """Find the object on the frame after (or before) the one that `memory` is at."""
        ...


def forget(tracked: Outputs, at: int, memories: int, pointers: int) -> None:
    """Drop outputs that attention cannot read any more on the next frame.

    Args:
        tracked: the outputs of frames without prompts.
        at: the last visited frame.
        memories: how many frames back features are read.
        pointers: how many frames back object pointers are read.
    """
    for frame in list(tracked):
        distance = abs(at - frame) + 1
        tracked[frame]["pred_masks"] = None
        if distance > memories:
            tracked[frame]["maskmem_features"] = tracked[frame]["maskmem_pos_enc"] = None
        if distance > max(memories, pointers):
            del tracked[frame]
