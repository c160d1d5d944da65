"""Brush, eraser and Refine Edge brush: drags that lay ink."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from matting_core.document.refine import Mark

SMALLEST, LARGEST = 1.0, 500.0
_STEP = 1.2
_HARDER = 0.1

Paint = Literal["mask", "refine"]
"""What a stroke changes: the mask, or the marks of the Refine Edge brush."""


@dataclass(frozen=True, slots=True)
class Brush:
    """Size, hardness and mark of the brushes.

    Attributes:
        diameter: in image pixels, at full pressure.
        hardness: share of the radius that is covered wholly, [0, 1].
        mark: what the Refine Edge brush says.
    """

    diameter: float = 40.0
    hardness: float = 0.8
    mark: Mark = Mark.UNKNOWN

    def sized(self, diameter: float) -> Brush:
        """The same of another size, within the limits; whole pixels."""
        return replace(self, diameter=min(max(float(round(diameter)), SMALLEST), LARGEST))

    def larger(self) -> Brush:
        """One step larger."""
        return self.sized(max(self.diameter * _STEP, self.diameter + 1))

    def smaller(self) -> Brush:
        """One step smaller."""
        return self.sized(min(self.diameter / _STEP, self.diameter - 1))

    def harder(self, steps: int) -> Brush:
        """So many steps harder, or softer."""
        hardness = round(self.hardness + steps * _HARDER, 2)
        return replace(self, hardness=min(max(hardness, 0.0), 1.0))

    def next_mark(self) -> Brush:
        """With the next thing that the Refine Edge brush can say."""
        marks = (Mark.UNKNOWN, Mark.SOLID, Mark.CLEAR)
        return replace(self, mark=marks[(marks.index(self.mark) + 1) % len(marks)])


class Dab(NamedTuple):
    """Place of a stroke, in image pixels."""

    x: float
    y: float
    radius: float

    def distance(self, other: Dab) -> float:
        """Between the centres."""
        return math.dist(self[:2], other[:2])
