"""Losses of matting heads: SAM2Matting eq. 7-12, and further ones.

All take (B, 1, h, w) floating tensors, compute in float32 even under autocast (in float64 if given
that), return a scalar, and raise ValueError on a shape that does not fit.
"""

from __future__ import annotations

from matting_core.training.losses.matte import (
    alpha_loss,
    confidence_loss,
    gradient_loss,
    l1_loss,
    laplacian_loss,
    laplacian_pyramid,
    smoothness_loss,
)
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
    "trimap_focal",
]
