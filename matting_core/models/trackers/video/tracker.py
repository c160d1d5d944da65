"""Base of trackers whose passes each start afresh from one prompted frame."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping
from typing import Generic

from matting_core.document.prompts import Prompts
from matting_core.media.source import FrameSource
from matting_core.models.trackers.base import (
    Features,
    MaskLookup,
    TrackedFrame,
    check_prompted,
    require_prompts_on,
)
from matting_core.models.trackers.video.display_clip import DisplayClip
from matting_core.models.trackers.video.passes import Passes
from matting_core.models.trackers.video.protocol import MemoryT
from matting_core.types import FrameRange, ObjectId, Segmentation
from matting_core.windows import Window


class PassTracker(ABC, Generic[MemoryT]):
    """Tracker without a network, which `_begin` of a subclass brings.

    A pass knows only the prompts of its own frame (docs/decisions/0014), whatever other objects and
    prompts there are. Where a pass stopped, its memory is kept, so that going on costs nothing;
    without that, the frames in between are computed once more, but not given out again.
    """

    def __init__(self) -> None:
        self._passes: Passes[MemoryT] | None = None

    def open(self, source: FrameSource) -> None:
        """See `Tracker.open`."""
        self._passes = self._begin(DisplayClip(source))

    def segment(self, frame: int, prompts: Prompts) -> Segmentation:
        """See `Tracker.segment`."""
        return self._require_clip().answer(require_prompts_on(prompts, frame))

    def track(
        self, prompts: Mapping[ObjectId, Prompts], frames: FrameRange, known: MaskLookup
    ) -> Generator[TrackedFrame, None, None]:
        """See `Tracker.track`."""
        check_prompted(prompts)
        yield from self._require_clip().run(prompts, frames, known)

    def features(self, frame: int, window: Window, side: int) -> Features | None:
        """See `Tracker.features`; none, unless the network has such."""
        return None

    def close(self) -> None:
        """See `Tracker.close`."""
        self._passes = None

    @abstractmethod
    def _begin(self, clip: DisplayClip) -> Passes[MemoryT]:
        """The passes over a clip that has just been opened."""

    def _require_clip(self) -> Passes[MemoryT]:
        if self._passes is None:
            raise RuntimeError("open() comes before segment(), track() and features()")
        return self._passes
