"""Sweeps over frames: one forwards, one back, all objects side by side.

Objects that are tracked on the same frame come one after the other, so that the frame is read and
encoded once for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matting_core.document.propagation import Pass, plan_passes
from matting_core.models.trackers.base import MaskLookup
from matting_core.types import FrameRange, ObjectId


@dataclass(frozen=True, slots=True)
class Turn:
    """Turn of one object on one frame.

    Attributes:
        object_id: whose.
        frame: where.
        run: the pass that it belongs to; None for the prompted frame itself.
    """

    object_id: ObjectId
    frame: int
    run: Pass | None = None


def plan_turns(
    anchors: Mapping[ObjectId, Sequence[int]], frames: FrameRange, known: MaskLookup
) -> list[Turn]:
    """Return all turns that lead to what `known` lacks on `frames`.

    A pass ends at its last unknown frame, and is left out if there is none.

    Args:
        anchors: the prompted frames of each object, rising.
        frames: the frames that are wanted.
        known: what earlier runs found.
    """
    forward: list[Turn] = []
    backward: list[Turn] = []
    for object_id, prompted in anchors.items():
        runs = [
            run
            for planned in plan_passes(prompted, frames)
            if (run := _shorten(planned, object_id, frames, known)) is not None
        ]
        started = {run.anchor for run in runs}
        forward.extend(
            Turn(object_id, anchor)
            for anchor in prompted
            if (anchor in frames or anchor in started) and known(object_id, anchor) is None
        )
        for run in runs:
            turns = [Turn(object_id, frame, run) for frame in run.frames]
            (forward if run.forward else backward).extend(turns)
    forward.sort(key=lambda turn: turn.frame)
    backward.sort(key=lambda turn: -turn.frame)
    return forward + backward


def _shorten(run: Pass, object_id: ObjectId, frames: FrameRange, known: MaskLookup) -> Pass | None:
    for index in reversed(range(len(run.frames))):
        frame = run.frames[index]
        if frame in frames and known(object_id, frame) is None:
            return Pass(run.anchor, run.frames[: index + 1])
    return None
