from __future__ import annotations

import subprocess
import sys

import pytest
import torch

from matting_core.models.heads.sam2matting.model import SAM2MattingHeads
from tests.core.models.heads.sam2matting.drawn import features, noise
from tests.tables import table

SIZES = {
    "square": ((16, 16), (8, 8), (4, 4)),
    "wide": ((12, 24), (6, 12), (3, 6)),
    "rounded up": ((18, 17), (9, 9), (5, 5)),
    "rounded down": ((18, 17), (9, 8), (4, 4)),
    "tiny": ((4, 4), (2, 2), (1, 1)),
}
SQUARE = SIZES["square"]


def _inputs(batch: int, sizes=SQUARE):
    fine = sizes[0]
    image = noise("image", batch, 3, 4 * fine[0], 4 * fine[1])
    return features(batch, *sizes), noise("mask", batch, 1, *fine), image


@table("sizes", SIZES.values())
def test_any_consistent_sizes_work(heads, sizes) -> None:
    output = heads(*_inputs(1, sizes))
    assert output.roi_logits.shape == output.trimap.shape == (1, 1, *sizes[0])
    doubled = [(2 * height, 2 * width) for height, width in reversed(sizes)]
    assert [alpha.shape[2:] for alpha in output.alphas] == doubled
    assert set(output.trimap.unique().tolist()) <= {0, 0.5, 1}
    for alpha in output.alphas:
        assert alpha.isfinite().all()
        assert 0 <= alpha.min() <= alpha.max() <= 1


@table("side", [512, 1008, 1024, 1152])
def test_sizes_of_all_three_sams_work(side) -> None:
    """SAM 3 gives 288, 144 and 72 at 1008; on the meta device, where nothing is computed."""
    fine = 288 if side == 1008 else side // 4
    levels = [
        torch.empty(1, channels, fine // step, fine // step, device="meta")
        for channels, step in ((32, 1), (64, 2), (256, 4))
    ]
    mask = torch.empty(1, 1, fine, fine, device="meta")
    output = SAM2MattingHeads().to("meta")(levels, mask, torch.empty(1, 3, side, side).to("meta"))
    assert output.alpha.shape == (1, 1, 2 * fine, 2 * fine)


def test_frames_of_a_batch_do_not_mix(heads) -> None:
    levels, mask, image = _inputs(2)
    both = heads(levels, mask, image)
    for at in range(2):
        alone = heads([level[at : at + 1] for level in levels], mask[at, None], image[at, None])
        assert torch.allclose(alone.roi_logits, both.roi_logits[at : at + 1], atol=1e-5)
        assert torch.allclose(alone.alpha, both.alpha[at : at + 1], atol=1e-5)


def test_mask_is_cut_at_zero_after_it_was_resized(heads) -> None:
    logits = torch.tensor([[[[-3.0, 6.0]]]])
    finest = torch.zeros(1, 32, 1, 8)
    # a third of the way between two pixel centres, which are four fine pixels apart
    assert heads.binary_mask(logits, finest).tolist() == [[[[0, 0, 0, 1, 1, 1, 1, 1]]]]
    assert heads.binary_mask(-logits, finest).tolist() == [[[[1, 1, 1, 0, 0, 0, 0, 0]]]]


def test_heads_work_in_half_precision(heads) -> None:
    levels, mask, image = _inputs(1)
    exact = heads(levels, mask, image)
    with torch.autocast("cpu", torch.bfloat16):
        half = heads([level.bfloat16() for level in levels], mask, image)
    assert (half.roi_logits - exact.roi_logits).abs().mean() < 0.02
    assert (half.alpha - exact.alpha).abs().mean() < 0.02


def test_masks_may_be_bool_or_of_another_size(heads) -> None:
    levels, mask, image = _inputs(1)
    by_logits, by_bool = heads(levels, mask, image), heads(levels, mask > 0, image)
    assert torch.equal(by_logits.alpha, by_bool.alpha)
    large = torch.nn.functional.interpolate(mask.sign(), scale_factor=2, mode="nearest")
    assert torch.equal(heads(levels, large, image).trimap, by_bool.trimap)
    assert torch.equal(heads(levels, large > 0, image).trimap, by_bool.trimap)


def test_trimap_keeps_the_mask_where_the_roi_is_not(heads) -> None:
    levels, mask, image = _inputs(1)
    output = heads(levels, mask, image)
    unknown = output.roi_logits.sigmoid() > 0.65
    assert unknown.any()
    assert not unknown.all()
    assert (output.trimap[unknown] == 0.5).all()
    assert torch.equal(output.trimap[~unknown], (mask > 0)[~unknown].float())


def test_gradients_reach_every_weight() -> None:
    with torch.inference_mode(False):
        heads = SAM2MattingHeads()
        output = heads(*(_inputs(2)))
        (output.roi_logits.sum() + sum(alpha.sum() for alpha in output.alphas)).backward()
        assert all(each.grad is not None for each in heads.parameters())


REFUSED = {
    "two scales": lambda f, m, i: (f[:2], m, i),
    "channels": lambda f, m, i: ((f[0], f[1], f[2][:, :3]), m, i),
    "order": lambda f, m, i: (f[::-1], m, i),
    "sizes": lambda f, m, i: ((f[0], f[1], f[2][..., :2]), m, i),
    "batches": lambda f, m, i: (f, m, torch.cat([i, i])),
    "flat mask": lambda f, m, i: (f, m[0], i),
    "integer mask": lambda f, m, i: (f, m.int(), i),
    "grey image": lambda f, m, i: (f, m, i[:, :1]),
    "bytes": lambda f, m, i: (f, m, i.byte()),
    "empty mask": lambda f, m, i: (f, m[..., :0], i),
}


@table("case", REFUSED)
def test_what_does_not_fit_is_refused(heads, case) -> None:
    with pytest.raises(ValueError, match=r"must (be|halve)"):
        heads(*REFUSED[case](*_inputs(1)))


def test_listing_the_heads_imports_no_torch() -> None:
    code = (
        "import sys, matting_core.models.heads.sam2matting as s; assert 'torch' not in sys.modules"
    )
    code += "; assert not hasattr(s, 'SPEC')"
    subprocess.run([sys.executable, "-c", code], check=True)
