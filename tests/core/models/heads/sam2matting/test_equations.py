from __future__ import annotations

import math

import torch

from matting_core.models.heads.sam2matting import equations
from tests.core.models.heads.sam2matting.drawn import noise


def _same(planes):
    return planes


def test_roi_parts_join_features_mask_and_image_at_the_features_size() -> None:
    features = noise("f", 1, 2, 2, 2)
    mask, image = torch.zeros(1, 1, 4, 4), noise("i", 1, 3, 8, 8)
    mask[..., :2, :2] = 1
    joined = equations.roi_part(features, mask, image, _same)
    assert torch.equal(joined[:, :2], features)
    assert joined[0, 2].tolist() == [[1, 0], [0, 0]]
    # halfway between the two middle pixels of each four: bilinear, without a low-pass
    assert torch.allclose(joined[0, 3:, 0, 0], image[0, :, 1:3, 1:3].mean((1, 2)), atol=1e-6)


def test_roi_logits_come_at_the_finest_size() -> None:
    parts = [torch.full((1, 1, side, side), float(side)) for side in (4, 2, 1)]
    joined = equations.roi_logits(parts, _same)
    assert joined.shape == (1, 3, 4, 4)
    assert joined[0, :, 3, 0].tolist() == [4, 2, 1]


def test_roi_is_strictly_above_theta() -> None:
    logits = torch.tensor([math.log(0.65 / 0.35) + step for step in (-1e-3, 1e-3)])
    assert equations.roi(logits).tolist() == [False, True]
    assert not equations.roi(torch.zeros(1), theta=0.5)


def test_trimap_is_unknown_in_the_roi_and_the_mask_elsewhere() -> None:
    mask, region = torch.tensor([0.0, 1.0, 0.0, 1.0]), torch.tensor([False, False, True, True])
    trimap = equations.sam2matting_trimap(mask, region)
    assert trimap.tolist() == [0, 1, 0.5, 0.5]
    assert trimap.dtype == mask.dtype


def test_alpha_inputs_are_in_the_published_order() -> None:
    features, image = torch.full((1, 2, 4, 4), 1.0), torch.full((1, 3, 8, 8), 3.0)
    trimap, coarser = torch.full((1, 1, 8, 8), 2.0), torch.full((1, 1, 2, 2), 4.0)
    first = equations.alpha_input(features, trimap, image)
    later = equations.alpha_input(features, trimap, image, coarser)
    assert first[0, :, 2, 2].tolist() == [1, 1, 2, 3, 3, 3]
    assert later[0, :, 2, 2].tolist() == [1, 1, 2, 3, 3, 3, 4]


def test_alpha_is_the_sigmoid_of_what_is_predicted() -> None:
    joined = torch.tensor([[[[3.0]]]])
    found = equations.alpha(joined, lambda x: x + 1, lambda x: 2 * x)
    assert math.isclose(found.item(), 1 / (1 + math.exp(-8)), abs_tol=1e-6)
