from __future__ import annotations

import math

import numpy as np
import pytest

from matting_core.matte.growing import grow
from tests.tables import table

SIDE = 161
Y, X = np.mgrid[:SIDE, :SIDE].astype(np.float64) - SIDE // 2
_erf = np.vectorize(math.erf)


def an_edge(angle: float, sigma: float):
    """A soft edge through the middle, and each pixel's distance from it."""
    along = X * math.cos(angle) + Y * math.sin(angle)
    return (0.5 - 0.5 * _erf(along / (sigma * math.sqrt(2)))).astype(np.float32), along


def crossing(alpha, along, value: float) -> float:
    """Where the mean profile crosses a value; profile over bins of a quarter pixel."""
    near = np.hypot(X, Y) < 60
    bins = np.rint(along[near] * 4).astype(int)
    bins -= bins.min()
    counts = np.bincount(bins)
    filled = counts > 0
    places = (np.bincount(bins, along[near])[filled]) / counts[filled]
    profile = (np.bincount(bins, alpha[near])[filled]) / counts[filled]
    return float(np.interp(-value, -profile, places))


@table("sigma", [0.5, 1.0, 3.0])
@table("angle", [0.0, 0.5, math.pi / 4, 1.2])
@table("radius", [0.3, 1.0, 4.6, 25.0, -0.5, -7.2])
def test_the_edge_moves_by_the_radius_to_a_tenth_of_a_pixel(sigma, angle, radius) -> None:
    alpha, along = an_edge(angle, sigma)
    moved = crossing(grow(alpha, radius), along, 0.5) - crossing(alpha, along, 0.5)
    assert moved == pytest.approx(radius, abs=0.1)


@table("sigma", [1.0, 2.0, 4.0])
@table("angle", [0.0, 0.5, math.pi / 4])
@table("radius", [0.5, 4.6, -7.2])
def test_the_edge_stays_as_soft_as_it_was(sigma, angle, radius) -> None:
    alpha, along = an_edge(angle, sigma)
    result = grow(alpha, radius)
    width = crossing(alpha, along, 0.1) - crossing(alpha, along, 0.9)
    assert crossing(result, along, 0.1) - crossing(result, along, 0.9) == pytest.approx(
        width, rel=0.08
    )


def test_what_is_thinner_than_the_radius_becomes_solid() -> None:
    alpha = np.zeros((61, 61), np.float32)
    alpha[30:32, 10:50] = 1
    result = grow(alpha, 8)
    assert result[24:38, 15:45].min() == 1
    assert result[:20].max() == result[42:].max() == 0


def test_growing_only_adds_and_shrinking_only_takes() -> None:
    alpha = np.random.default_rng(0).random((40, 50), np.float32)
    assert (grow(alpha, 2.5) >= alpha).all()
    assert (grow(alpha, -2.5) <= alpha + 1e-6).all()
    assert grow(alpha, 2.5).max() <= 1
    assert grow(alpha, -2.5).min() >= 0


def test_an_object_at_the_border_does_not_shrink_away_from_it() -> None:
    alpha = np.zeros((40, 40), np.float32)
    alpha[:, :20] = 1
    result = grow(alpha, -5)
    assert result[:, :14].min() == 1
    assert result[:, 16:].max() == 0


@table("value", [0.0, 0.3, 0.5, 1.0])
@table("radius", [3.0, -3.0])
def test_without_an_edge_nothing_moves(value, radius) -> None:
    alpha = np.full((20, 30), value, np.float32)
    assert np.allclose(grow(alpha, radius), alpha)


def test_the_matte_that_is_given_stays_untouched() -> None:
    alpha, _ = an_edge(0.3, 2)
    before = alpha.copy()
    for radius in (0.0, 3.5, -3.5):
        grow(alpha, radius)
    assert np.array_equal(alpha, before)
    assert grow(alpha, 0) is alpha
