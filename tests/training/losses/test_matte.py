"""Losses of mattes: by hand and against numpy."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from matting_core.training import losses
from tests.tables import table
from tests.training.losses.planes import A, B, plane, random


def test_l1_by_hand() -> None:
    pred, truth = plane([[0.2, 1.0]]), plane([[0.0, 0.5]])
    assert losses.l1_loss(pred, truth).item() == pytest.approx(0.35)
    assert losses.l1_loss(pred, truth, plane([[3.0, 1.0]])).item() == pytest.approx(0.275)


def _numpy_halved(plane: np.ndarray) -> np.ndarray:
    """With (1, 3, 3, 1) / 8, the pixels repeated at the border."""
    rows, columns = plane.shape
    taps = np.array([1, 3, 3, 1]) / 8
    result = np.zeros(((rows + 1) // 2, (columns + 1) // 2))
    for y, x in np.ndindex(result.shape):
        at = np.ix_(
            np.clip(2 * y - 1 + np.arange(4), 0, rows - 1),
            np.clip(2 * x - 1 + np.arange(4), 0, columns - 1),
        )
        result[y, x] = taps @ plane[at] @ taps
    return result


def _numpy_doubled(plane: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    def one_axis(values: np.ndarray, length: int) -> np.ndarray:
        at = (np.arange(length) + 0.5) / 2 - 0.5
        return np.interp(at, np.arange(len(values)), values)

    tall = np.apply_along_axis(one_axis, 0, plane, shape[0])
    return np.apply_along_axis(one_axis, 1, tall, shape[1])


def _numpy_pyramid(plane: np.ndarray, levels: int) -> list[np.ndarray]:
    bands = []
    for _ in range(levels - 1):
        small = _numpy_halved(plane)
        bands.append(plane - _numpy_doubled(small, plane.shape))
        plane = small
    return [*bands, plane]


@table("hw", [(8, 8), (5, 7), (1, 6), (1, 1)])
def test_pyramid_against_numpy(hw) -> None:
    values = random(20, 1, 1, *hw)
    found = losses.laplacian_pyramid(values, 4)
    for band, expected in zip(found, _numpy_pyramid(values[0, 0].numpy(), 4), strict=True):
        np.testing.assert_allclose(band[0, 0].numpy(), expected, atol=1e-12)


def test_pyramid_of_a_flat_plane_is_all_in_the_rest() -> None:
    *bands, rest = losses.laplacian_pyramid(torch.full((1, 1, 9, 12), 0.7))
    assert max(band.abs().max() for band in bands) < 1e-6
    assert torch.allclose(rest, torch.tensor(0.7))


def test_laplacian_loss_against_numpy() -> None:
    expected = 0.0
    for pred, truth in zip(A[:, 0].numpy(), B[:, 0].numpy(), strict=True):
        pairs = zip(_numpy_pyramid(pred, 3), _numpy_pyramid(truth, 3), strict=True)
        expected += sum(2**k * np.abs(p - t).mean() for k, (p, t) in enumerate(pairs)) / 2
    assert losses.laplacian_loss(A, B, 3).item() == pytest.approx(expected)


def test_alpha_loss_weighs_its_scales() -> None:
    truth = torch.ones(1, 1, 8, 8)
    alphas = [torch.ones(1, 1, side, side) for side in (2, 4, 8)]
    for i, factor in enumerate((0.3, 0.6, 1.2)):
        wrong = [alpha - (0.5 if i == j else 0) for j, alpha in enumerate(alphas)]
        # flat: L1 is 0.5, and the pyramid holds all of it in its last level, which counts 2^4
        assert losses.alpha_loss(wrong, truth).item() == pytest.approx(factor * (0.5 + 8))


def test_alpha_loss_averages_the_truth() -> None:
    truth = plane([[0.0, 1.0], [1.0, 0.0]])
    assert losses.alpha_loss([plane([[0.5]])], truth, [1.0]).item() == 0


def test_gradient_loss_by_hand() -> None:
    pred, truth = plane([[0.0, 1.0], [0.0, 0.5]]), plane([[0.0, 0.0], [0.0, 0.0]])
    assert losses.gradient_loss(pred, truth).item() == pytest.approx((1 + 0.5) / 2 + (0 + 0.5) / 2)


def test_gradient_loss_ignores_an_offset_and_a_single_pixel() -> None:
    assert losses.gradient_loss(A + 0.1, A).item() == pytest.approx(0, abs=1e-12)
    assert losses.gradient_loss(plane([[1.0]]), plane([[0.0]])).item() == 0


def test_confidence_learns_the_error_and_leaves_the_matte_alone() -> None:
    pred = plane([[0.2, 1.0]]).requires_grad_()
    confidence = plane([[0.5, 1.0]]).requires_grad_()
    loss = losses.confidence_loss(confidence, pred, plane([[0.4, 1.0]]))
    loss.backward()
    assert loss.item() == pytest.approx(0.3**2 / 2)
    assert pred.grad is None
    assert confidence.grad is not None
    assert confidence.grad.tolist() == [[[[pytest.approx(-0.3), 0]]]]


def test_smoothness_allows_edges_of_the_image() -> None:
    alpha = plane([[0.0, 1.0]])
    flat, edge = torch.zeros(1, 3, 1, 2), torch.zeros(1, 3, 1, 2)
    edge[..., 1] = 0.3
    assert losses.smoothness_loss(alpha, flat).item() == pytest.approx(1)
    assert losses.smoothness_loss(alpha, edge).item() == pytest.approx(math.exp(-3))


def test_smoothness_leaves_the_transition_alone() -> None:
    truth = plane([[0.0, 0.0, 0.5, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0, 1.0]])
    image = torch.zeros(1, 3, 2, 5)
    assert losses.smoothness_loss(truth, image, truth).item() == 0
    assert losses.smoothness_loss(truth, image).item() > 0
