from __future__ import annotations

import numpy as np
import pytest

from matting_core.matte.guides import mask_probability
from matting_core.media.masks import decode_mask, encode_mask, mask_to_logits
from matting_core.types import Segmentation, Size, TrackState


def test_a_masks_logits_have_its_sign_and_its_steep_edge() -> None:
    edge = np.tile(np.array([0, 0, 0, 0.25, 0.75, 1, 1, 1], np.float32), (3, 1))
    logits = mask_to_logits(edge)
    assert logits.dtype == np.float16
    assert logits[0] == pytest.approx(np.array([-6, -6, -6, -3, 3, 6, 6, 6]), abs=0.01)


def test_a_feathered_mask_is_the_probability_again() -> None:
    ramp = np.tile(np.linspace(0, 1, 41, dtype=np.float32), (30, 1))
    segmentation = Segmentation(mask_to_logits(ramp), 1.0, TrackState.PROMPTED)
    assert mask_probability(segmentation, Size(41, 30)) == pytest.approx(ramp, abs=0.01)
    assert ((segmentation.logits > 0) == (ramp > 0.5)).all()


def test_a_large_mask_keeps_its_shape_at_1024_a_side() -> None:
    mask = np.zeros((1080, 2048), np.float32)
    mask[:, :1024] = 1
    logits = mask_to_logits(mask)
    assert logits.shape == (540, 1024)
    assert (logits[:, :512] > 0).all()
    assert (logits[:, 512:] < 0).all()


def test_masks_come_back_from_png_to_8_bits() -> None:
    mask = np.random.default_rng(1).random((7, 9), np.float32)
    assert np.abs(decode_mask(encode_mask(mask), Size(9, 7)) - mask).max() <= 0.5 / 255 + 1e-6
