from __future__ import annotations

import numpy as np
import pytest

from matting_core.media.masks import decode_mask, encode_mask, logits_of_mask
from matting_core.types import Size


def test_a_masks_logits_have_its_sign_and_soft_edge() -> None:
    ramp = np.tile(np.linspace(0, 1, 11, dtype=np.float32), (3, 1))
    logits = logits_of_mask(ramp)
    assert logits.dtype == np.float16
    assert logits[0] == pytest.approx(np.linspace(-6, 6, 11), abs=0.01)


def test_a_large_mask_keeps_its_shape_at_1024_a_side() -> None:
    mask = np.zeros((1080, 2048), np.float32)
    mask[:, :1024] = 1
    logits = logits_of_mask(mask)
    assert logits.shape == (540, 1024)
    assert (logits[:, :512] > 0).all()
    assert (logits[:, 512:] < 0).all()


def test_masks_come_back_from_png_to_8_bits() -> None:
    mask = np.random.default_rng(1).random((7, 9), np.float32)
    assert np.abs(decode_mask(encode_mask(mask), Size(9, 7)) - mask).max() <= 0.5 / 255 + 1e-6
