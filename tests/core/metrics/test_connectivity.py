from __future__ import annotations

from collections import deque

import numpy as np
import pytest
from hypothesis import given
from scipy import ndimage

from matting_core.metrics.connectivity import conn_compute, connectivity_error
from matting_core.metrics.tally import tally
from tests.core.metrics.strategies import alphas, blobs, masks


def _flood(mask: np.ndarray) -> set[tuple[int, int]]:
    """The largest 4-connected set, the first in reading order among equals."""
    left, best = set(zip(*map(list, np.nonzero(mask)), strict=True)), set()
    for start in sorted(left):
        if start not in left:
            continue
        left.discard(start)
        found, queue = {start}, deque([start])
        while queue:
            y, x = queue.popleft()
            for near in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
                if near in left:
                    left.discard(near)
                    found.add(near)
                    queue.append(near)
        best = found if len(found) > len(best) else best
    return best


def _reference(pred: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Pixel by pixel over the ten sets."""
    pred, truth = pred.astype(np.float64), truth.astype(np.float64)
    sets = [_flood((pred >= t / 10) & (truth >= t / 10)) for t in range(1, 11)]
    errors = np.zeros(pred.shape)
    for at in np.ndindex(pred.shape):
        level = next((t for t in range(10) if at not in sets[t]), 10) / 10
        phi = [1 - (a[at] - level) * (a[at] - level >= 0.15) for a in (pred, truth)]
        errors[at] = abs(phi[0] - phi[1])
    return errors


@given(alphas(), alphas(), masks())
def test_against_flood_fill(pred, truth, band) -> None:
    wanted = _reference(pred, truth)
    np.testing.assert_allclose(connectivity_error(pred, truth), wanted, atol=1e-12)
    inside = conn_compute(tally(connectivity_error(pred, truth), band))
    assert inside == pytest.approx(wanted[band].sum() / 1000, abs=1e-12)


def test_against_scipy_labels_on_soft_shapes() -> None:
    pred, truth = (blobs(seed).astype(np.float64) for seed in (3, 4))
    level = np.full(pred.shape, -1.0)
    for t in range(1, 11):
        labels, count = ndimage.label(np.minimum(pred, truth) >= t / 10)
        sizes = ndimage.sum_labels(np.ones(pred.shape), labels, range(1, count + 1))
        source = labels == 1 + np.argmax(sizes) if count else np.zeros(pred.shape, bool)
        level[(level < 0) & ~source] = (t - 1) / 10
    level[level < 0] = 1
    parts = [np.where(alpha - level >= 0.15, alpha - level, 0) for alpha in (pred, truth)]
    wanted = np.abs(parts[0] - parts[1]).sum() / 1000
    assert wanted > 0
    assert conn_compute(tally(connectivity_error(pred, truth))) == pytest.approx(wanted)


def test_an_island_by_hand() -> None:
    """The island is cut off at every level: l = 0, so its whole difference counts."""
    truth = np.array([[1, 1, 1, 0, 0]], np.float32)
    pred = np.array([[1, 1, 1, 0, 0.4]], np.float32)
    assert conn_compute(tally(connectivity_error(pred, truth))) == pytest.approx(0.4 / 1000)


def test_a_small_difference_is_forgiven_by_hand() -> None:
    """Below theta = 0.15 above the level nothing counts: 1 against 0.95, and 0.14 against 0."""
    truth = np.array([[1, 1, 1, 0, 0]], np.float32)
    pred = np.array([[1, 1, 0.95, 0, 0.14]], np.float32)
    assert conn_compute(tally(connectivity_error(pred, truth))) == 0


def test_corners_do_not_connect_by_hand() -> None:
    """The third pixel touches the pair by a corner only; in the truth it is gone."""
    pred = np.array([[1, 1, 0], [0, 0, 1]], np.float32)
    truth = np.array([[1, 1, 0], [0, 0, 0.5]], np.float32)
    assert conn_compute(tally(connectivity_error(pred, truth))) == pytest.approx(0.5 / 1000)


@given(alphas(), alphas())
def test_same_is_zero_and_order_does_not_matter(pred, truth) -> None:
    assert conn_compute(tally(connectivity_error(pred, pred))) == 0
    assert conn_compute(tally(connectivity_error(pred, truth))) == conn_compute(
        tally(connectivity_error(truth, pred))
    )
