"""Guide masks: the decoder's answer, and each damage to it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from matting_core.training.guides import Damage, guide_logits
from tests.tables import table
from tests.training.pools import StubModel, blob

SIDE = 256
NONE = Damage(**dict.fromkeys((field.name for field in dataclasses.fields(Damage)), 0.0))
ALL = Damage(**dict.fromkeys((field.name for field in dataclasses.fields(Damage)), 1.0))
DAMAGES = [field.name for field in dataclasses.fields(Damage)]


@pytest.fixture(scope="module")
def alpha() -> np.ndarray:
    return blob(SIDE, 1)


@pytest.fixture
def model() -> StubModel:
    return StubModel(SIDE)


def ask(model: StubModel, alpha: np.ndarray, damage: Damage, seed: int = 0) -> np.ndarray:
    grey = np.rint(alpha * 255).astype(np.uint8)
    encoded = model.encode(np.repeat(grey[..., None], 3, 2))
    return guide_logits(model, encoded, alpha, np.random.default_rng(seed), damage)


def cells(alpha: np.ndarray) -> np.ndarray:
    return alpha.reshape(SIDE // 4, 4, SIDE // 4, 4).mean((1, 3))


def test_without_damage_it_is_the_decoders_answer_within_limits(model, alpha) -> None:
    found = ask(model, alpha, NONE)
    assert found.shape == (SIDE // 4, SIDE // 4)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, np.clip(40 * cells(alpha) - 20, -12, 12), atol=0.1)


@table("name", DAMAGES)
def test_every_damage_changes_the_mask(model, alpha, name: str) -> None:
    good = ask(model, alpha, NONE)
    for seed in range(6):
        found = ask(model, alpha, dataclasses.replace(NONE, **{name: 1.0}), seed)
        assert found.shape == good.shape
        assert found.dtype == np.float32
        assert np.isfinite(found).all()
        assert np.abs(found).max() <= 12
        assert not np.array_equal(found, good)


def test_damages_do_what_they_are_called(model, alpha) -> None:
    good = ask(model, alpha, NONE) > 0

    def damaged(name: str, seed: int) -> np.ndarray:
        return ask(model, alpha, dataclasses.replace(NONE, **{name: 1.0}), seed) > 0

    assert np.array_equal(damaged("inverted", 0), ~good)
    for seed in range(4):
        part, more = damaged("part", seed), damaged("neighbour", seed)
        assert 0.2 * good.sum() < part.sum() < good.sum()
        assert not (part & ~good).any()
        assert (more & good).sum() == good.sum()
        assert good.sum() < more.sum() < 1.6 * good.sum() + 1
        for name in ("shifted", "coarse", "bitten"):
            found = damaged(name, seed)
            both, either = (found & good).sum(), (found | good).sum()
            assert both > 0.35 * either


def test_all_damage_at_once_stays_finite_and_within_limits(model, alpha) -> None:
    for seed in range(10):
        found = ask(model, alpha, ALL, seed)
        assert np.isfinite(found).all()
        assert np.abs(found).max() <= 12


@table("damage", [NONE, Damage(), ALL])
def test_the_seed_decides(model, alpha, damage: Damage) -> None:
    for seed in range(4):
        again = ask(StubModel(SIDE), alpha, damage, seed)
        assert np.array_equal(ask(model, alpha, damage, seed), again)
    if damage is ALL:
        assert not np.array_equal(ask(model, alpha, ALL, 0), ask(model, alpha, ALL, 1))


def test_the_decoder_is_asked_with_a_box_around_the_subject_and_sometimes_a_click(alpha) -> None:
    model = StubModel(SIDE)
    for seed in range(40):
        ask(model, alpha, NONE, seed)
    ys, xs = np.nonzero(alpha > 0.5)
    close = 0.1 * SIDE
    for hints in model.asked:
        x0, y0, x1, y1 = hints.box
        assert 0 <= x0 < x1 <= SIDE
        assert 0 <= y0 < y1 <= SIDE
        assert abs(x0 - xs.min()) < close > abs(y0 - ys.min())
        assert abs(x1 - xs.max()) < close > abs(y1 - ys.max())
        for (x, y), label in hints.points:
            assert label == 1
            assert alpha[int(y), int(x)] > 0.5
    assert 3 < sum(bool(hints.points) for hints in model.asked) < 20


def test_a_faint_subject_is_asked_for_where_it_is_least_faint() -> None:
    faint = 0.04 * blob(SIDE, 1)
    model = StubModel(SIDE)
    found = ask(model, faint, ALL)
    assert np.isfinite(found).all()
    x0, _, x1, _ = model.asked[0].box
    assert x1 - x0 < SIDE / 2 + 20


def test_an_empty_alpha_is_refused(model) -> None:
    with pytest.raises(ValueError, match="alpha is empty"):
        ask(model, np.zeros((SIDE, SIDE), np.float32), NONE)
