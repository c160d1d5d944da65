"""Passes over one clip: prompted frames, tracks from them, and where to go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic

from matting_core.document.prompts import Prompts, prompts_on
from matting_core.document.propagation import Pass
from matting_core.lru import LruCache
from matting_core.models.trackers.base import MaskLookup, TrackedFrame
from matting_core.models.trackers.video.display_clip import DisplayClip
from matting_core.models.trackers.video.prompting import (
    make_mask_prompt,
    make_segmentation,
    merge_prompts,
    take_mask,
)
from matting_core.models.trackers.video.protocol import MemoryT, PassMemory, PassView
from matting_core.models.trackers.video.sweeps import Turn, plan_turns
from matting_core.types import FrameRange, ObjectId, Segmentation

_KEPT_ANSWERS = 16
_KEPT_PASSES = 8


class Passes(Generic[MemoryT]):
    """Passes that answer prompts on one clip and track the answers.

    Args:
        clip: the clip.
        still: answers prompted frames.
        moving: carries them along. Where it is another view than `still`, a pass starts from the
            mask that `still` found.
    """

    def __init__(
        self, clip: DisplayClip, still: PassView[MemoryT], moving: PassView[MemoryT]
    ) -> None:
        self.clip = clip
        self._still = still
        self._moving = moving
        self._answers: LruCache[Prompts, tuple[MemoryT, Segmentation]] = LruCache(_KEPT_ANSWERS)
        self._stopped: LruCache[tuple[Prompts, bool], MemoryT] = LruCache(_KEPT_PASSES)

    def answer(self, here: Prompts) -> Segmentation:
        """Answer one frame's prompts."""
        return self._condition(here)[1]

    def run(
        self, prompts: Mapping[ObjectId, Prompts], frames: FrameRange, known: MaskLookup
    ) -> Iterator[TrackedFrame]:
        """See `Tracker.track`; every object has prompts."""
        anchors = {key: sorted({p.frame for p in value}) for key, value in prompts.items()}
        live: dict[tuple[ObjectId, Pass], MemoryT] = {}
        try:
            for turn in plan_turns(anchors, frames, known):
                found = self._take(turn, prompts[turn.object_id], live, known)
                if found is not None:
                    again = known(turn.object_id, turn.frame) is not None
                    yield TrackedFrame(turn.object_id, turn.frame, found, again)
        finally:
            for (object_id, run), memory in live.items():
                here = prompts_on(prompts[object_id], run.anchor)
                self._stopped.put((here, run.forward), memory)

    def _take(
        self,
        turn: Turn,
        prompts: Prompts,
        live: dict[tuple[ObjectId, Pass], MemoryT],
        known: MaskLookup,
    ) -> Segmentation | None:
        """Compute one turn, or nothing where an earlier run's memory is past it."""
        run = turn.run
        if run is None:
            return self.answer(prompts_on(prompts, turn.frame))
        here, place = prompts_on(prompts, run.anchor), (turn.object_id, run)
        if turn.frame == run.frames[0]:
            live[place] = self._begin_memory(turn.object_id, run, here, known)
        memory, found = live[place], None
        if turn.frame not in _visited_frames(memory, run):
            found = make_segmentation(self._moving.step(memory, turn.frame), prompted=False)
        if turn.frame == run.frames[-1]:
            self._stopped.put((here, run.forward), live.pop(place))
        return found

    def _begin_memory(
        self, object_id: ObjectId, run: Pass, here: Prompts, known: MaskLookup
    ) -> MemoryT:
        """Take an earlier run's memory if its visited frames are known, or begin a fresh one."""
        stopped = self._stopped.take((here, run.forward))
        if stopped is not None and all(known(object_id, f) for f in _visited_frames(stopped, run)):
            return stopped
        if self._moving is self._still:
            return self._condition(here)[0].fork()
        start = known(object_id, run.anchor) or self.answer(here)
        return self._moving.condition(run.anchor, make_mask_prompt(start, self._moving.side))[0]

    def _condition(self, here: Prompts) -> tuple[MemoryT, Segmentation]:
        found = self._answers.get(here)
        if found is None:
            size = self.clip.size
            memory, answer = self._still.condition(here[0].frame, merge_prompts(here, size))
            found = memory, take_mask(here, size) or make_segmentation(answer, prompted=True)
            self._answers.put(here, found)
        return found


def _visited_frames(memory: PassMemory, run: Pass) -> range:
    """Frames of a pass that a memory has visited."""
    return run.frames[: abs(memory.at - run.anchor)]
