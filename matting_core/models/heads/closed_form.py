"""The `closed-form` head: pseudo-trimap and closed-form matting inside the tiles that need it."""

from __future__ import annotations

import numpy as np

from matting_core.matte.guides import mask_probability
from matting_core.matte.trimap import Band, pseudo_trimap, pull_to_mask, unknown_region
from matting_core.models.heads.base import Guide, HeadSpec, MattingHead
from matting_core.types import DeviceChoice, Frame8, Matte, Size
from matting_core.windows import whole


class ClosedFormHead:
    """Closed-form head: everything outside a band around the mask's edge is taken as certain.

    Args:
        band: how wide the band is.
    """

    def __init__(self, band: Band | None = None) -> None:
        self._band = band or Band()

    def matte(self, rgb: Frame8, guide: Guide) -> Matte:
        """See `MattingHead.matte`.

        The ROI is the band; the confidence is 1 outside it and 1 - |alpha - mask| inside.
        """
        from matting_core.matte.native import Prior, solve

        size = Size(rgb.shape[1], rgb.shape[0])
        probability = mask_probability(guide.segmentation, size)
        trimap = guide.trimap
        if trimap is None:
            trimap = pseudo_trimap(probability, unknown_region(probability, self._band))
        trimap = guide.refine_trimap(trimap, whole(size))
        unknown = (trimap != 0) & (trimap != 1)
        pull = guide.loosen_pull(pull_to_mask(probability, self._band), whole(size))
        alpha = solve(rgb, Prior(trimap, probability, pull))
        confidence = np.where(unknown, 1 - np.abs(alpha - probability), np.float32(1))
        return Matte(alpha, unknown.astype(np.float32), np.asarray(confidence, np.float32))


def _build(_device: DeviceChoice) -> MattingHead:
    return ClosedFormHead()


SPEC = HeadSpec("closed-form", "Closed form", "2", _build)
