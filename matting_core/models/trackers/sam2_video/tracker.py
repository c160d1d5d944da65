"""Tracker with SAM 2.1's video network."""

from __future__ import annotations

from matting_core.models.trackers.base import Features
from matting_core.models.trackers.sam2_video.frames import normalise_square
from matting_core.models.trackers.sam2_video.model import VideoModel
from matting_core.models.trackers.sam2_video.view import Sam2Memory, Sam2View
from matting_core.models.trackers.video.display_clip import DisplayClip
from matting_core.models.trackers.video.passes import Passes
from matting_core.models.trackers.video.tracker import PassTracker
from matting_core.windows import Window, cut_out

FULL_SIDE = 1024
FAST_SIDE = 512


class Sam2Video(PassTracker[Sam2Memory]):
    """Tracker with the `sam2` package's video network.

    Args:
        still: answers prompted frames and gives features.
        moving: tracks; the same network, possibly at a smaller side.
    """

    def __init__(self, still: VideoModel, moving: VideoModel) -> None:
        super().__init__()
        self._still = still
        self._moving = moving
        self._view: Sam2View | None = None

    def features(self, frame: int, window: Window, side: int) -> Features | None:
        """See `Tracker.features`; of a whole frame they are those that prompts are answered by."""
        clip, view = self._require_clip().clip, self._view
        if view is not None and side == view.side and window.is_whole(clip.size):
            return view.features(frame)
        return self._still.compute_features(
            normalise_square(cut_out(clip.rgb(frame), window, side))
        )

    def close(self) -> None:
        """See `Tracker.close`."""
        super().close()
        self._view = None

    def _begin(self, clip: DisplayClip) -> Passes[Sam2Memory]:
        self._view = still = Sam2View(self._still, clip)
        moving = still if self._moving is self._still else Sam2View(self._moving, clip)
        return Passes(clip, still, moving)
