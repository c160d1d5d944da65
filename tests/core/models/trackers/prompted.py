"""A tracker and the prompts that a test asks it with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matting_core.document.prompts import Prompt
from matting_core.models.trackers.base import Features, MaskLookup, Tracker
from matting_core.types import FrameRange, ObjectId, Segmentation
from matting_core.windows import Window


@dataclass
class PromptedTracker:
    tracker: Tracker
    prompts: Mapping[ObjectId, Sequence[Prompt]]

    def open(self, source) -> None:
        self.tracker.open(source)

    def segment(self, frame: int, object_id: ObjectId) -> Segmentation:
        return self.tracker.segment(frame, tuple(self.prompts.get(object_id, ())))

    def track(self, object_ids: Sequence[ObjectId], frames: FrameRange, known: MaskLookup):
        asked = {each: tuple(self.prompts.get(each, ())) for each in object_ids}
        return self.tracker.track(asked, frames, known)

    def features(self, frame: int, window: Window, side: int) -> Features | None:
        return self.tracker.features(frame, window, side)
