"""Tracker with SAM 3."""

from __future__ import annotations

from matting_core.models.trackers.base import Features
from matting_core.models.trackers.sam3.network import Sam3Network, normalise_frame
from matting_core.models.trackers.sam3.view import Sam3Memory, Sam3View
from matting_core.models.trackers.video.display_clip import DisplayClip
from matting_core.models.trackers.video.passes import Passes
from matting_core.models.trackers.video.tracker import PassTracker
from matting_core.windows import Window, cut_out


class Sam3(PassTracker[Sam3Memory]):
    """Tracker with SAM 3's video tracker, from its detector's answer where a text is given.

    Args:
        still: answers prompted frames and gives features.
        moving: tracks; the same network, possibly at a smaller side.
    """

    def __init__(self, still: Sam3Network, moving: Sam3Network) -> None:
        super().__init__()
        self._still = still
        self._moving = moving
        self._view: Sam3View | None = None

    def features(self, frame: int, window: Window, side: int) -> Features | None:
        """See `Tracker.features`; there are some only at the network's own side.

        They have 2/7, 1/7 and 1/14 as many cells a side as the picture has pixels.
        """
        if side != self._still.side:
            return None
        clip, view = self._require_clip().clip, self._view
        if view is not None and window.is_whole(clip.size):
            return view.features(frame)
        return self._still.compute_features(
            normalise_frame(cut_out(clip.rgb(frame), window, side), side)
        )

    def close(self) -> None:
        """See `Tracker.close`."""
        super().close()
        self._view = None

    def _begin(self, clip: DisplayClip) -> Passes[Sam3Memory]:
        self._view = still = Sam3View(self._still, clip)
        moving = still if self._moving is self._still else Sam3View(self._moving, clip)
        return Passes(clip, still, moving)
