"""Scales of the finishing parameters: positions of a slider, and numbers; no widgets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from matting_core.document.finishing import LIMITS, Parameter

STEPS = 1000
"""Positions of a slider, from 0 on."""
Course = Literal["even", "ratio", "square", "cube"]


@dataclass(frozen=True, slots=True)
class ParameterScale:
    """Scale of one parameter's slider, and how its number is written.

    Attributes:
        parameter: which.
        course: equal differences, equal ratios, or finer and finer towards 0.
        decimals: of the number.
        step: of the number's arrows.
    """

    parameter: Parameter
    course: Course
    decimals: int
    step: float

    def value(self, position: int) -> float:
        """The parameter's value at a slider's position.

        >>> SCALES[Parameter.GROW].value(500), SCALES[Parameter.GAMMA].value(500)
        (0.0, 1.0)
        """
        limits, part = LIMITS[self.parameter], position / STEPS
        if self.course == "ratio":
            value = float(limits.least * (limits.most / limits.least) ** part)
        else:
            unit = part if limits.least >= 0 else 2 * part - 1
            value = float(abs(unit) ** self._power * limits.most * (1 if unit >= 0 else -1))
        return round(value, self.decimals)

    def position(self, value: float) -> int:
        """The slider's nearest position to a value.

        >>> SCALES[Parameter.GROW].position(0.5)
        550
        """
        limits = LIMITS[self.parameter]
        if self.course == "ratio":
            part = math.log(value / limits.least) / math.log(limits.most / limits.least)
        else:
            unit = math.copysign((abs(value) / limits.most) ** (1 / self._power), value)
            part = unit if limits.least >= 0 else (unit + 1) / 2
        return round(part * STEPS)

    @property
    def _power(self) -> int:
        return {"even": 1, "square": 2, "cube": 3, "ratio": 1}[self.course]


SCALES: Mapping[Parameter, ParameterScale] = {
    scale.parameter: scale
    for scale in (
        ParameterScale(Parameter.BLACK, "even", 3, 0.01),
        ParameterScale(Parameter.WHITE, "even", 3, 0.01),
        ParameterScale(Parameter.GAMMA, "ratio", 2, 0.05),
        ParameterScale(Parameter.DOTS, "cube", 0, 10),
        ParameterScale(Parameter.HOLES, "cube", 0, 10),
        ParameterScale(Parameter.GROW, "square", 2, 0.1),
        ParameterScale(Parameter.FEATHER, "square", 1, 0.1),
    )
}
