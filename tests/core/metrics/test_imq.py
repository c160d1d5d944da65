from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hn
from scipy.optimize import linear_sum_assignment

from matting_core.metrics.connectivity import connectivity_error
from matting_core.metrics.gradient import gradient_error
from matting_core.metrics.imq import ImqState, best_assignment, imq_compute, imq_update
from tests.core.metrics.strategies import alphas


def _matte(*columns: int, width: int = 10, value: float = 1.0) -> np.ndarray:
    matte = np.zeros((4, width), np.float32)
    matte[:, columns] = value
    return matte


@given(
    hn.arrays(
        np.float64, hn.array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.floats(0, 1)
    )
)
def test_assignment_is_as_good_as_scipy_s(gains) -> None:
    pairs = best_assignment(gains)
    rows, columns = zip(*pairs, strict=True)
    assert len(pairs) == min(gains.shape) == len(set(rows)) == len(set(columns))
    best = gains[linear_sum_assignment(gains, maximize=True)].sum()
    assert gains[rows, columns].sum() == pytest.approx(best)


def _matchings(gains: np.ndarray) -> list[list[tuple[int, int]]]:
    """Every one-to-one matching with the largest sum, by trying them all."""
    rows, columns = gains.shape
    if rows > columns:
        return [[(i, j) for j, i in pairs] for pairs in _matchings(gains.T)]
    tried = [list(enumerate(picked)) for picked in permutations(range(columns), rows)]
    sums = [sum(gains[at] for at in pairs) for pairs in tried]
    return [pairs for pairs, total in zip(tried, sums, strict=True) if total > max(sums) - 1e-12]


def _references(preds: list[np.ndarray], truths: list[np.ndarray]) -> list[list[float]]:
    """InstMatt's evaluation on stacks, for every matching that is best.

    Without the 1 that it adds to pixel counts, and with our tie-break.
    """
    preds = [pred for pred in preds if (pred >= 0.5 / 255).any()]
    truths = [truth for truth in truths if (truth >= 0.5 / 255).any()]
    if not preds or not truths:
        return [[0.0] * 4]
    p, t = np.stack(preds)[:, None] >= 0.5 / 255, np.stack(truths)[None] >= 0.5 / 255
    overlaps = (p & t).sum((2, 3)) / (p | t).sum((2, 3))
    soft = abs(np.stack(preds)[:, None].astype(np.float64) - np.stack(truths)[None])
    apart = (soft * (p | t)).sum((2, 3)) / (p | t).sum((2, 3))
    results = []
    for pairs in _matchings(overlaps - 1e-6 * apart):
        hits = [(i, j) for i, j in pairs if overlaps[i, j] >= 0.5]
        totals = np.zeros(4)
        for i, j in hits:
            maps = (
                soft[i, j],
                soft[i, j] ** 2,
                gradient_error(preds[i], truths[j]),
                connectivity_error(preds[i], truths[j]),
            )
            totals += [1 - min(10 * np.mean(each[p[i, 0] | t[0, j]]), 1) for each in maps]
        missed = len(preds) + len(truths) - 2 * len(hits)
        results.append(list(100 * totals / (len(hits) + 0.5 * missed)))
    return results


@given(st.lists(alphas(), max_size=3), st.lists(alphas(), max_size=3))
def test_against_the_published_procedure(preds, truths) -> None:
    found = imq_compute(imq_update(preds, truths))
    if found is not None:
        wanted = _references(preds, truths)
        assert any(found == pytest.approx(each, abs=1e-6) for each in wanted)


def test_the_right_mattes_in_any_order_are_perfect() -> None:
    one, two, three = _matte(0, 1), _matte(4, 5), _matte(8)
    assert imq_compute(imq_update([three, one, two], [one, two, three])) == (100,) * 4


def test_an_error_by_hand() -> None:
    """Four opaque columns and one of 0.5 for 1: mean error 0.1 of 5 columns, so S = 0 by MAD.

    Squared it is 0.05, so S = 0.5.
    """
    truth = _matte(0, 1, 2, 3, 4)
    pred = truth.copy()
    pred[:, 4] = 0.5
    mad, mse, *_ = imq_compute(imq_update([pred], [truth]))
    assert (mad, mse) == pytest.approx((0, 50), abs=1e-9)


def test_misses_and_false_alarms_count_half() -> None:
    one, far = _matte(0, 1), _matte(8)
    state = imq_update([one], [one, far])
    assert (state.matched, state.missed) == (1, 1)
    assert imq_compute(state) == pytest.approx((100 / 1.5,) * 4)
    assert imq_compute(imq_update([one, far], [one])) == pytest.approx((100 / 1.5,) * 4)
    assert imq_compute(imq_update([one], [far])) == (0,) * 4


def test_half_an_overlap_is_enough_and_less_is_not() -> None:
    truth = _matte(0, 1)
    assert imq_update([_matte(0)], [truth]).matched == 1
    assert imq_update([_matte(0, 3)], [truth]).matched == 0


def test_a_matte_that_cannot_be_seen_is_absent() -> None:
    faint, one = _matte(3, value=0.001), _matte(0)
    assert imq_update([faint, one], [one]) == imq_update([one], [one])
    assert imq_compute(imq_update([faint], [faint])) is None


def test_mattes_of_one_outline_are_told_apart_in_any_order() -> None:
    faint, strong = _matte(2, 3, value=0.25), _matte(2, 3)
    for truths in ([faint, strong], [strong, faint]):
        assert imq_compute(imq_update([faint, strong], truths)) == (100,) * 4
        state = imq_update([_matte(2, 3, value=0.3)], truths)
        assert state.similarity[0] == pytest.approx(0.5)


def test_states_add_up() -> None:
    one, far = _matte(0), _matte(8)
    total = imq_update([one], [one]) + imq_update([one], [far])
    assert imq_compute(total) == pytest.approx((50,) * 4)
    assert total + ImqState() == total
