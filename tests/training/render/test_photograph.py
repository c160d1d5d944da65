"""What a camera does: to everything alike, within range, and the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest

from matting_core.training.render.layer import layer_from_straight
from matting_core.training.render.photograph import (
    add_noise,
    cast_shadow,
    compress,
    darken_corners,
    harmonise,
    measure_grain,
    measure_sharpness,
    relight,
    take_photograph,
)
from tests.tables import table
from tests.training.pairs import a_photograph, disc

ALPHA = disc().astype(np.float32)
PICTURE = (a_photograph(3) / 255).astype(np.float32)
GREY = np.full_like(PICTURE, 0.5)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@table("seed", range(12))
def test_photographs_are_in_range_and_repeatable(seed: int) -> None:
    photo, alpha = take_photograph(PICTURE, ALPHA, rng(seed))
    again, alpha_again = take_photograph(PICTURE, ALPHA, rng(seed))
    assert photo.dtype == np.uint8
    assert photo.shape == PICTURE.shape
    assert alpha.dtype == np.float32
    assert 0 <= alpha.min() < alpha.max() <= 1
    assert np.array_equal(photo, again)
    assert np.array_equal(alpha, alpha_again)


def test_the_alpha_changes_little() -> None:
    for seed in range(20):
        _, alpha = take_photograph(PICTURE, ALPHA, rng(seed))
        assert np.abs(alpha - ALPHA).mean() < 0.02


def test_inputs_are_left_alone() -> None:
    before, alpha_before = PICTURE.copy(), ALPHA.copy()
    for seed in range(10):
        take_photograph(PICTURE, ALPHA, rng(seed))
        harmonise(layer_from_straight(PICTURE, ALPHA), GREY, rng(seed))
        cast_shadow(layer_from_straight(PICTURE, ALPHA), GREY, rng(seed))
    assert np.array_equal(PICTURE, before)
    assert np.array_equal(ALPHA, alpha_before)
    assert (GREY == 0.5).all()


@table("effect", [relight, darken_corners, add_noise])
def test_effects_stay_in_range_and_do_something(effect: object) -> None:
    assert callable(effect)
    for seed in range(10):
        changed = effect(PICTURE, rng(seed))
        assert changed.dtype == np.float32
        assert changed.min() >= 0
        assert changed.max() <= 1
        assert np.abs(changed - PICTURE).mean() > 1e-4


def test_relighting_keeps_the_order_of_greys() -> None:
    ramp = np.repeat(np.linspace(0, 1, 200, dtype=np.float32)[None, :, None], 3, 2)
    for seed in range(10):
        assert (np.diff(relight(ramp, rng(seed)).mean(2)[0]) >= -1e-6).all()


def test_compression_loses_little() -> None:
    photo = a_photograph(3)
    stored = compress(photo, rng())
    assert stored.shape == photo.shape
    assert 0 < np.abs(stored.astype(int) - photo).mean() < 12


def test_harmonised_colours_come_nearer_to_the_background() -> None:
    red = layer_from_straight(np.full_like(PICTURE, 0.2) + np.float32([0.7, 0, 0]), ALPHA)
    inside = ALPHA > 0.9
    far = np.abs(red.premultiplied[inside] - GREY[inside]).mean()
    for seed in range(5):
        near = np.abs(harmonise(red, GREY, rng(seed)).premultiplied[inside] - 0.5).mean()
        alike = harmonise(red, GREY, rng(seed), similar=True)
        nearest = np.abs(alike.premultiplied[inside] - 0.5).mean()
        assert nearest < near < far


def test_a_harmonised_layer_is_still_a_layer() -> None:
    for seed in range(10):
        layer = harmonise(layer_from_straight(PICTURE, ALPHA), GREY, rng(seed))
        assert layer.premultiplied.dtype == np.float32
        assert layer.premultiplied.min() >= 0
        assert (layer.premultiplied <= layer.alpha[..., None] + 1e-5).all()


def test_an_empty_layer_stays_empty() -> None:
    empty = layer_from_straight(PICTURE, np.zeros_like(ALPHA))
    assert harmonise(empty, GREY, rng()).premultiplied.max() == 0
    assert np.allclose(cast_shadow(empty, GREY, rng()), 0.5)


def test_a_shadow_only_darkens() -> None:
    for seed in range(5):
        dark = cast_shadow(layer_from_straight(PICTURE, ALPHA), GREY, rng(seed))
        assert dark.max() <= 0.5
        assert dark.min() < 0.499


def test_grain_is_measured() -> None:
    noise = rng().standard_normal((80, 80, 3)).astype(np.float32) * 0.02
    assert measure_grain(noise + 0.5) == pytest.approx(0.02, rel=0.1)
    assert measure_grain(noise, np.zeros((80, 80), bool)) == 0


def test_noise_is_sharper_than_a_ramp() -> None:
    noise = rng().random((80, 80, 3)).astype(np.float32)
    assert measure_sharpness(noise) > 0.5 > measure_sharpness(PICTURE)
    assert measure_sharpness(noise, np.zeros((80, 80), bool)) == 0
