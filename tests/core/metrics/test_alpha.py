from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given

from matting_core.errors import InputError
from matting_core.metrics.alpha import (
    absolute_error,
    mad_compute,
    mean_absolute_difference,
    mse_compute,
    sad_compute,
    squared_error,
)
from matting_core.metrics.tally import Tally, tally
from tests.core.metrics.strategies import alphas, masks

PRED = np.array([[0.0, 0.5], [1.0, 0.25]], np.float32)
TRUTH = np.array([[0.0, 0.0], [0.0, 0.5]], np.float32)
BAND = np.array([[False, True], [False, True]])


def sum_absolute(pred, truth, band=None) -> Tally:
    return tally(absolute_error(pred, truth), band)


def sum_squared(pred, truth, band=None) -> Tally:
    return tally(squared_error(pred, truth), band)


def test_by_hand() -> None:
    assert mad_compute(sum_absolute(PRED, TRUTH)) == pytest.approx(1000 * 1.75 / 4)
    assert mse_compute(sum_squared(PRED, TRUTH)) == pytest.approx(1000 * (0.25 + 1 + 0.0625) / 4)
    assert sad_compute(sum_absolute(PRED, TRUTH)) == pytest.approx(1.75 / 1000)


def test_by_hand_in_a_band() -> None:
    assert mad_compute(sum_absolute(PRED, TRUTH, BAND)) == pytest.approx(1000 * 0.75 / 2)
    assert mse_compute(sum_squared(PRED, TRUTH, BAND)) == pytest.approx(1000 * 0.3125 / 2)
    assert sad_compute(sum_absolute(PRED, TRUTH, BAND)) == pytest.approx(0.75 / 1000)


@given(alphas(), alphas(), masks())
def test_against_exact_sums(pred, truth, band) -> None:
    inside = [
        (float(p) - float(t)) for p, t, b in zip(pred.flat, truth.flat, band.flat, strict=True) if b
    ]
    absolute, squared = math.fsum(map(abs, inside)), math.fsum(d * d for d in inside)
    assert sad_compute(sum_absolute(pred, truth, band)) == pytest.approx(absolute / 1000)
    if inside:
        assert mad_compute(sum_absolute(pred, truth, band)) == pytest.approx(
            1000 * absolute / len(inside)
        )
        assert mse_compute(sum_squared(pred, truth, band)) == pytest.approx(
            1000 * squared / len(inside)
        )


@given(alphas(), alphas())
def test_same_is_zero_and_order_does_not_matter(pred, truth) -> None:
    for update, compute in (
        (sum_absolute, mad_compute),
        (sum_squared, mse_compute),
        (sum_absolute, sad_compute),
    ):
        assert compute(update(pred, pred)) == 0
        assert compute(update(pred, truth)) == compute(update(truth, pred))


@given(alphas(), alphas())
def test_states_pool_like_one_tall_picture(one, other) -> None:
    zeros = np.zeros_like(one)
    pooled = mad_compute(sum_absolute(one, zeros) + sum_absolute(other, zeros))
    tall = mad_compute(sum_absolute(np.vstack([one, other]), np.vstack([zeros, zeros])))
    assert pooled == pytest.approx(tall)


def test_an_empty_band_has_no_mean() -> None:
    assert math.isnan(mad_compute(sum_absolute(PRED, TRUTH, np.zeros_like(BAND))))
    assert sad_compute(sum_absolute(PRED, TRUTH, np.zeros_like(BAND))) == 0


def test_sizes_are_not_broadcast() -> None:
    with pytest.raises(InputError, match="one size"):
        sum_absolute(PRED, TRUTH[:1])
    with pytest.raises(InputError, match="one size"):
        sum_absolute(PRED[..., None], TRUTH[..., None])


def test_mean_absolute_difference_by_hand() -> None:
    predicted = np.array([[0.0, 0.5], [1.0, 0.25]], np.float32)
    truth = np.array([[0.0, 0.0], [0.0, 0.5]], np.float32)
    assert mean_absolute_difference(predicted, truth) == pytest.approx(1000 * 1.75 / 4)
    assert mean_absolute_difference(truth, predicted) == pytest.approx(1000 * 1.75 / 4)
    assert mean_absolute_difference(truth, truth) == 0.0


def test_mean_absolute_difference_is_summed_in_double_precision() -> None:
    plane = np.full((3000, 3000), 0.1, np.float32)
    wanted = 1000 * float(np.float32(0.1))
    assert mean_absolute_difference(plane, np.zeros_like(plane)) == pytest.approx(wanted, rel=1e-9)
