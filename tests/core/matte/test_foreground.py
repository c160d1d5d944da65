"""Foreground colours: the object's, without a trace of what was behind it."""

import numpy as np
import pytest

from matting_core.matte.foreground import estimate_foreground
from tests.tables import table

RED, GREEN = np.array([220.0, 30, 20]), np.array([20.0, 200, 40])


@pytest.fixture
def mixed():
    """A red object that fades out over a green background, and its alpha."""
    alpha = np.tile(np.clip((50 - np.arange(96)) / 20, 0, 1), (64, 1)).astype(np.float32)
    alpha[:8] = 0
    picture = alpha[..., None] * RED + (1 - alpha[..., None]) * GREEN
    return np.rint(picture).astype(np.uint8), alpha


def test_the_background_is_taken_out_of_soft_edges(mixed):
    rgb, alpha = mixed
    soft = (alpha > 0.2) & (alpha < 0.8)
    error = np.abs(estimate_foreground(rgb, alpha)[soft] - RED).mean()
    assert error < np.abs(rgb[soft] - RED).mean() / 4


def test_inside_and_far_away_it_is_the_picture(mixed):
    rgb, alpha = mixed
    before = rgb.copy()
    colours = estimate_foreground(rgb, alpha)
    assert np.array_equal(colours[alpha == 1], rgb[alpha == 1])
    assert np.array_equal(colours[:, -10:], rgb[:, -10:])
    assert np.array_equal(rgb, before)


@table("value", [0, 1])
def test_without_edges_it_is_the_picture(mixed, value):
    rgb, alpha = mixed
    assert np.array_equal(estimate_foreground(rgb, np.full_like(alpha, value)), rgb)
