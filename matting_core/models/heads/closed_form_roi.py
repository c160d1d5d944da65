"""The `closed-form-roi` head: closed form inside the ROI that `wisp`'s network finds.

Every pixel of the ROI is solved at the picture's own size with the mask as guide, so this shows
what knowing where to matte is worth without the learned alpha and the small copy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matting_core.models.heads.base import Guide, HeadSpec, MattingHead
from matting_core.models.heads.wisp import MASK_ERROR_WEIGHTS, WEIGHTS, load_detector
from matting_core.models.trackers.sam2_tiny_flow import EMBEDDED_ENCODER
from matting_core.types import DeviceChoice, Frame8, Matte, Size

if TYPE_CHECKING:
    from matting_core.models.heads.wisp.detector import Detector


class ClosedFormRoiHead:
    """Head that solves closed form in the learned ROI.

    Args:
        detector: the trained network.
    """

    def __init__(self, detector: Detector) -> None:
        self._detector = detector

    def matte(self, rgb: Frame8, guide: Guide) -> Matte:
        """See `MattingHead.matte`; the confidence is the likeliest class's probability."""
        from matting_core.matte.native import solve
        from matting_core.models.heads.wisp.head import (
            HeadOptions,
            is_whole_frame,
            make_even_matte,
            make_prior,
            place_matte,
            restore_trimap,
        )

        hw = (rgb.shape[0], rgb.shape[1])
        found = None if is_whole_frame(guide) else self._detector.detect(rgb, guide)
        if found is None:
            return make_even_matte(hw, float(is_whole_frame(guide)))
        window = found.window
        seen = np.ascontiguousarray(rgb[window.y0 : window.y1, window.x0 : window.x1])
        size = Size(window.width, window.height)
        prior = make_prior(found, guide, hw, size, HeadOptions().with_trust(1))
        return place_matte(restore_trimap(guide, window, solve(seen, prior)), prior, found, hw)


def _build(device: DeviceChoice) -> MattingHead:
    return ClosedFormRoiHead(load_detector(device))


SPEC = HeadSpec(
    id="closed-form-roi",
    title="Closed form in the learned ROI",
    version="2",
    build=_build,
    weights=(WEIGHTS, MASK_ERROR_WEIGHTS),
    needs_features=True,
    encoder=EMBEDDED_ENCODER,
)
