"""The foreground colours of the pictures on screen."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

from matting_core.matte.foreground import foreground_colours
from matting_core.types import Frame8, Plane

_KEPT = 2


class Foregrounds:
    """Estimates them when asked to, and keeps the last ones. Used on one lane."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Frame8] = OrderedDict()

    def kept(self, name: Hashable) -> Frame8 | None:
        """What was estimated under a name, if it is still there."""
        return self._kept.get(name)

    def estimated(self, name: Hashable, rgb: Frame8, alpha: Plane) -> Frame8:
        """The colours of a frame's objects; takes up to a second when they are new."""
        if name not in self._kept:
            self._kept[name] = foreground_colours(rgb, alpha)
        self._kept.move_to_end(name)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return self._kept[name]

    def clear(self) -> None:
        """Forget all."""
        self._kept.clear()
