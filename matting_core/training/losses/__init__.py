"""Losses of matting heads: SAM2Matting eq. 7-12, and further ones.

All take (B, 1, h, w) floating tensors, compute in float32 even under autocast (in float64 if given
that), return a scalar, and raise ValueError on a shape that does not fit.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F  # noqa: N812 - as all of torch's own documents call it
from torch import Tensor

from matting_core.training.losses.matte import (
    alpha_loss,
    confidence_loss,
    gradient_loss,
    l1_loss,
    laplacian_loss,
    laplacian_pyramid,
    smoothness_loss,
)
from matting_core.training.losses.precision import check_planes, full_precision, upcast
from matting_core.training.losses.region import (
    consistency_loss,
    dice,
    focal,
    roi_loss,
    roi_truth,
    smooth_l1,
    trimap_focal,
)

__all__ = [
    "alpha_loss",
    "confidence_loss",
    "consistency_loss",
    "dice",
    "focal",
    "gradient_loss",
    "l1_loss",
    "laplacian_loss",
    "laplacian_pyramid",
    "roi_loss",
    "roi_truth",
    "smooth_l1",
    "smoothness_loss",
    "total_loss",
    "trimap_focal",
]


@full_precision
def total_loss(
    logits: Tensor, alphas: Sequence[Tensor], mask: Tensor, truth: Tensor, size: int = 15
) -> Tensor:
    """Return L = L_R + L_alpha + L_con, a scalar (SAM2Matting eq. 12).

    The truth is averaged over areas to the logits' size; the mask is resized bilinearly to the
    finest alpha's.

    Args:
        logits: L, (B, 1, h, w), of the ROI.
        alphas: A_1 to A_3, coarse to fine, each (B, 1, h_i, w_i) in [0, 1].
        mask: M, (B, 1, h', w') in [0, 1].
        truth: A_gt, (B, 1, H, W) in [0, 1], at least as large as the finest alpha.
        size: of the square that makes the true ROI, see `roi_truth`.

    Raises:
        ValueError: a shape does not fit.
    """
    for name, plane in (("logits", logits), ("mask", mask), ("truth", truth)):
        check_planes(**{name: plane})
    by_alpha = alpha_loss(alphas, truth)
    small = F.interpolate(upcast(truth), tuple(logits.shape[2:]), mode="area")
    held = F.interpolate(
        upcast(mask), tuple(alphas[-1].shape[2:]), mode="bilinear", align_corners=False
    )
    by_roi = roi_loss(logits, roi_truth(small, size=size))
    return by_roi + by_alpha + consistency_loss(alphas[-1], held)
