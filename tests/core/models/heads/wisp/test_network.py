from __future__ import annotations

import torch

from matting_core.models.heads.wisp.network import WispNet, guide_channels, resemblance
from tests.tables import table


def _inputs(side: int = 64, batch: int = 1):
    torch.manual_seed(1)
    features = tuple(
        torch.randn(batch, channels, side // stride, side // stride)
        for channels, stride in ((32, 4), (64, 8), (256, 16))
    )
    return features, torch.randn(batch, 1, side // 4, side // 4), torch.rand(batch, 3, side, side)


def test_it_is_small_enough_for_a_laptop() -> None:
    assert sum(one.numel() for one in WispNet().parameters()) <= 1_500_000


@table(("side", "batch"), [(64, 1), (128, 2), (512, 1)])
def test_shapes_follow_the_input(side, batch) -> None:
    told = WispNet().eval()(*_inputs(side, batch))
    assert told.trimap.shape == (batch, 3, side // 4, side // 4)
    assert [tuple(a.shape[1:]) for a in told.alphas] == [
        (1, side // k, side // k) for k in (8, 4, 2)
    ]
    assert told.confidence.shape == (batch, 1, side // 4, side // 4)
    assert all(a.min() >= 0 and a.max() <= 1 for a in told.alphas)


def test_the_mask_changes_the_answer() -> None:
    net = WispNet().eval()
    features, mask, image = _inputs()
    first, second = net(features, mask, image), net(features, -mask, image)
    assert not torch.allclose(first.trimap, second.trimap)


def test_without_progression_coarser_alphas_are_not_passed_on() -> None:
    torch.manual_seed(0)
    net = WispNet(progressive=False).eval()
    before = net(*_inputs())
    with torch.no_grad():
        net.alpha8.bias += 5
    after = net(*_inputs())
    assert not torch.allclose(before.alphas[0], after.alphas[0])
    assert torch.equal(before.alphas[-1], after.alphas[-1])
    net.progressive = True
    assert not torch.equal(net(*_inputs()).alphas[-1], after.alphas[-1])


def test_guide_channels_are_a_sharp_probability_and_a_soft_sign() -> None:
    mask = torch.full((1, 1, 8, 8), 2.0)
    sharp, soft = guide_channels(mask, torch.Size((4, 4)))[0]
    assert torch.allclose(sharp, torch.sigmoid(torch.tensor(10.0)))
    assert torch.allclose(soft, torch.tanh(torch.tensor(0.5)))


def test_places_like_the_inside_resemble_it_most() -> None:
    features = torch.zeros(1, 4, 2, 2)
    features[0, 0, :, 0] = 3.0
    features[0, 1, :, 1] = 5.0
    inside = torch.zeros(1, 1, 2, 2)
    inside[..., 0, 0] = 1
    like_inside, like_outside = resemblance(features, inside)[0]
    assert torch.allclose(like_inside, torch.tensor([[1.0, 0.0], [1.0, 0.0]]))
    assert (like_outside[:, 1] > like_outside[:, 0]).all()
