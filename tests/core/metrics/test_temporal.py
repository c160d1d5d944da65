from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given

from matting_core.errors import InputError
from matting_core.metrics.tally import tally
from matting_core.metrics.temporal import AlphaPair, dtssd_compute, temporal_error
from tests.core.metrics.strategies import alphas, masks


def test_by_hand() -> None:
    before = AlphaPair(np.array([[0.0, 0.5]]), np.array([[0.0, 0.0]]))
    now = AlphaPair(np.array([[0.5, 0.5]]), np.array([[0.25, 1.0]]))
    wanted = 100 * math.sqrt((0.25**2 + 1.0**2) / 2)
    assert dtssd_compute(tally(temporal_error(before, now))) == pytest.approx(wanted)
    right = np.array([[False, True]])
    assert dtssd_compute(tally(temporal_error(before, now), right)) == pytest.approx(100)


@given(alphas(), alphas(), alphas(), alphas(), masks())
def test_against_the_norm_of_the_error_s_change(p0, p1, g0, g1, band) -> None:
    change = (p1.astype(np.longdouble) - g1) - (p0.astype(np.longdouble) - g0)
    wanted = 100 * np.linalg.norm(change.astype(np.float64)) / math.sqrt(change.size)
    found = dtssd_compute(tally(temporal_error(AlphaPair(p0, g0), AlphaPair(p1, g1))))
    assert found == pytest.approx(wanted, abs=1e-9)
    if band.any():
        inside = change[band].astype(np.float64)
        wanted = 100 * np.linalg.norm(inside) / math.sqrt(inside.size)
        found = dtssd_compute(tally(temporal_error(AlphaPair(p0, g0), AlphaPair(p1, g1)), band))
        assert found == pytest.approx(wanted, abs=1e-9)


@given(alphas(), alphas())
def test_a_steady_error_does_not_flicker(one, other) -> None:
    half = np.full_like(one, 0.5)
    assert dtssd_compute(tally(temporal_error(AlphaPair(one, other), AlphaPair(one, other)))) == 0
    moving = tally(temporal_error(AlphaPair(one, one), AlphaPair(half, half)))
    assert dtssd_compute(moving) == 0


def test_frames_of_two_sizes_are_refused() -> None:
    small, large = np.zeros((2, 2)), np.zeros((3, 3))
    with pytest.raises(InputError, match="one size"):
        tally(temporal_error(AlphaPair(small, small), AlphaPair(large, large)))
