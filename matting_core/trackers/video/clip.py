"""A clip's frames as display pixels, each made when it is asked for."""

from __future__ import annotations

from collections import OrderedDict

from matting_core.media.color import to_display
from matting_core.media.source import FrameSource
from matting_core.types import Frame8, Size

_KEPT = 2


class Clip:
    """A source's frames as display pixels, read once; the last few are kept.

    Args:
        source: the clip.
    """

    def __init__(self, source: FrameSource) -> None:
        self._source = source
        self._kept: OrderedDict[int, Frame8] = OrderedDict()

    @property
    def size(self) -> Size:
        """Width and height of every frame."""
        return self._source.size

    def __len__(self) -> int:
        return len(self._source)

    def rgb(self, index: int) -> Frame8:
        """Frame `index`, (H, W, 3) uint8 sRGB."""
        if index not in self._kept:
            self._kept[index] = to_display(self._source.read(index), self._source.transfer)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return self._kept[index]
