"""Losses of regions: by hand and against numpy."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from matting_core.training import losses
from tests.training.losses.planes import CLASS_LOGITS, CLASSES, LOGITS, A, B, W, plane


def test_roi_is_a_ring_around_what_is_soft() -> None:
    alpha = plane([[0.0, 0.0, 0.0, 0.3, 1.0, 1.0, 1.0]])
    assert losses.roi_truth(alpha, size=3).tolist() == [[[[0, 0, 1, 1, 1, 0, 0]]]]


def test_roi_leaves_out_what_is_soft_far_around() -> None:
    alpha = torch.full((1, 1, 9, 9), 0.3)
    alpha[..., 0, 0] = 0
    roi = losses.roi_truth(alpha, size=3)
    expected = torch.zeros(9, 9)
    expected[:2, :2] = 1
    assert torch.equal(roi[0, 0], expected)


def test_roi_includes_both_limits() -> None:
    alpha = torch.tensor([0.149, 0.15, 0.5, 0.501]).view(4, 1, 1, 1)
    wide = torch.nn.functional.pad(alpha, (1, 1, 1, 1))
    hit = losses.roi_truth(wide, size=3).flatten(1).any(1)
    assert hit.tolist() == [False, True, True, False]


def test_roi_of_a_hard_step_is_empty() -> None:
    assert not losses.roi_truth(plane([[0.0, 0.0, 1.0, 1.0]]), size=3).any()


def test_roi_of_size_one_is_empty() -> None:
    assert not losses.roi_truth(A, size=1).any()


def test_focal_by_hand() -> None:
    logits, target = plane([[0.0, math.log(3)]]), plane([[1.0, 0.0]])
    first = 0.25 * 0.5**2 * math.log(2)
    second = 0.75 * 0.75**2 * math.log(4)
    assert losses.focal(logits, target).item() == pytest.approx((first + second) / 2)


def test_focal_with_gamma_zero_is_half_the_cross_entropy() -> None:
    entropy = torch.nn.functional.binary_cross_entropy_with_logits(LOGITS, B)
    assert losses.focal(LOGITS, B, 0.0, 0.5).item() == pytest.approx(0.5 * entropy.item())


def test_focal_against_numpy() -> None:
    x, t, w = LOGITS.numpy(), B.numpy(), W.numpy()
    p = 1 / (1 + np.exp(-x))
    entropy = -(t * np.log(p) + (1 - t) * np.log(1 - p))
    each = (0.25 * t + 0.75 * (1 - t)) * (t * (1 - p) + (1 - t) * p) ** 2 * entropy
    assert losses.focal(LOGITS, B, weight=W).item() == pytest.approx((w * each).sum() / w.sum())


def test_smooth_l1_by_hand() -> None:
    pred, truth = plane([[0.1, 2.0]]), plane([[0.0, 0.0]])
    assert losses.smooth_l1(pred, truth, 0.5).item() == pytest.approx((0.01 + 1.75) / 2)


def test_roi_loss_is_focal_and_smooth_l1_of_the_probability() -> None:
    logits, truth = plane([[0.0]]), plane([[1.0]])
    by_hand = 0.25 * 0.25 * math.log(2) + 0.5 * 0.5**2
    assert losses.roi_loss(logits, truth).item() == pytest.approx(by_hand)


def test_dice_by_hand() -> None:
    pred, target = plane([[1.0, 0.5, 0.0]]), plane([[1.0, 0.0, 0.0]])
    assert losses.dice(pred, target).item() == pytest.approx(1 - 3 / 3.25)
    assert losses.dice(pred, target, 0.25).item() == pytest.approx(1 - 2.25 / 2.5)


def test_consistency_pulls_hardest_at_a_hole() -> None:
    mask = torch.ones(1, 1, 4, 4)
    alpha = torch.ones(1, 1, 4, 4)
    alpha[..., 1, 1] = 0
    alpha.requires_grad_()
    losses.consistency_loss(alpha, mask).backward()
    assert alpha.grad is not None
    assert alpha.grad[0, 0, 1, 1] < 0
    assert alpha.grad.abs().argmax() == 5


def test_three_classes_by_hand() -> None:
    logits = torch.zeros(1, 3, 1, 2)
    logits[0, 2, 0, 1] = math.log(2)
    target = torch.tensor([[[0, 2]]])
    first, second = (2 / 3) ** 2 * math.log(3), 0.5**2 * math.log(2)
    even = losses.trimap_focal(logits, target)
    assert even.item() == pytest.approx((first + second) / 2)
    skewed = losses.trimap_focal(logits, target, class_weights=(3, 1, 1))
    assert skewed.item() == pytest.approx((3 * first + second) / 4)


def test_three_classes_without_focus_are_cross_entropy() -> None:
    weights = (0.5, 2.0, 1.0)
    expected = torch.nn.functional.cross_entropy(
        CLASS_LOGITS, CLASSES, torch.tensor(weights, dtype=torch.float64)
    )
    found = losses.trimap_focal(CLASS_LOGITS, CLASSES, 0.0, weights)
    assert found.item() == pytest.approx(expected.item())
