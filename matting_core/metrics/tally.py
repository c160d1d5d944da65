"""Tally: a sum over pixels and their number, the state of most measures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matting_core.errors import InputError

Alpha = npt.NDArray[np.floating[Any]]
"""(H, W) float32 or float64 in [0, 1]."""

ErrorMap = npt.NDArray[np.float64]
"""(H, W) float64, what each pixel adds to a measure."""

Mask = npt.NDArray[np.bool_]
"""(H, W) bool."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Tally of a measure over pixels; tallies of one measure add up.

    Attributes:
        total: the sum.
        count: how many pixels were summed.
    """

    total: float
    count: int

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.total + other.total, self.count + other.count)

    @property
    def mean(self) -> float:
        """Total over count; NaN without pixels."""
        return self.total / self.count if self.count else math.nan


def tally(errors: ErrorMap, band: Mask | None = None) -> Tally:
    """Sum (H, W) errors over the whole picture or inside an (H, W) band.

    Raises:
        InputError: the band has another size.

    >>> tally(np.array([[1.0, 2.0]]), np.array([[False, True]]))
    Tally(total=2.0, count=1)
    """
    if band is None:
        return Tally(float(errors.sum()), errors.size)
    check_same_size(errors, band)
    return Tally(float(errors[band].sum()), int(np.count_nonzero(band)))


def as_doubles(pred: Alpha, truth: Alpha) -> tuple[ErrorMap, ErrorMap]:
    """Return both alphas in float64.

    Raises:
        InputError: they are no planes of one size.
    """
    check_same_size(pred, truth)
    return pred.astype(np.float64), truth.astype(np.float64)


def check_same_size(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> None:
    """Refuse what numpy would broadcast.

    Raises:
        InputError: the arrays are no planes of one size.
    """
    if one.ndim != 2 or one.shape != other.shape:
        raise InputError(
            f"Only pictures of one size can be compared, not {_size(one)} and {_size(other)}."
        )


def _size(pixels: npt.NDArray[Any]) -> str:
    return " x ".join(str(side) for side in pixels.shape[::-1])
