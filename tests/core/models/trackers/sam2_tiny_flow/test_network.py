from __future__ import annotations

import pytest
import torch

from matting_core.models.trackers.sam2_tiny_flow.network import (
    CUES,
    MemoryInput,
    NetworkInput,
    PropagationNet,
)

SIDE = 64


@pytest.fixture
def net() -> PropagationNet:
    torch.manual_seed(1)
    return PropagationNet().eval()


@pytest.fixture
def trained(net) -> PropagationNet:
    """Any network that corrects something."""
    torch.nn.init.normal_(net.correction.weight, std=0.1)
    return net


def _planes(seed: int, channels: int, stride: int) -> torch.Tensor:
    draw = torch.Generator().manual_seed(seed)
    return torch.rand(2, channels, SIDE // stride, SIDE // stride, generator=draw)


def _sight() -> NetworkInput:
    shapes = [(32, 4), (64, 8), (256, 16), (3, 4), (CUES, 4)]
    return NetworkInput(*(_planes(seed, *shape) for seed, shape in enumerate(shapes)))


def _page(seed: int) -> MemoryInput:
    return MemoryInput(_planes(seed, 256, 16), _planes(seed + 50, 1, 4))


def test_half_a_million_parameters(net) -> None:
    assert sum(parameter.numel() for parameter in net.parameters()) == 550_796


@torch.inference_mode()
def test_before_training_the_decoders_best_answer_counts_with_a_little_of_flow(net) -> None:
    sight = _sight()
    logits, belief = net(sight, [_page(1)], [_page(2)])
    assert logits.shape == (2, 1, SIDE // 4, SIDE // 4)
    assert belief.shape == (2, 2)
    assert torch.allclose(logits, 4 * sight.cues[:, 4:5] + 2 * (sight.cues[:, :1] - 0.5))


@torch.inference_mode()
def test_the_order_of_what_is_remembered_does_not_matter(trained) -> None:
    sight, pages = _sight(), [_page(2), _page(3), _page(4)]
    there = trained(sight, [_page(1)], pages)
    back = trained(sight, [_page(1)], pages[::-1])
    for one, other in zip(there, back, strict=True):
        assert torch.allclose(one, other, atol=1e-5)


@torch.inference_mode()
@pytest.mark.parametrize("changed", ["anchor", "later"])
def test_both_memories_are_read(trained, changed) -> None:
    sight, pages = _sight(), {"anchor": [_page(1)], "later": [_page(2)]}
    before, _ = trained(sight, **pages)
    mask = 1 - pages[changed][0].mask
    after, _ = trained(
        sight, **(pages | {changed: [MemoryInput(pages[changed][0].stride16, mask)]})
    )
    assert (before - after).abs().max() > 1e-3


def test_belief_teaches_nothing_to_the_mask(trained) -> None:
    _, belief = trained(_sight(), [_page(1)], [_page(2)])
    belief.sum().backward()
    assert trained.correction.weight.grad is None
    assert trained.belief[0].weight.grad is not None
