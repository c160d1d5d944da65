from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hn

from matting_core.metrics.basic import mean_absolute_difference, region_similarity

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
