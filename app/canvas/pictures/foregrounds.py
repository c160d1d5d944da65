"""The foreground colours of the pictures on screen."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.shell.jobs import Work
from matting_core.jobs import CancelToken
from matting_core.matte.foreground import estimate_foreground, warm_up
from matting_core.types import Frame8, Plane

_KEPT = 2


@dataclass(frozen=True, slots=True, eq=False)
class ColourMixture:
    """Picture in which the object's colours are to be told from the background's.

    Attributes:
        name: what the estimate is kept under.
        rgb: (h, w, 3) uint8 sRGB.
        alpha: (h, w) float32 in [0, 1].
    """

    name: Hashable
    rgb: Frame8
    alpha: Plane


def estimate_foregrounds(mixtures: Sequence[ColourMixture]) -> Work:
    """Estimate the foregrounds of pictures; delivers them by name when all are there."""

    def work(token: CancelToken) -> Iterator[object]:
        found: dict[Hashable, Frame8] = {}
        for each in mixtures:
            token.check()
            found[each.name] = estimate_foreground(each.rgb, each.alpha)
        yield found

    return work


def warm_up_solver(_token: CancelToken) -> Iterator[object]:
    """Load what the first estimate would wait seconds for."""
    warm_up()
    yield None


class Foregrounds:
    """Last estimates of foreground colours. Used on one lane."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Frame8] = OrderedDict()

    def kept(self, name: Hashable) -> Frame8 | None:
        """What was estimated under a name, if it is still there."""
        return self._kept.get(name)

    def keep(self, found: Mapping[Hashable, Frame8]) -> None:
        """Keep estimates in the place of the oldest."""
        for name, colours in found.items():
            self._kept[name] = colours
            self._kept.move_to_end(name)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget all."""
        self._kept.clear()
