"""What a video network is asked and answers, and how a pass talks to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self, TypeVar

import numpy as np
import numpy.typing as npt

Box = tuple[float, float, float, float]
Outputs = dict[int, dict[str, Any]]
"""What a network found on each tracked frame, as the packages of SAM 2 and SAM 3 lay it out."""


@dataclass(frozen=True, slots=True)
class Cues:
    """What a user said about an object on one frame; coordinates are pixels of the frame.

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
class Seen:
    """The network's answer on one frame.

    Attributes:
        logits: (S/4, S/4) float32, or about that, over the whole frame.
        predicted_iou: [0, 1], the decoder's own opinion.
        object_score: logit; the object is on the frame where it is positive.
    """

    logits: npt.NDArray[np.float32]
    predicted_iou: float
    object_score: float


class PassMemory(Protocol):
    """What one object's pass carries from frame to frame."""

    at: int
    """The frame that was seen last."""

    def fork(self) -> Self:
        """A memory that starts anew from the same prompted frame."""
        ...


MemoryT = TypeVar("MemoryT", bound=PassMemory)


class PassView(Protocol[MemoryT]):
    """One clip through one network."""

    @property
    def side(self) -> int:
        """S, pixels of the network's input."""
        ...

    def condition(self, frame: int, cues: Cues) -> tuple[MemoryT, Seen]:
        """Answer cues on one frame, with no other frame in mind."""
        ...

    def step(self, memory: MemoryT, frame: int) -> Seen:
        """Find the object on the frame after (or before) the one that `memory` is at."""
        ...


def forget(tracked: Outputs, at: int, memories: int, pointers: int) -> None:
    """Drop what attention cannot read any more on the frame that follows.

    Args:
        tracked: the outputs of frames without prompts.
        at: the frame that was seen last.
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
