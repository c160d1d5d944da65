from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from scipy import ndimage

from matting_core.metrics.gradient import grad_compute, gradient_error
from matting_core.metrics.tally import tally
from tests.core.metrics.strategies import alphas, blobs, masks


def _kernel() -> np.ndarray:
    """The benchmark's kernel, entry by entry: 9 x 9, its energy 1."""
    sigma, half = 1.4, 4
    kernel = np.array(
        [
            [math.exp(-(u * u + v * v) / (2 * sigma * sigma)) * v for v in range(-half, half + 1)]
            for u in range(-half, half + 1)
        ]
    )
    return kernel / math.sqrt((kernel**2).sum())


def _reference(pred: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Full two-dimensional convolutions instead of two passes."""
    kernel = _kernel()

    def magnitude(alpha: np.ndarray) -> np.ndarray:
        doubles = alpha.astype(np.float64)
        across = ndimage.convolve(doubles, kernel, mode="nearest")
        down = ndimage.convolve(doubles, kernel.T, mode="nearest")
        return np.sqrt(across**2 + down**2)

    return (magnitude(pred) - magnitude(truth)) ** 2


@given(alphas(), alphas(), masks())
def test_against_two_dimensional_convolution(pred, truth, band) -> None:
    wanted = _reference(pred, truth)
    assert grad_compute(tally(gradient_error(pred, truth))) == pytest.approx(
        wanted.sum() / 1000, abs=1e-12
    )
    inside = grad_compute(tally(gradient_error(pred, truth), band))
    assert inside == pytest.approx(wanted[band].sum() / 1000, abs=1e-12)


def test_against_two_dimensional_convolution_on_soft_shapes() -> None:
    pred, truth = blobs(1), blobs(2)
    np.testing.assert_allclose(gradient_error(pred, truth), _reference(pred, truth), atol=1e-12)


def test_an_impulse_by_hand() -> None:
    """One pixel's gradients are the kernel itself, so across and down have energy 1 each."""
    pred = np.zeros((21, 21), np.float32)
    pred[10, 10] = 1
    assert grad_compute(tally(gradient_error(pred, np.zeros_like(pred)))) == pytest.approx(2 / 1000)


def test_a_straight_edge_by_hand() -> None:
    """Each row adds the squares of the kernel's running sums."""
    pred = np.zeros((5, 40), np.float32)
    pred[:, 20:] = 1
    steps = np.cumsum(_kernel().sum(axis=0))
    wanted = 5 * (steps**2).sum() / 1000
    assert grad_compute(tally(gradient_error(pred, np.zeros_like(pred)))) == pytest.approx(wanted)


def test_replicated_edges_have_no_gradient() -> None:
    ones, zeros = np.ones((7, 9), np.float32), np.zeros((7, 9), np.float32)
    assert grad_compute(tally(gradient_error(ones, zeros))) == pytest.approx(0, abs=1e-20)


@given(alphas())
def test_same_is_zero(alpha) -> None:
    assert grad_compute(tally(gradient_error(alpha, alpha))) == 0
