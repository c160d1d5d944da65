"""Losses of the propagation network."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

_EDGE_WEIGHT = 3.0
_OUTLINE = 5
_LEAST_AREA = 0.01
_SCALE = 0.35
_SMOOTH = 8.0


def outline_loss(logits: Tensor, truth: Tensor) -> Tensor:
    """Cross-entropy, four times heavier at the outline, over the square root of the area.

    A small object has few pixels, and all of them near its outline; the root gives it weight
    without letting it rule the batch.

    Args:
        logits: (B, 1, h, w).
        truth: (B, 1, h, w) in [0, 1].

    Returns:
        A scalar.
    """
    each = functional.binary_cross_entropy_with_logits(logits, truth, reduction="none")
    inner = -functional.max_pool2d(-truth, _OUTLINE, 1, _OUTLINE // 2)
    edge = functional.max_pool2d(truth, _OUTLINE, 1, _OUTLINE // 2) - inner
    area = truth.mean((1, 2, 3)).clamp(min=_LEAST_AREA)
    weighted = (each * (1 + _EDGE_WEIGHT * edge)).mean((1, 2, 3))
    return _SCALE * (weighted / area.sqrt()).mean()


def soft_iou_loss(logits: Tensor, truth: Tensor) -> Tensor:
    """1 minus the soft IoU, the sum of minima over that of maxima; a scalar."""
    inside = torch.sigmoid(logits)
    least = torch.minimum(inside, truth).sum((1, 2, 3)) + _SMOOTH
    most = torch.maximum(inside, truth).sum((1, 2, 3)) + _SMOOTH
    return (1 - least / most).mean()


def belief_loss(belief: Tensor, logits: Tensor, truth: Tensor) -> Tensor:
    """Cross-entropy of the expected J with the J found, and half that of whether it is above 0.5.

    Args:
        belief: (B, 2) logits.
        logits: (B, 1, h, w).
        truth: (B, 1, h, w) in [0, 1].

    Returns:
        A scalar; only the belief gets a gradient.
    """
    found = region_iou(logits.detach(), truth)
    entropy = functional.binary_cross_entropy_with_logits
    return entropy(belief[:, 0], found) + 0.5 * entropy(belief[:, 1], (found > 0.5).float())


def region_iou(logits: Tensor, truth: Tensor) -> Tensor:
    """J of logits > 0 with truth > 0.5, (B,); 1 where both are empty."""
    mine, its = logits > 0, truth > 0.5
    both = (mine & its).sum((1, 2, 3)).float()
    either = (mine | its).sum((1, 2, 3)).float()
    return torch.where(either > 0, both / either.clamp(min=1), torch.ones_like(both))
