from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given

from matting_core.errors import InputError
from matting_core.metrics.alpha import (
    mad_compute,
    mad_update,
    mse_compute,
    mse_update,
    sad_compute,
    sad_update,
)
from tests.core.metrics.strategies import alphas, masks

PRED = np.array([[0.0, 0.5], [1.0, 0.25]], np.float32)
TRUTH = np.array([[0.0, 0.0], [0.0, 0.5]], np.float32)
BAND = np.array([[False, True], [False, True]])


def test_by_hand() -> None:
    assert mad_compute(mad_update(PRED, TRUTH)) == pytest.approx(1000 * 1.75 / 4)
    assert mse_compute(mse_update(PRED, TRUTH)) == pytest.approx(1000 * (0.25 + 1 + 0.0625) / 4)
    assert sad_compute(sad_update(PRED, TRUTH)) == pytest.approx(1.75 / 1000)


def test_by_hand_in_a_band() -> None:
    assert mad_compute(mad_update(PRED, TRUTH, BAND)) == pytest.approx(1000 * 0.75 / 2)
    assert mse_compute(mse_update(PRED, TRUTH, BAND)) == pytest.approx(1000 * 0.3125 / 2)
    assert sad_compute(sad_update(PRED, TRUTH, BAND)) == pytest.approx(0.75 / 1000)


@given(alphas(), alphas(), masks())
def test_against_exact_sums(pred, truth, band) -> None:
    inside = [
        (float(p) - float(t)) for p, t, b in zip(pred.flat, truth.flat, band.flat, strict=True) if b
    ]
    absolute, squared = math.fsum(map(abs, inside)), math.fsum(d * d for d in inside)
    assert sad_compute(sad_update(pred, truth, band)) == pytest.approx(absolute / 1000)
    if inside:
        assert mad_compute(mad_update(pred, truth, band)) == pytest.approx(
            1000 * absolute / len(inside)
        )
        assert mse_compute(mse_update(pred, truth, band)) == pytest.approx(
            1000 * squared / len(inside)
        )


@given(alphas(), alphas())
def test_same_is_zero_and_order_does_not_matter(pred, truth) -> None:
    for update, compute in (
        (mad_update, mad_compute),
        (mse_update, mse_compute),
        (sad_update, sad_compute),
    ):
        assert compute(update(pred, pred)) == 0
        assert compute(update(pred, truth)) == compute(update(truth, pred))


@given(alphas(), alphas())
def test_states_pool_like_one_tall_picture(one, other) -> None:
    zeros = np.zeros_like(one)
    pooled = mad_compute(mad_update(one, zeros) + mad_update(other, zeros))
    tall = mad_compute(mad_update(np.vstack([one, other]), np.vstack([zeros, zeros])))
    assert pooled == pytest.approx(tall)


def test_an_empty_band_has_no_mean() -> None:
    assert math.isnan(mad_compute(mad_update(PRED, TRUTH, np.zeros_like(BAND))))
    assert sad_compute(sad_update(PRED, TRUTH, np.zeros_like(BAND))) == 0


def test_sizes_are_not_broadcast() -> None:
    with pytest.raises(InputError, match="one size"):
        mad_update(PRED, TRUTH[:1])
    with pytest.raises(InputError, match="one size"):
        mad_update(PRED[..., None], TRUTH[..., None])
