"""The soft mask itself as alpha: the simplest head, and the baseline of every comparison."""

from __future__ import annotations

import numpy as np

from matting_core.matte.guides import mask_probability
from matting_core.models.heads.base import Guide, HeadSpec
from matting_core.types import DeviceChoice, Frame8, Matte, Size


class MaskHead:
    """Mask head: alpha is the sigmoid of the mask logits, bilinearly enlarged to the frame."""

    def matte(self, rgb: Frame8, guide: Guide) -> Matte:
        """See `MattingHead.matte`; the ROI is empty, the confidence is 2|alpha - 1/2|."""
        alpha = mask_probability(guide.segmentation, Size(rgb.shape[1], rgb.shape[0]))
        return Matte(alpha, np.zeros_like(alpha), np.abs(2 * alpha - 1))


def _build(_device: DeviceChoice) -> MaskHead:
    return MaskHead()


SPEC = HeadSpec("mask", "Mask only", "1", _build)
