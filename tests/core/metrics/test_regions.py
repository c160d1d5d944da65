from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hn
from scipy import ndimage

from matting_core.metrics.regions import (
    BoundaryCounts,
    f_compute,
    f_update,
    j_compute,
    j_update,
    region_similarity,
    threshold_alpha,
)
from tests.core.metrics.strategies import blobs, masks
from tests.tables import table


def _edges(mask: np.ndarray) -> np.ndarray:
    """DAVIS' boundary, neighbour by neighbour."""
    height, width = mask.shape
    return np.array(
        [
            [
                any(
                    mask[y, x] != mask[min(y + dy, height - 1), min(x + dx, width - 1)]
                    for dy, dx in ((0, 1), (1, 0), (1, 1))
                )
                for x in range(width)
            ]
            for y in range(height)
        ],
        bool,
    )


def _reference_f(pred: np.ndarray, truth: np.ndarray, band: np.ndarray) -> float:
    """Boundaries dilated by a drawn disc."""
    radius = math.ceil(0.008 * math.sqrt(pred.shape[0] ** 2 + pred.shape[1] ** 2))
    y, x = np.ogrid[-radius : radius + 1, -radius : radius + 1]
    disc = x * x + y * y <= radius * radius
    one, other = _edges(pred), _edges(truth)
    near_one, near_other = (ndimage.binary_dilation(edge, disc) for edge in (one, other))
    one, other = one & band, other & band
    if not one.any() or not other.any():
        return float(one.any() == other.any())
    precision, recall = near_other[one].mean(), near_one[other].mean()
    return (
        0.0
        if precision + recall == 0
        else 2 / (1 / precision + 1 / recall)
        if (precision * recall)
        else 0.0
    )


@given(masks(), masks(), masks())
def test_f_against_a_drawn_disc(pred, truth, band) -> None:
    everywhere = np.ones_like(band)
    found = f_compute(f_update(pred, truth))
    assert found == pytest.approx(_reference_f(pred, truth, everywhere))
    found = f_compute(f_update(pred, truth, band))
    assert found == pytest.approx(_reference_f(pred, truth, band))


@table("hw", [(60, 80), (300, 420)])
def test_f_against_a_drawn_disc_on_shapes(hw) -> None:
    pred, truth = blobs(5, hw) > 0.5, blobs(6, hw) > 0.5
    wanted = _reference_f(pred, truth, np.ones(hw, bool))
    assert 0 < wanted < 1
    assert f_compute(f_update(pred, truth)) == pytest.approx(wanted)


def test_f_by_hand() -> None:
    """A half plane moved by as much as the tolerance, and by one pixel more."""
    truth = np.zeros((100, 200), bool)  # diagonal 223.6: the tolerance is 2 pixels
    truth[:, 100:] = True
    assert f_compute(f_update(np.roll(truth, -2, axis=1) & (np.arange(200) < 150), truth)) < 1
    moved = [np.broadcast_to(np.arange(200) >= 100 + by, (100, 200)) for by in (2, 3)]
    assert f_compute(f_update(moved[0], truth)) == 1
    assert f_compute(f_update(moved[1], truth)) == 0


def test_f_of_nothing_by_hand() -> None:
    empty, full = np.zeros((10, 10), bool), np.ones((10, 10), bool)
    some = np.zeros((10, 10), bool)
    some[4:6, 4:6] = True
    assert f_compute(f_update(empty, empty)) == 1
    assert f_compute(f_update(empty, full)) == 1  # neither has a boundary
    assert f_compute(f_update(empty, some)) == 0
    assert f_compute(f_update(some, empty)) == 0


def test_boundary_counts_add_up() -> None:
    total = BoundaryCounts(1, 2, 3, 4) + BoundaryCounts(10, 20, 30, 40)
    assert total == BoundaryCounts(11, 22, 33, 44)


@given(masks(), masks())
def test_same_is_one_and_order_does_not_matter(pred, truth) -> None:
    assert j_compute(j_update(pred, pred)) == f_compute(f_update(pred, pred)) == 1
    assert j_compute(j_update(pred, truth)) == j_compute(j_update(truth, pred))
    assert f_compute(f_update(pred, truth)) == pytest.approx(f_compute(f_update(truth, pred)))


@given(masks(), masks(), masks())
def test_j_in_a_band_is_that_of_the_masks_inside(pred, truth, band) -> None:
    assert j_compute(j_update(pred, truth, band)) == region_similarity(pred & band, truth & band)


def test_more_than_half_is_inside() -> None:
    assert threshold_alpha(np.array([[0.5, np.nextafter(0.5, 1), 0.4, 1.0]])).tolist() == [
        [False, True, False, True]
    ]


_MASKS = st.tuples(hn.arrays(bool, (5, 7)), hn.arrays(bool, (5, 7)))


@given(_MASKS)
def test_region_similarity_is_that_of_sets(masks) -> None:
    one, other = (set(zip(*np.nonzero(mask), strict=True)) for mask in masks)
    wanted = len(one & other) / len(one | other) if one | other else 1.0
    assert region_similarity(*masks) == wanted


def test_region_similarity_by_hand() -> None:
    predicted = np.array([[1, 1, 1, 0]], bool)
    truth = np.array([[0, 1, 1, 1]], bool)
    assert region_similarity(predicted, truth) == 0.5
    assert region_similarity(predicted, ~predicted) == 0.0
    assert region_similarity(predicted, predicted) == 1.0
    assert region_similarity(np.zeros((2, 2), bool), np.zeros((2, 2), bool)) == 1.0
