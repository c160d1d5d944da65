"""SAM 3 as a `Tracker`."""

from __future__ import annotations

from matting_core.trackers.sam3.network import Sam3Network
from matting_core.trackers.sam3.view import Memory, View
from matting_core.trackers.video.clip import Clip
from matting_core.trackers.video.passes import Passes
from matting_core.trackers.video.tracker import PassTracker


class Sam3(PassTracker[Memory]):
    """Tracks with SAM 3's video tracker, from what its detector finds where a text is given.

    It gives no features: its maps have 288, 144 and 72 cells a side, which are not those that heads
    take.

    Args:
        still: answers prompted frames.
        moving: tracks; the same network, possibly at a smaller side.
    """

    def __init__(self, still: Sam3Network, moving: Sam3Network) -> None:
        super().__init__()
        self._still = still
        self._moving = moving

    def _begin(self, clip: Clip) -> Passes[Memory]:
        still = View(self._still, clip)
        return Passes(
            clip, still, still if self._moving is self._still else View(self._moving, clip)
        )
