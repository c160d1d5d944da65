"""Damaged masks: near the true one, never the same, always a mask."""

from __future__ import annotations

import numpy as np
import pytest

from matting_core.metrics.regions import region_similarity
from matting_core.training.propagation.rollouts import damage_mask
from tests.training.pairs import disc

MASK = disc((90, 120), 30).astype(np.float32)


def test_damage_is_limited_and_differs() -> None:
    results = [damage_mask(MASK, np.random.default_rng(seed)) for seed in range(20)]
    found = [region_similarity(result > 0.5, MASK > 0.5) for result in results]
    assert max(found) < 0.995
    assert min(found) > 0.3
    assert np.median(found) == pytest.approx(0.85, abs=0.12)
    for result in results:
        assert result.dtype == np.float32
        assert result.min() >= 0
        assert result.max() <= 1


def test_damage_is_drawn_by_the_generator_and_leaves_the_mask_alone() -> None:
    before = MASK.copy()
    one, other = (damage_mask(MASK, np.random.default_rng(4)) for _ in range(2))
    assert np.array_equal(one, other)
    assert np.array_equal(MASK, before)


def test_an_empty_mask_stays_empty() -> None:
    nothing = np.zeros((90, 120), np.float32)
    assert not damage_mask(nothing, np.random.default_rng(1)).any()
