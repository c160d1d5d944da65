"""Cases: a picture or clip with its truth and its prompt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from matting_core.document.prompts import BoxPrompt, Prompt
from matting_core.errors import InputError
from matting_core.media.source import FrameSource
from matting_core.metrics.names import Metric
from matting_core.types import Frame8, FramePixels, Plane, Size, Transfer
from matting_core.windows import bounding_box

OPAQUE = 0.5
"""A box around the truth usually frames what is at least this opaque."""

_FAINT = 0.05


@dataclass(frozen=True, slots=True)
class Case:
    """Case that is matted and compared.

    Attributes:
        name: unique in its set, fit for a file name.
        source: the frames.
        prompt: the only one, on frame 0.
        truth: gives a frame's alpha, (H, W) float32 in [0, 1].
        trimap: (H, W) float32 of 0, 0.5 and 1, given to the heads; its 0.5 is the band in which
            the measures count once more.
    """

    name: str
    source: FrameSource
    prompt: Prompt
    truth: Callable[[int], Plane]
    trimap: Plane | None = None


@dataclass(frozen=True, slots=True)
class CaseSet:
    """Set of cases.

    Attributes:
        name: what it is asked for by.
        title: what the tables are headed with.
        metrics: what is measured.
        frames: of all its cases together.
        still: every case is one picture.
        cases: goes through the cases, opening and closing each.
    """

    name: str
    title: str
    metrics: tuple[Metric, ...]
    frames: int
    still: bool
    cases: Callable[[], Iterator[Case]]


class PictureSource:
    """Picture in memory as a clip of one frame (see `FrameSource`).

    Args:
        name: stands for its path.
        rgb: (H, W, 3) uint8 sRGB.
    """

    def __init__(self, name: str, rgb: Frame8) -> None:
        self._name = name
        self._rgb = rgb

    @property
    def path(self) -> str:
        """See `FrameSource.path`; no file is there."""
        return self._name

    @property
    def size(self) -> Size:
        """See `FrameSource.size`."""
        return Size(self._rgb.shape[1], self._rgb.shape[0])

    @property
    def rate(self) -> Fraction:
        """See `FrameSource.rate`."""
        return Fraction(24)

    @property
    def first_number(self) -> int:
        """See `FrameSource.first_number`."""
        return 0

    @property
    def transfer(self) -> Transfer:
        """See `FrameSource.transfer`."""
        return "srgb"

    @property
    def fingerprint(self) -> str:
        """See `FrameSource.fingerprint`."""
        return self._name

    def __len__(self) -> int:
        return 1

    def read(self, index: int) -> FramePixels:
        """See `FrameSource.read`."""
        if index:
            raise InputError(f"{self._name} is one picture; there is no frame {index}.")
        return self._rgb

    def time(self, index: int) -> Fraction:
        """See `FrameSource.time`."""
        return index / self.rate

    def close(self) -> None:
        """See `FrameSource.close`."""


def make_still_case(
    name: str, rgb: Frame8, truth: Plane, level: float = OPAQUE, trimap: Plane | None = None
) -> Case:
    """Make a case of a picture, prompted with the box around its truth's pixels above `level`.

    Raises:
        InputError: the truth is empty, or sizes differ.
    """
    for what, plane in (("alpha", truth), ("trimap", trimap)):
        if plane is not None and plane.shape != rgb.shape[:2]:
            raise InputError(
                f"The {what} of {name} is {plane.shape[1]} x {plane.shape[0]}, but the picture is "
                f"{rgb.shape[1]} x {rgb.shape[0]}; use one of the picture's size."
            )
    box = make_box_prompt(name, truth, level)
    return Case(name, PictureSource(name, rgb), box, lambda _: truth, trimap)


def make_box_prompt(name: str, truth: Plane, level: float) -> BoxPrompt:
    """Make a box around the pixels above `level`, or above 0.05 where none is.

    Raises:
        InputError: nothing is.
    """
    found = bounding_box(np.asarray(truth > level)) or bounding_box(np.asarray(truth > _FAINT))
    if found is None:
        raise InputError(f"The true alpha of {name} is empty; leave that case out.")
    return BoxPrompt(0, (float(found.x0), float(found.y0), float(found.x1), float(found.y1)))
