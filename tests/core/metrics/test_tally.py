from __future__ import annotations

import math

import numpy as np
import pytest

from matting_core.errors import InputError
from matting_core.metrics.tally import Tally, tally


def test_tallies_add_up() -> None:
    assert Tally(1.5, 2) + Tally(0.5, 6) == Tally(2.0, 8)
    assert (Tally(1.5, 2) + Tally(0.5, 6)).mean == 0.25


def test_nothing_has_no_mean() -> None:
    assert math.isnan(Tally(0.0, 0).mean)


def test_a_band_of_another_size_is_refused() -> None:
    with pytest.raises(InputError, match="3 x 2 and 2 x 3"):
        tally(np.zeros((2, 3)), np.zeros((3, 2), bool))
