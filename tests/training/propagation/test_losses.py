"""The losses against cases worked by hand."""

from __future__ import annotations

import math

import pytest
import torch

from matting_core.training.propagation.losses import (
    belief_loss,
    outline_loss,
    region_iou,
    soft_iou_loss,
)


def block(first: int, last: int, side: int = 16) -> torch.Tensor:
    plane = torch.zeros(1, 1, side, side)
    plane[..., first:last, first:last] = 1
    return plane


def certain(mask: torch.Tensor) -> torch.Tensor:
    return 40 * (mask - 0.5)


def test_the_truth_costs_next_to_nothing() -> None:
    truth = block(4, 12)
    assert float(outline_loss(certain(truth), truth)) < 1e-6
    assert float(soft_iou_loss(certain(truth), truth)) < 1e-5
    assert float(soft_iou_loss(certain(block(0, 0)), block(0, 0))) == pytest.approx(0, abs=1e-5)


def test_an_undecided_answer_costs_what_it_should() -> None:
    truth = block(4, 12)
    # the outline's band is two cells wide on either side: 12 x 12 without 4 x 4
    band = 144 - 16
    wanted = 0.35 * math.log(2) * (256 + 3 * band) / 256 / math.sqrt(64 / 256)
    assert float(outline_loss(torch.zeros_like(truth), truth)) == pytest.approx(wanted, rel=1e-5)
    half = soft_iou_loss(torch.zeros_like(truth), truth)
    assert float(half) == pytest.approx(1 - (32 + 8) / (64 + 96 + 8), rel=1e-5)


def test_region_iou_counts_cells() -> None:
    assert float(region_iou(certain(block(4, 12)), block(4, 12))) == 1
    assert float(region_iou(certain(block(4, 8)), block(4, 12))) == pytest.approx(16 / 64)
    assert float(region_iou(certain(block(0, 0)), block(0, 0))) == 1
    assert float(region_iou(certain(block(0, 0)), block(1, 3))) == 0


def test_a_belief_is_judged_by_the_mask_it_is_about_and_by_nothing_else() -> None:
    truth, logits = block(4, 12), certain(block(4, 8)).requires_grad_()
    belief = torch.tensor([[math.log(1 / 3), -40.0]], requires_grad=True)
    loss = belief_loss(belief, logits, truth)
    # J is a quarter, which is what is expected, and not above a half
    entropy = -(0.25 * math.log(0.25) + 0.75 * math.log(0.75))
    assert float(loss.detach()) == pytest.approx(entropy, rel=1e-5)
    loss.backward()
    assert logits.grad is None
    assert float(belief.grad.abs().max()) < 1e-6
