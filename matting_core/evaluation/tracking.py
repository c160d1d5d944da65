"""Evaluation of trackers: J, how well doubt finds bad frames, and the gain of a correction."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matting_core.document.prompts import BoxPrompt, Prompt
from matting_core.document.propagation import governing_frame
from matting_core.matte.guides import mask_inside
from matting_core.metrics.regions import region_similarity
from matting_core.models.trackers.base import Tracker
from matting_core.types import FrameRange, ObjectId, Size
from matting_core.windows import bounding_box

Truth = Sequence[npt.NDArray[np.bool_]]
BAD_BELOW = 0.5
_FIRST = ObjectId(1)


@dataclass(frozen=True, slots=True)
class TrackRun:
    """Track of one object through a clip whose true masks are known.

    Attributes:
        prompts: what the tracker was told.
        scores: J, the region IoU with the truth, by frame; the first prompted frame is left out.
        confidences: the tracker's own, by frame.
        seconds: per frame.
    """

    prompts: tuple[Prompt, ...]
    scores: Mapping[int, float]
    confidences: Mapping[int, float]
    seconds: float

    @property
    def mean(self) -> float:
        """Mean J."""
        return float(np.mean(list(self.scores.values())))


@dataclass(frozen=True, slots=True)
class DoubtCounts:
    """Counts of the frames that a tracker doubts, and of the bad ones.

    Attributes:
        bad: frames with J below 0.5.
        doubted: frames with a confidence below the tracker's `doubtful_below`, or lost.
        both: frames that are both.
    """

    bad: int
    doubted: int
    both: int

    @classmethod
    def count(cls, runs: Iterable[TrackRun], below: float | None) -> DoubtCounts:
        """Count over all frames of some tracks.

        Args:
            runs: the tracks.
            below: the tracker's `doubtful_below`; with None it doubts nothing.
        """
        pairs = [(run.scores[f], run.confidences[f]) for run in runs for f in run.scores]
        bad = [score < BAD_BELOW for score, _ in pairs]
        doubted = [below is not None and sure < below for _, sure in pairs]
        return cls(sum(bad), sum(doubted), sum(map(min, bad, doubted)))

    @property
    def precision(self) -> float:
        """Share of the doubted frames that are bad; 1 if none is doubted."""
        return self.both / self.doubted if self.doubted else 1.0

    @property
    def recall(self) -> float:
        """Share of the bad frames that are doubted; 1 if none is bad."""
        return self.both / self.bad if self.bad else 1.0


def track_clip(tracker: Tracker, truth: Truth, prompts: Sequence[Prompt]) -> TrackRun:
    """Track through the clip that the tracker has open.

    Args:
        tracker: opened on the clip.
        truth: (H, W) bool, the true mask of each frame.
        prompts: of one object; the first one's frame does not count.
    """
    size = Size(truth[0].shape[1], truth[0].shape[0])
    asked, began = {_FIRST: tuple(prompts)}, time.perf_counter()
    steps = [
        (step.frame, step.segmentation)
        for step in tracker.track(asked, FrameRange(0, len(truth)), lambda *_: None)
        if step.anchor is None
    ]
    seconds = (time.perf_counter() - began) / len(truth)
    counted = [(frame, found) for frame, found in steps if frame != prompts[0].frame]
    return TrackRun(
        tuple(prompts),
        {frame: region_similarity(mask_inside(it, size), truth[frame]) for frame, it in counted},
        {frame: it.confidence for frame, it in counted},
        seconds,
    )


def track_corrected(tracker: Tracker, truth: Truth, run: TrackRun) -> TrackRun | None:
    """Track again with a box on the worst frame that shows the object; None if none does."""
    boxes = {frame: bounding_box(truth[frame]) for frame in run.scores}
    shown = {frame: box for frame, box in boxes.items() if box is not None}
    if not shown:
        return None
    worst = min(shown, key=lambda frame: run.scores[frame])
    x0, y0, x1, y1 = map(float, shown[worst])
    return track_clip(tracker, truth, [*run.prompts, BoxPrompt(worst, (x0, y0, x1, y1))])


def measure_gains(before: TrackRun, after: TrackRun) -> tuple[float, float]:
    """Measure the change of mean J on the corrected frames, before and after the prompt."""
    at = after.prompts[-1].frame
    anchors = sorted(prompt.frame for prompt in after.prompts)
    governed = [frame for frame in before.scores if governing_frame(anchors, frame) == at]
    sides = ([f for f in governed if f < at], [f for f in governed if f > at])
    changes = [[after.scores[f] - before.scores[f] for f in side] for side in sides]
    earlier, later = (float(np.mean(side)) if side else 0.0 for side in changes)
    return earlier, later
