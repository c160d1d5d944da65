"""SAM 2.1's video model as a `Tracker`: each pass starts afresh from one prompted frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from matting_core.document.prompts import Prompt
from matting_core.media.source import FrameSource
from matting_core.trackers.asked import Prompted, frozen, prompts_of, prompts_on
from matting_core.trackers.base import Features, Known, TrackedFrame
from matting_core.trackers.sam2_video.frames import standardised
from matting_core.trackers.sam2_video.model import VideoModel
from matting_core.trackers.sam2_video.passes import Passes
from matting_core.types import FrameRange, ObjectId, Segmentation
from matting_core.windows import Window, cut_out

FULL_SIDE = 1024
FAST_SIDE = 512


class Sam2Video:
    """Tracks with the `sam2` package's video network.

    A pass knows only the prompts of its own frame (docs/decisions/0014), whatever other objects and
    prompts there are. Where a pass stopped, its memory is kept, so that going on costs nothing;
    without that, the frames in between are computed once more, but not given out again.

    Args:
        still: answers prompted frames and gives features.
        moving: tracks; the same network, possibly at a smaller side.
    """

    def __init__(self, still: VideoModel, moving: VideoModel) -> None:
        self._still = still
        self._moving = moving
        self._passes: Passes | None = None
        self._prompts: dict[ObjectId, Prompted] = {}

    def open(self, source: FrameSource) -> None:
        """See `Tracker.open`."""
        self._passes = Passes(source, self._still, self._moving)

    def set_prompts(self, prompts: Mapping[ObjectId, Sequence[Prompt]]) -> None:
        """See `Tracker.set_prompts`."""
        self._prompts = frozen(prompts)

    def segment(self, frame: int, object_id: ObjectId) -> Segmentation:
        """See `Tracker.segment`."""
        return self._opened().answer(prompts_on(self._prompts, object_id, frame))

    def track(
        self, object_ids: Sequence[ObjectId], frames: FrameRange, known: Known
    ) -> Iterator[TrackedFrame]:
        """See `Tracker.track`."""
        prompts = prompts_of(self._prompts, object_ids)
        yield from self._opened().run(prompts, frames, known)

    def features(self, frame: int, window: Window, side: int) -> Features | None:
        """See `Tracker.features`; of a whole frame they are those that prompts are answered by."""
        passes = self._opened()
        if side == self._still.side and window.covers(passes.clip.size):
            return passes.still.features(frame)
        return self._still.look(standardised(cut_out(passes.clip.rgb(frame), window, side)))

    def close(self) -> None:
        """See `Tracker.close`."""
        self._passes = None

    def _opened(self) -> Passes:
        if self._passes is None:
            raise RuntimeError("open() comes before segment(), track() and features()")
        return self._passes
