"""One object's passes: where each starts, what it remembers, and what it leans on.

A frame that leans on another (`asked.grounds`: a box on a frame that was tracked before) divides
the pass that came from there in two. Beyond it that pass goes on with all that it remembers, the
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

from matting_core.document.propagation import Pass, governing_frame, plan_passes
from matting_core.metrics.regions import region_similarity
from matting_core.models.trackers.asked import Prompted, grounds
from matting_core.models.trackers.base import Known, TrackedFrame
from matting_core.models.trackers.sam2_tiny_flow import propagate
from matting_core.models.trackers.sam2_tiny_flow.flow import SmallFrame
from matting_core.models.trackers.sam2_tiny_flow.memory import Memory, Page
from matting_core.models.trackers.sam2_tiny_flow.propagate import Found
from matting_core.types import FrameRange, ObjectId, Segmentation, Size, TrackState

_ELDERS = 2
_SAME = 0.5


@dataclass(frozen=True, slots=True)
class Asked:
    """One object, and what is known of it.

    Attributes:
        object_id: which.
        prompts: all of its prompts, in the order in which they were made.
        answer: answers the prompts on one frame.
        raster: the size at which masks are kept.
        known: looks up what was found before.
    """

    object_id: ObjectId
    prompts: Prompted
    answer: Callable[[int], Segmentation]
    raster: Size
    known: Known


@dataclass(frozen=True, slots=True)
class ObjectPasses:
    """Runs the passes of one object.

    Args:
        asked: the object.
        small: shrinks a frame of the clip.
        models: the networks.
    """

    asked: Asked
    small: Callable[[int], SmallFrame]
    models: propagate.Models
    _found: dict[tuple[int, int], Segmentation] = field(default_factory=dict, init=False)

    def track(self, frames: FrameRange) -> Iterator[TrackedFrame]:
        """Yield what is not known yet on `frames` and on the way there."""
        passes = plan_passes(self._anchors, frames)
        for anchor in self._anchors:
            needed = anchor in frames or any(run.anchor == anchor for run in passes)
            if needed and self._look(anchor, anchor) is None:
                yield TrackedFrame(self.asked.object_id, anchor, self.asked.answer(anchor))
        unfinished = [run for run in passes if not self._is_known(run, frames)]
        for run in unfinished:
            yield from self._approach(run.anchor)
        for run in unfinished:
            if not self._is_known(run, frames):
                yield from self._run(run)

    def _approach(self, anchor: int) -> Iterator[TrackedFrame]:
        """Find what the frame that `anchor` leans on gives, all the way up to it."""
        between = self._between(anchor)
        if between is not None and not self._is_known(between):
            yield from self._approach(between.anchor)
            yield from self._run(between)

    def _run(self, run: Pass) -> Iterator[TrackedFrame]:
        """Go along a pass; its anchor must have been approached."""
        between = self._between(run.anchor)
        mask, memory = self._page(run.anchor).mask, self._memory(run.anchor, run.forward)
        state = propagate.begin(self.small(run.anchor), mask, memory)
        met = False
        for frame in run.frames:
            small = self.small(frame)
            target = propagate.aim(state, small)
            earlier = self._look(frame, run.anchor)
            if earlier is not None:
                found = _taken_over(earlier)
            else:
                found = propagate.step(state, target, frame, self.models)
            if between is not None and frame in between.frames:
                old = self._old(frame, between.anchor)
                met = met or _agree(found, old)
                if earlier is None and met:
                    found = max(found, old, key=_confidence)
            state = propagate.advance(state, target, frame, small, found)
            answer, other = earlier or _segmentation(found), self._other(frame, run.anchor)
            again = earlier is not None
            yield TrackedFrame(self.asked.object_id, frame, answer, again, other)
            if self._look(frame, run.anchor) is None:
                self._found[frame, run.anchor] = answer

    def _memory(self, anchor: int, forward: bool) -> Memory:
        """What a pass that leaves a prompted frame remembers."""
        page, between = self._page(anchor), self._between(anchor)
        led = between is not None and self._led_to(between, page)
        if between is None or (between.forward != forward and not led):
            return Memory(page, elders(self.asked.prompts, anchor, self._page))
        memory = self._memory(between.anchor, between.forward)
        for frame in between.frames:
            found = self._old(frame, between.anchor)
            if propagate.worth_remembering(found):
                mask = propagate.probability(found.logits)
                memory = memory.remember(propagate.page_of(frame, mask))
        return memory.remember(page) if led else memory.prompt(page, _ELDERS)

    def _led_to(self, between: Pass, page: Page) -> bool:
        """Whether the old pass was still on the object when it came to the box.

        Then the box mends one of its answers. Else what was prompted before is no longer like the
        object, and the box's frame is a prompt that both passes need.
        """
        if not between.frames:
            return False
        last = self._old(between.frames[-1], between.anchor)
        return not last.lost and region_similarity(last.logits > 0, page.mask > 0.5) >= _SAME

    def _between(self, anchor: int) -> Pass | None:
        """The part of a pass that leads to a prompted frame from the one that it leans on."""
        _, *leant_on = grounds(self.asked.prompts, anchor)
        if not leant_on:
            return None
        start = leant_on[0]
        step = 1 if start < anchor else -1
        return Pass(start, range(start + step, anchor, step))

    def _page(self, anchor: int) -> Page:
        answer = self._look(anchor, anchor) or self.asked.answer(anchor)
        return as_page(anchor, answer, self.asked.raster)

    @property
    def _anchors(self) -> list[int]:
        return sorted({prompt.frame for prompt in self.asked.prompts})

    def _old(self, frame: int, anchor: int) -> Found:
        found = self._look(frame, anchor)
        if found is None:
            raise RuntimeError("a frame that leans on another is approached before it is left")
        return _taken_over(found)

    def _look(self, frame: int, anchor: int) -> Segmentation | None:
        """What a prompted frame gives on another one, if it is known."""
        found = self._found.get((frame, anchor))
        return found or self.asked.known(self.asked.object_id, frame, self._other(frame, anchor))

    def _other(self, frame: int, anchor: int) -> int | None:
        """The anchor, if another one governs the frame today."""
        return None if governing_frame(self._anchors, frame) == anchor else anchor

    def _is_known(self, run: Pass, frames: FrameRange | None = None) -> bool:
        wanted = (frame for frame in run.frames if frames is None or frame in frames)
        return all(self._look(frame, run.anchor) for frame in wanted)


def elders(prompts: Prompted, frame: int, page: Callable[[int], Page]) -> tuple[Page, ...]:
    """The prompted frames that a prompted frame leans on as pages, the nearest first."""
    return tuple(map(page, grounds(prompts, frame)[1 : 1 + _ELDERS]))


def as_page(frame: int, answer: Segmentation, raster: Size) -> Page:
    """The answer to a prompted frame as a page."""
    mask = propagate.probability(answer.logits)
    small = cv2.resize(mask, tuple(raster), interpolation=cv2.INTER_AREA)
    return propagate.page_of(frame, np.asarray(small, np.float32))


def _agree(one: Found, other: Found) -> bool:
    """Whether two answers are of the same object."""
    if one.lost or other.lost:
        return False
    return region_similarity(one.logits > 0, other.logits > 0) >= _SAME


def _confidence(found: Found) -> float:
    return found.confidence


def _segmentation(found: Found) -> Segmentation:
    state = TrackState.LOST if found.lost else TrackState.TRACKED
    return Segmentation(found.logits, found.confidence, state)


def _taken_over(segmentation: Segmentation) -> Found:
    lost = segmentation.state is TrackState.LOST
    return Found(segmentation.logits, segmentation.confidence, lost)
