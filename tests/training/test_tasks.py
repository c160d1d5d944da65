"""Tasks: the true classes, losses of both networks, and what an ablation leaves out."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from matting_core.models.heads.sam2matting.model import SAM2MattingHeads
from matting_core.models.heads.wisp.network import WispNet
from matting_core.training.config import LossWeights
from matting_core.training.examples import Batch
from matting_core.training.tasks import (
    PublishedTask,
    WispTask,
    make_matting_task,
    mask_alpha,
    trimap_truth,
)
from tests.training.pools import CPU, SIDE, a_config, an_example

HALF = SIDE // 2
WISP_TERMS = {"trimap", "alpha", "gradient", "confidence", "consistency", "smoothness"}
TASKS = [WispTask(LossWeights()), PublishedTask(LossWeights())]


@pytest.fixture
def batch() -> Batch:
    return Batch.stack([an_example(0), an_example(1)], CPU)


@pytest.fixture(autouse=True)
def seeded(steady) -> None:
    torch.manual_seed(0)


def backward(task, batch: Batch):
    """A fresh network after one backward pass, and its terms."""
    net = task.build().train()
    terms = task.losses(net, batch)
    torch.stack(list(terms.values())).sum().backward()
    return net, terms


def test_true_classes_by_hand() -> None:
    alpha = torch.zeros(1, 1, 32, 32)
    alpha[..., 16:] = 1
    # hard step between columns 15 and 16: nothing is unknown
    assert trimap_truth(alpha, 8)[0].tolist() == [[0] * 4 + [2] * 4] * 8
    # one soft pixel at (9, 17) reaches two pixels on: columns 15 to 19, rows 7 to 11
    alpha[0, 0, 9, 17] = 0.5
    found = trimap_truth(alpha, 8)
    assert found.dtype == torch.int64
    assert found[0, 0].tolist() == [0] * 4 + [2] * 4
    for row in (1, 2):
        assert found[0, row].tolist() == [0, 0, 0, 1, 1, 2, 2, 2]
    assert found[0, 3].tolist() == [0] * 4 + [2] * 4


def test_nearly_clear_and_nearly_solid_are_settled() -> None:
    alpha = torch.full((1, 1, 16, 16), 0.01)
    alpha[..., 8:] = 0.99
    assert trimap_truth(alpha, 4)[0].tolist() == [[0, 0, 2, 2]] * 4


def test_the_mask_as_alpha_is_sure_of_itself(batch: Batch) -> None:
    found = mask_alpha(batch)
    assert found.shape == (2, 1, HALF, HALF)
    truth = torch.nn.functional.avg_pool2d(batch.alpha, 2)
    assert (found - truth).abs().mean() < 0.06
    assert (found[truth == 1] > 0.5).float().mean() > 0.99


@pytest.mark.parametrize("task", TASKS)
def test_losses_are_finite_scalars_and_reach_every_parameter(task, batch: Batch) -> None:
    net, terms = backward(task, batch)
    for term in terms.values():
        assert term.shape == ()
        assert torch.isfinite(term)
        assert term > 0
    for name, parameter in net.named_parameters():
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name
        assert parameter.grad.any() or name.endswith(".bias"), name


@pytest.mark.parametrize("task", TASKS)
def test_alpha_is_half_the_inputs_size_and_in_range(task, batch: Batch) -> None:
    net = task.build().eval()
    with torch.no_grad():
        found = task.alpha(net, batch)
    assert found.shape == (2, 1, HALF, HALF)
    assert found.dtype == torch.float32
    assert 0 <= found.min() < found.max() <= 1


@pytest.mark.parametrize("task", TASKS)
def test_half_precision_gives_nearly_the_same_losses(task, batch: Batch) -> None:
    net = task.build().train()
    with torch.no_grad():
        full = task.losses(net, batch)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            half = task.losses(net, batch)
    assert full.keys() == half.keys()
    for name, value in full.items():
        assert half[name].dtype == torch.float32
        assert float(half[name]) == pytest.approx(float(value), rel=0.1, abs=0.02)


def test_the_terms_are_those_asked_for(batch: Batch) -> None:
    terms = backward(WispTask(LossWeights()), batch)[1]
    assert set(terms) == WISP_TERMS
    for name in ("consistency", "smoothness"):
        found = backward(WispTask(LossWeights(**{name: 0.0})), batch)[1]
        assert set(found) == WISP_TERMS - {name}
    assert set(backward(TASKS[1], batch)[1]) == {"roi", "alpha", "consistency"}


@pytest.mark.parametrize("name", ["trimap", "alpha", "gradient", "confidence"])
def test_a_weight_of_0_leaves_a_loss_out(batch: Batch, name: str) -> None:
    _, terms = backward(WispTask(LossWeights(**{name: 0.0})), batch)
    assert float(terms[name].detach()) == 0


def test_what_is_left_out_still_has_gradients_of_0(batch: Batch) -> None:
    # processes that train together wait for a gradient of every parameter
    only = dict.fromkeys((field.name for field in dataclasses.fields(LossWeights)), 0.0)
    net, _ = backward(WispTask(LossWeights(**only)), batch)
    for name, parameter in net.named_parameters():
        assert parameter.grad is not None, name
        assert not parameter.grad.any(), name


def test_weights_scale_their_terms(batch: Batch) -> None:
    one = backward(WispTask(LossWeights()), batch)[1]
    torch.manual_seed(0)
    twice = backward(WispTask(LossWeights(gradient=1.0, consistency=0.2)), batch)[1]
    for name, value in one.items():
        factor = 2 if name in ("gradient", "consistency") else 1
        assert float(twice[name].detach()) == pytest.approx(
            factor * float(value.detach()), rel=1e-5
        )


def test_without_progression_the_coarse_alphas_are_not_trained(batch: Batch) -> None:
    net, _ = backward(WispTask(LossWeights(), progressive=False), batch)
    assert not net.progressive
    for part in (net.alpha8, net.alpha4):
        assert not any(parameter.grad.any() for parameter in part.parameters())
    assert all(parameter.grad.any() for parameter in net.alpha2[-1].parameters())
    net, _ = backward(WispTask(LossWeights()), batch)
    assert all(parameter.grad.any() for parameter in net.alpha8.parameters())


def test_the_configuration_chooses_the_task(tmp_path) -> None:
    config = a_config(tmp_path)
    assert isinstance(make_matting_task(config).build(), WispNet)
    assert make_matting_task(config).build().progressive
    plain = dataclasses.replace(config, progressive=False)
    assert not make_matting_task(plain).build().progressive
    published = dataclasses.replace(config, head="sam2matting")
    assert isinstance(make_matting_task(published).build(), SAM2MattingHeads)
