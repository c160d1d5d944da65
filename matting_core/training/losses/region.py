"""Losses of regions: the ROI, the mask, the three classes of a trimap."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F  # noqa: N812 - as all of torch's own documents call it
from torch import Tensor

from matting_core.training.losses.precision import (
    check_planes,
    full_precision,
    upcast,
    weighted_mean,
)

_SQUEEZE = 1e-4


def roi_truth(alpha: Tensor, low: float = 0.15, high: float = 0.5, size: int = 15) -> Tensor:
    """Return R_gt, (B, 1, h, w) of 0 and 1: where matting is needed (SAM2Matting eq. 7-8).

    delta = [low <= A_gt <= high] (eq. 7); R_gt = dilate(delta) - erode(delta) (eq. 8). The frame's
    border neither adds nor takes away. A step from 0 to 1 without a pixel in between gives nothing.

    Args:
        alpha: A_gt, (B, 1, h, w) in [0, 1].
        low: smallest alpha of delta.
        high: largest alpha of delta.
        size: side of the square that dilates and erodes, odd, in pixels. Our choice: what we know
            of the paper does not give it.

    Raises:
        ValueError: the shape is another, or `size` is not odd and positive.
    """
    check_planes(alpha=alpha)
    if size < 1 or size % 2 == 0:
        raise ValueError(f"size must be odd and positive, not {size}")
    alpha = upcast(alpha)
    delta = ((alpha >= low) & (alpha <= high)).to(alpha.dtype)
    dilated = F.max_pool2d(delta, size, 1, size // 2)
    eroded = -F.max_pool2d(-delta, size, 1, size // 2)
    return dilated - eroded


@full_precision
def focal(
    logits: Tensor,
    target: Tensor,
    gamma: float = 2.0,
    alpha: float = 0.25,
    weight: Tensor | None = None,
) -> Tensor:
    """Return the focal loss, a scalar: mean of -a_t (1 - p_t)^gamma log p_t (Lin et al. eq. 5).

    For targets between 0 and 1, log p_t is the cross entropy and 1 - p_t the probability that
    prediction and target disagree, both expected under the target.

    Args:
        logits: (B, 1, h, w).
        target: (B, 1, h, w) in [0, 1].
        gamma: 0, or at least 1.
        alpha: weight of target 1; target 0 has 1 - alpha.
        weight: (B, 1, h, w) >= 0, of each pixel in the mean.

    Raises:
        ValueError: the shapes differ, or `gamma` has no gradient at 0.
    """
    check_planes(logits=logits, target=target, weight=weight)
    _check_gamma(gamma)
    logits, target = upcast(logits), upcast(target)
    entropy = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    wrong = torch.sigmoid(-logits) * target + torch.sigmoid(logits) * (1 - target)
    balance = alpha * target + (1 - alpha) * (1 - target)
    return weighted_mean(balance * wrong**gamma * entropy, weight)


@full_precision
def smooth_l1(
    pred: Tensor, truth: Tensor, beta: float = 1.0, weight: Tensor | None = None
) -> Tensor:
    """Return the mean of d^2 / (2 beta) where d = |pred - truth| < beta, of d - beta / 2 elsewhere.

    Args:
        pred: (B, 1, h, w).
        truth: (B, 1, h, w).
        beta: where the square ends, > 0.
        weight: (B, 1, h, w) >= 0, of each pixel in the mean.

    Raises:
        ValueError: the shapes differ, or `beta` is not positive.
    """
    check_planes(pred=pred, truth=truth, weight=weight)
    if beta <= 0:
        raise ValueError(f"beta must be positive, not {beta}")
    loss = F.smooth_l1_loss(upcast(pred), upcast(truth), reduction="none", beta=beta)
    return weighted_mean(loss, weight)


@full_precision
def roi_loss(logits: Tensor, truth: Tensor, weight: Tensor | None = None) -> Tensor:
    """Return L_R = focal(L, R_gt) + smooth-L1(sigmoid(L), R_gt), a scalar (SAM2Matting eq. 9).

    That the smooth-L1 is taken of probabilities is our reading.

    Args:
        logits: L, (B, 1, h, w).
        truth: R_gt, (B, 1, h, w) in [0, 1].
        weight: (B, 1, h, w) >= 0, of each pixel in the mean.

    Raises:
        ValueError: the shapes differ.
    """
    near = smooth_l1(torch.sigmoid(upcast(logits)), truth, weight=weight)
    return focal(logits, truth, weight=weight) + near


@full_precision
def dice(pred: Tensor, target: Tensor, smooth: float = 1.0, weight: Tensor | None = None) -> Tensor:
    """Return the mean over the batch of 1 - (2 sum pt + s) / (sum p^2 + sum t^2 + s), a scalar.

    Squares, so that a soft target is met by itself.

    Args:
        pred: p, (B, 1, h, w) in [0, 1].
        target: t, (B, 1, h, w) in [0, 1].
        smooth: s > 0, keeps two empty maps alike.
        weight: (B, 1, h, w) >= 0, of each pixel in the sums.

    Raises:
        ValueError: the shapes differ.
    """
    check_planes(pred=pred, target=target, weight=weight)
    pred, target = upcast(pred), upcast(target)
    share = torch.ones_like(pred) if weight is None else upcast(weight)
    both = (share * pred * target).sum((1, 2, 3))
    each = (share * (pred**2 + target**2)).sum((1, 2, 3))
    return (1 - (2 * both + smooth) / (each + smooth)).mean()


@full_precision
def consistency_loss(alpha: Tensor, mask: Tensor, weight: Tensor | None = None) -> Tensor:
    """Return L_con = focal(A, M) + dice(A, M), a scalar: fills holes (SAM2Matting eq. 11).

    A is squeezed into [1e-4, 1 - 1e-4] for the focal part, which has no gradient at 0 and 1.

    Args:
        alpha: A, (B, 1, h, w) in [0, 1].
        mask: M, (B, 1, h, w) in [0, 1].
        weight: (B, 1, h, w) >= 0, of each pixel.

    Raises:
        ValueError: the shapes differ.
    """
    check_planes(alpha=alpha, mask=mask, weight=weight)
    alpha = upcast(alpha)
    logits = torch.logit(_SQUEEZE + (1 - 2 * _SQUEEZE) * alpha.clamp(0, 1))
    return focal(logits, mask, weight=weight) + dice(alpha, mask, weight=weight)


@full_precision
def trimap_focal(
    logits: Tensor,
    target: Tensor,
    gamma: float = 2.0,
    class_weights: Sequence[float] | None = None,
    weight: Tensor | None = None,
) -> Tensor:
    """Return the focal loss of three classes, a scalar: mean of -w_t (1 - p_t)^gamma log p_t.

    Args:
        logits: (B, 3, h, w): background, unknown, foreground.
        target: (B, h, w) int64 of 0, 1, 2.
        gamma: 0, or at least 1.
        class_weights: w, one per class, in the mean as in `torch.nn.CrossEntropyLoss`.
        weight: (B, 1, h, w) >= 0, of each pixel in the mean.

    Raises:
        ValueError: a shape, type or class is another, or `gamma` has no gradient at 0.
    """
    _check_classes(logits, target, weight)
    _check_gamma(gamma)
    index = target[:, None]
    likely = torch.log_softmax(upcast(logits), 1).gather(1, index)
    share = torch.ones_like(likely) if weight is None else upcast(weight)
    if class_weights is not None:
        if len(class_weights) != 3:
            raise ValueError(f"class_weights must be three, not {len(class_weights)}")
        share = share * likely.new_tensor(class_weights)[index]
    return weighted_mean(-((-torch.expm1(likely)) ** gamma) * likely, share)


def _check_gamma(gamma: float) -> None:
    if gamma != 0 and gamma < 1:
        raise ValueError(f"gamma must be 0 or at least 1, not {gamma}")


def _check_classes(logits: Tensor, target: Tensor, weight: Tensor | None) -> None:
    if logits.ndim != 4 or logits.shape[1] != 3 or not logits.is_floating_point():
        raise ValueError(f"logits must be floating (B, 3, h, w), not {tuple(logits.shape)}")
    if target.dtype != torch.int64 or target.shape != (logits.shape[0], *logits.shape[2:]):
        raise ValueError(f"target must be int64 (B, h, w), not {tuple(target.shape)}")
    check_planes(logits=logits[:, :1], weight=weight)
    if target.min() < 0 or target.max() > 2:
        raise ValueError("target must hold 0, 1 and 2 only")
