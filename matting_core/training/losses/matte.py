"""Losses of the matte itself: values, bands of frequency, gradients, confidence, smoothness."""

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

_TAPS = (1 / 8, 3 / 8, 3 / 8, 1 / 8)


@full_precision
def l1_loss(pred: Tensor, truth: Tensor, weight: Tensor | None = None) -> Tensor:
    """Return the mean of |pred - truth|, a scalar.

    Args:
        pred: (B, 1, h, w).
        truth: (B, 1, h, w).
        weight: (B, 1, h, w) >= 0, of each pixel in the mean.

    Raises:
        ValueError: the shapes differ.
    """
    check_planes(pred=pred, truth=truth, weight=weight)
    return weighted_mean((upcast(pred) - upcast(truth)).abs(), weight)


def laplacian_pyramid(plane: Tensor, levels: int = 5) -> list[Tensor]:
    """Split a plane into bands of frequency, finest first; the last is what remains, blurred.

    Band k is G_k - expand(G_k+1), where G_0 is the plane, G_k+1 is G_k halved with the binomial
    filter (1, 3, 3, 1) / 8, and expand is bilinear. That filter lies between pixels, as the halved
    grid does. Odd sizes are rounded up; the border is repeated.

    Args:
        plane: (B, 1, h, w).
        levels: how many bands, at least 1.

    Raises:
        ValueError: the shape is another, or `levels` is below 1.
    """
    check_planes(plane=plane)
    if levels < 1:
        raise ValueError(f"levels must be at least 1, not {levels}")
    bands, rest = [], upcast(plane)
    with torch.autocast(plane.device.type, enabled=False):
        for _ in range(levels - 1):
            halved = _halve(rest)
            bands.append(rest - _double(halved, rest.shape))
            rest = halved
    return [*bands, rest]


@full_precision
def laplacian_loss(
    pred: Tensor, truth: Tensor, levels: int = 5, weight: Tensor | None = None
) -> Tensor:
    """Return sum_k 2^k mean |band_k(pred) - band_k(truth)|, a scalar; bands from the finest, k = 0.

    Args:
        pred: (B, 1, h, w).
        truth: (B, 1, h, w).
        levels: how many bands.
        weight: (B, 1, h, w) >= 0, of each pixel in the means; halved along with the planes.

    Raises:
        ValueError: the shapes differ, or `levels` is below 1.
    """
    check_planes(pred=pred, truth=truth, weight=weight)
    # the pyramid is linear: one of the difference is as good as two
    bands = laplacian_pyramid(upcast(pred) - upcast(truth), levels)
    loss = bands[0].new_zeros(())
    for k, band in enumerate(bands):
        if k and weight is not None:
            weight = _halve(upcast(weight))
        loss = loss + 2**k * weighted_mean(band.abs(), weight)
    return loss


@full_precision
def alpha_loss(
    alphas: Sequence[Tensor],
    truth: Tensor,
    lambdas: Sequence[float] = (0.3, 0.6, 1.2),
    levels: int = 5,
) -> Tensor:
    """Return L_alpha = sum_i lambda_i (L1 + Laplacian), a scalar (SAM2Matting eq. 10).

    Args:
        alphas: A_1 to A_n, coarse to fine, each (B, 1, h_i, w_i) in [0, 1].
        truth: A_gt, (B, 1, h, w) in [0, 1]; averaged over areas to each scale.
        lambdas: weight of each scale.
        levels: of the Laplacian pyramid.

    Raises:
        ValueError: there are not as many alphas as lambdas, or one is larger than the truth.
    """
    if len(alphas) != len(lambdas) or not alphas:
        raise ValueError(f"{len(lambdas)} alphas are wanted, not {len(alphas)}")
    check_planes(truth=truth)
    loss = upcast(truth).new_zeros(())
    for factor, alpha in zip(lambdas, alphas, strict=True):
        if any(mine > its for mine, its in zip(alpha.shape[2:], truth.shape[2:], strict=True)):
            raise ValueError(f"alpha {tuple(alpha.shape)} is larger than its truth")
        scaled = F.interpolate(upcast(truth), tuple(alpha.shape[2:]), mode="area")
        both = l1_loss(alpha, scaled) + laplacian_loss(alpha, scaled, levels)
        loss = loss + factor * both
    return loss


@full_precision
def gradient_loss(pred: Tensor, truth: Tensor, weight: Tensor | None = None) -> Tensor:
    """Return mean |dx pred - dx truth| + mean |dy pred - dy truth|, a scalar (SEMat's penalty).

    dx and dy are differences of neighbours; a pair weighs as much as the lesser of its pixels.

    Args:
        pred: (B, 1, h, w).
        truth: (B, 1, h, w).
        weight: (B, 1, h, w) >= 0, of each pixel.

    Raises:
        ValueError: the shapes differ.
    """
    check_planes(pred=pred, truth=truth, weight=weight)
    difference = upcast(pred) - upcast(truth)
    loss = difference.new_zeros(())
    for axis in (2, 3):
        share = None if weight is None else torch.minimum(*_neighbours(upcast(weight), axis))
        loss = loss + weighted_mean(difference.diff(dim=axis).abs(), share)
    return loss


@full_precision
def confidence_loss(
    confidence: Tensor, pred: Tensor, truth: Tensor, weight: Tensor | None = None
) -> Tensor:
    """Return the mean of (c - (1 - |pred - truth|))^2, a scalar (Mask2Alpha section 4).

    The error is detached: the matte is not bent to suit its confidence. Squared, because the best
    answer is then the error to be expected and not its median, which is 0 almost everywhere.

    Args:
        confidence: c, (B, 1, h, w) in [0, 1].
        pred: (B, 1, h, w) in [0, 1].
        truth: (B, 1, h, w) in [0, 1].
        weight: (B, 1, h, w) >= 0, of each pixel in the mean.

    Raises:
        ValueError: the shapes differ.
    """
    check_planes(confidence=confidence, pred=pred, truth=truth, weight=weight)
    wanted = 1 - (upcast(pred) - upcast(truth)).abs().detach()
    return weighted_mean((upcast(confidence) - wanted) ** 2, weight)


@full_precision
def smoothness_loss(
    alpha: Tensor, image: Tensor, truth: Tensor | None = None, sharpness: float = 10.0
) -> Tensor:
    """Return the mean of |grad A| exp(-k |grad I|), a scalar: total variation that allows edges.

    Differences of neighbours along both axes; those of the image are averaged over its channels.
    With `truth`, only pairs count that are both 0 or both 1 there.

    Args:
        alpha: A, (B, 1, h, w) in [0, 1].
        image: I, (B, C, h, w) in [0, 1], sRGB.
        truth: (B, 1, h, w) in [0, 1].
        sharpness: k >= 0.

    Raises:
        ValueError: the shapes do not fit.
    """
    check_planes(alpha=alpha, truth=truth)
    if image.ndim != 4 or image.shape[0] != alpha.shape[0] or image.shape[2:] != alpha.shape[2:]:
        raise ValueError(f"image {tuple(image.shape)} does not fit alpha {tuple(alpha.shape)}")
    alpha, image = upcast(alpha), upcast(image)
    loss = alpha.new_zeros(())
    for axis in (2, 3):
        edge = image.diff(dim=axis).abs().mean(1, keepdim=True)
        share = None if truth is None else _find_settled(truth, axis)
        loss = loss + weighted_mean(
            alpha.diff(dim=axis).abs() * torch.exp(-sharpness * edge), share
        )
    return loss


def _neighbours(plane: Tensor, axis: int) -> tuple[Tensor, Tensor]:
    length = plane.shape[axis] - 1
    return plane.narrow(axis, 0, length), plane.narrow(axis, 1, length)


def _find_settled(truth: Tensor, axis: int) -> Tensor:
    """Find neighbours with the same truth, 0 or 1."""
    one, other = _neighbours(truth, axis)
    return (one == other) & ((one == 0) | (one == 1))


def _halve(plane: Tensor) -> Tensor:
    height, width = plane.shape[2:]
    taps = plane.new_tensor(_TAPS)
    padded = F.pad(plane, (1, 1 + width % 2, 1, 1 + height % 2), mode="replicate")
    return F.conv2d(padded, torch.outer(taps, taps)[None, None], stride=2)


def _double(plane: Tensor, shape: torch.Size) -> Tensor:
    height, width = shape[2:]
    doubled = F.interpolate(plane, scale_factor=2, mode="bilinear", align_corners=False)
    return doubled[..., :height, :width]
