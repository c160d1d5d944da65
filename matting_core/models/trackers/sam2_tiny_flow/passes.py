"""Passes of one object: where each starts, its memory, and the earlier prompt it refers to.

A frame that leans on another (`supporting_frames`: a box on a frame tracked before) divides the
pass that came from there in two. Beyond it that pass goes on with all that it remembers, the
box's frame among its answers, or among its prompts if it had lost the object before. On this side
of it another pass goes back, with the same memory, or with the prompts alone if the object had been
lost; from where it meets the old answers on the same object, the surer of both counts (decision
18).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np

from matting_core.document.prompts import Prompts
from matting_core.document.propagation import Pass, governing_frame, plan_passes, supporting_frames
from matting_core.metrics.regions import region_similarity
from matting_core.models.trackers.base import MaskLookup, TrackedFrame
from matting_core.models.trackers.sam2_tiny_flow import propagate
from matting_core.models.trackers.sam2_tiny_flow.flow import SmallFrame
from matting_core.models.trackers.sam2_tiny_flow.memory import MemoryFrame, ObjectMemory
from matting_core.models.trackers.sam2_tiny_flow.propagate import StepResult
from matting_core.types import FrameRange, ObjectId, Segmentation, Size, TrackState

_EARLIER = 2
_SAME = 0.5


@dataclass(frozen=True, slots=True)
class ObjectQuery:
    """Query for one object: its prompts, and what is known of it.

    Attributes:
        object_id: which.
        prompts: all of its prompts, in the order in which they were made.
        answer: answers the prompts on one frame.
        raster: the size at which masks are kept.
        known: looks up what was found before.
    """

    object_id: ObjectId
    prompts: Prompts
    answer: Callable[[int], Segmentation]
    raster: Size
    known: MaskLookup


@dataclass(frozen=True, slots=True)
class ObjectPasses:
    """Passes of one object.

    Args:
        query: the object.
        small: shrinks a frame of the clip.
        models: the networks.
    """

    query: ObjectQuery
    small: Callable[[int], SmallFrame]
    models: propagate.Models
    _found: dict[tuple[int, int], Segmentation] = field(default_factory=dict, init=False)

    def track(self, frames: FrameRange) -> Iterator[TrackedFrame]:
        """Yield what is not known yet on `frames` and on the way there."""
        passes = plan_passes(self._anchors, frames)
        for anchor in self._anchors:
            needed = anchor in frames or any(run.anchor == anchor for run in passes)
            if needed and self._find_known(anchor, anchor) is None:
                yield TrackedFrame(self.query.object_id, anchor, self.query.answer(anchor))
        unfinished = [run for run in passes if not self._is_known(run, frames)]
        for run in unfinished:
            yield from self._approach(run.anchor)
        for run in unfinished:
            if not self._is_known(run, frames):
                yield from self._run(run)

    def _approach(self, anchor: int) -> Iterator[TrackedFrame]:
        """Compute the pass from the frame that `anchor` refers to, all the way up to it."""
        between = self._between(anchor)
        if between is not None and not self._is_known(between):
            yield from self._approach(between.anchor)
            yield from self._run(between)

    def _run(self, run: Pass) -> Iterator[TrackedFrame]:
        """Run a pass; its anchor must have been approached."""
        between = self._between(run.anchor)
        mask, memory = self._memory_frame(run.anchor).mask, self._memory(run.anchor, run.forward)
        state = propagate.start_state(self.small(run.anchor), mask, memory)
        met = False
        for frame in run.frames:
            small = self.small(frame)
            target = propagate.choose_target(state, small)
            earlier = self._find_known(frame, run.anchor)
            if earlier is not None:
                found = _to_result(earlier)
            else:
                found = propagate.step(state, target, frame, self.models)
            if between is not None and frame in between.frames:
                old = self._earlier_result(frame, between.anchor)
                met = met or _agree(found, old)
                if earlier is None and met:
                    found = max(found, old, key=_confidence)
            state = propagate.advance(state, target, frame, small, found)
            answer, other = (
                earlier or _to_segmentation(found),
                self._other_anchor(frame, run.anchor),
            )
            again = earlier is not None
            yield TrackedFrame(self.query.object_id, frame, answer, again, other)
            if self._find_known(frame, run.anchor) is None:
                self._found[frame, run.anchor] = answer

    def _memory(self, anchor: int, forward: bool) -> ObjectMemory:
        """Build the memory of a pass that leaves a prompted frame."""
        frame_memory, between = self._memory_frame(anchor), self._between(anchor)
        led = between is not None and self._led_to(between, frame_memory)
        if between is None or (between.forward != forward and not led):
            return ObjectMemory(
                frame_memory, make_earlier_frames(self.query.prompts, anchor, self._memory_frame)
            )
        memory = self._memory(between.anchor, between.forward)
        for frame in between.frames:
            found = self._earlier_result(frame, between.anchor)
            if propagate.is_worth_keeping(found):
                mask = propagate.probability(found.logits)
                memory = memory.add(propagate.make_memory_frame(frame, mask))
        return memory.add(frame_memory) if led else memory.add_prompt(frame_memory, _EARLIER)

    def _led_to(self, between: Pass, frame_memory: MemoryFrame) -> bool:
        """Whether the old pass was still on the object when it came to the box.

        Then the box mends one of its answers. Else what was prompted before is no longer like the
        object, and the box's frame is a prompt that both passes need.
        """
        if not between.frames:
            return False
        last = self._earlier_result(between.frames[-1], between.anchor)
        return (
            not last.lost and region_similarity(last.logits > 0, frame_memory.mask > 0.5) >= _SAME
        )

    def _between(self, anchor: int) -> Pass | None:
        """Find the part of a pass that leads to a prompted frame from the one it refers to."""
        _, *leant_on = supporting_frames(self.query.prompts, anchor)
        if not leant_on:
            return None
        start = leant_on[0]
        step = 1 if start < anchor else -1
        return Pass(start, range(start + step, anchor, step))

    def _memory_frame(self, anchor: int) -> MemoryFrame:
        answer = self._find_known(anchor, anchor) or self.query.answer(anchor)
        return make_prompted_frame(anchor, answer, self.query.raster)

    @property
    def _anchors(self) -> list[int]:
        return sorted({prompt.frame for prompt in self.query.prompts})

    def _earlier_result(self, frame: int, anchor: int) -> StepResult:
        found = self._find_known(frame, anchor)
        if found is None:
            raise RuntimeError("a frame that leans on another is approached before it is left")
        return _to_result(found)

    def _find_known(self, frame: int, anchor: int) -> Segmentation | None:
        """Look up the result of a prompted frame on another frame, if it is known."""
        found = self._found.get((frame, anchor))
        return found or self.query.known(
            self.query.object_id, frame, self._other_anchor(frame, anchor)
        )

    def _other_anchor(self, frame: int, anchor: int) -> int | None:
        """Return the anchor, if another one governs the frame today, else None."""
        return None if governing_frame(self._anchors, frame) == anchor else anchor

    def _is_known(self, run: Pass, frames: FrameRange | None = None) -> bool:
        wanted = (frame for frame in run.frames if frames is None or frame in frames)
        return all(self._find_known(frame, run.anchor) for frame in wanted)


def make_earlier_frames(
    prompts: Prompts, frame: int, frame_memory: Callable[[int], MemoryFrame]
) -> tuple[MemoryFrame, ...]:
    """Make memory frames of the earlier prompts that a frame refers to, the nearest first."""
    return tuple(map(frame_memory, supporting_frames(prompts, frame)[1 : 1 + _EARLIER]))


def make_prompted_frame(frame: int, answer: Segmentation, raster: Size) -> MemoryFrame:
    """The answer to a prompted frame as a frame_memory."""
    mask = propagate.probability(answer.logits)
    small = cv2.resize(mask, tuple(raster), interpolation=cv2.INTER_AREA)
    return propagate.make_memory_frame(frame, np.asarray(small, np.float32))


def _agree(one: StepResult, other: StepResult) -> bool:
    """Whether two answers are of the same object."""
    if one.lost or other.lost:
        return False
    return region_similarity(one.logits > 0, other.logits > 0) >= _SAME


def _confidence(found: StepResult) -> float:
    return found.confidence


def _to_segmentation(found: StepResult) -> Segmentation:
    state = TrackState.LOST if found.lost else TrackState.TRACKED
    return Segmentation(found.logits, found.confidence, state)


def _to_result(segmentation: Segmentation) -> StepResult:
    lost = segmentation.state is TrackState.LOST
    return StepResult(segmentation.logits, segmentation.confidence, lost)
