from __future__ import annotations

import numpy as np

from matting_core.media.masks import decode_mask, encode_mask
from matting_core.types import Size


def test_masks_come_back_from_png_to_8_bits() -> None:
    mask = np.random.default_rng(1).random((7, 9), np.float32)
    assert np.abs(decode_mask(encode_mask(mask), Size(9, 7)) - mask).max() <= 0.5 / 255 + 1e-6
