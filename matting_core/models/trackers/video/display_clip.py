"""Clips as display pixels, each frame converted on request."""

from __future__ import annotations

from matting_core.lru import LruCache
from matting_core.media.color import to_display
from matting_core.media.source import FrameSource
from matting_core.types import Frame8, Size


class DisplayClip:
    """Clip as display pixels; the last few frames are kept.

    Args:
        source: the clip.
        keep: how many.
    """

    def __init__(self, source: FrameSource, keep: int = 2) -> None:
        self._source = source
        self._kept: LruCache[int, Frame8] = LruCache(keep)

    @property
    def size(self) -> Size:
        """Width and height of every frame."""
        return self._source.size

    def __len__(self) -> int:
        return len(self._source)

    def rgb(self, index: int) -> Frame8:
        """Frame `index`, (H, W, 3) uint8 sRGB."""
        kept = self._kept.get(index)
        if kept is not None:
            return kept
        return self._kept.put(index, to_display(self._source.read(index), self._source.transfer))
