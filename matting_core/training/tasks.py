"""Tasks: a network with its losses, and for a matting head its alpha."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from matting_core.models.heads.sam2matting.model import SAM2MattingHeads
from matting_core.models.heads.wisp.network import SHARPNESS, Prediction, WispNet
from matting_core.training import losses
from matting_core.training.config import LossWeights, TrainConfig
from matting_core.training.examples import Batch

_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_CLEAR, _SOLID = 0.02, 0.98


BatchT_contra = TypeVar("BatchT_contra", contravariant=True)


class TrainingTask(Protocol[BatchT_contra]):
    """Network and its losses."""

    def build(self) -> nn.Module:
        """Make the network with fresh weights."""
        ...

    def losses(self, net: nn.Module, batch: BatchT_contra) -> Mapping[str, Tensor]:
        """Compute the weighted losses of a batch by name, scalars, whose sum is minimised."""
        ...


class MattingTask(TrainingTask[Batch], Protocol):
    """TrainingTask whose network makes alpha of masks."""

    def alpha(self, net: nn.Module, batch: Batch) -> Tensor:
        """Compute the finest alpha, (B, 1, S/2, S/2) in [0, 1]."""
        ...


def make_matting_task(config: TrainConfig) -> MattingTask:
    """Make the matting task that a configuration asks for."""
    if config.head == "wisp":
        return WispTask(config.loss, progressive=config.progressive)
    return PublishedTask(config.loss)


@dataclass(frozen=True, slots=True)
class WispTask:
    """TrainingTask that trains `wisp`'s network."""

    weights: LossWeights
    progressive: bool = True

    def build(self) -> nn.Module:
        """See `TrainingTask.build`."""
        return WispNet(progressive=self.progressive)

    def losses(self, net: nn.Module, batch: Batch) -> Mapping[str, Tensor]:
        """See `TrainingTask.losses`."""
        prediction: Prediction = net(batch.features, batch.logits, batch.image)
        weights, finest = self.weights, prediction.alphas[-1]
        truth = _shrink_to(batch.alpha, finest)
        scales = (0.3, 0.6, 1.2) if self.progressive else (0.0, 0.0, 1.2)
        terms = {
            "trimap": weights.trimap
            * losses.trimap_focal(
                prediction.trimap,
                trimap_truth(batch.alpha, prediction.trimap.shape[-1]),
                gamma=weights.focus,
                class_weights=(1.0, weights.unknown, 1.0),
            ),
            "alpha": weights.alpha * losses.alpha_loss(prediction.alphas, batch.alpha, scales),
            "gradient": weights.gradient * losses.gradient_loss(finest, truth),
            "confidence": weights.confidence * self._confidence(prediction, batch),
        }
        if weights.consistency:
            terms["consistency"] = weights.consistency * _consistency(finest, batch, truth)
        if weights.smoothness:
            image = _shrink_to(batch.image, finest)
            smoothness = losses.smoothness_loss(finest, image, truth)
            terms["smoothness"] = weights.smoothness * smoothness
        return terms

    def alpha(self, net: nn.Module, batch: Batch) -> Tensor:
        """See `MattingTask.alpha`."""
        prediction: Prediction = net(batch.features, batch.logits, batch.image)
        return prediction.alphas[-1].float()

    @staticmethod
    def _confidence(prediction: Prediction, batch: Batch) -> Tensor:
        """Confidence loss against the finest alpha's error, averaged over each cell of the map."""
        sure = torch.sigmoid(prediction.confidence.float())
        finest = _shrink_to(prediction.alphas[-1].float(), sure)
        return losses.confidence_loss(sure, finest, _shrink_to(batch.alpha, sure))


@dataclass(frozen=True, slots=True)
class PublishedTask:
    """TrainingTask that trains the published layout as the paper does (eq. 7-12)."""

    weights: LossWeights

    def build(self) -> nn.Module:
        """See `TrainingTask.build`."""
        return SAM2MattingHeads()

    def losses(self, net: nn.Module, batch: Batch) -> Mapping[str, Tensor]:
        """See `TrainingTask.losses`."""
        out = net(batch.features, batch.logits, _normalise(batch.image))
        small = _shrink_to(batch.alpha, out.roi_logits)
        roi = losses.roi_loss(out.roi_logits, losses.roi_truth(small))
        finest = out.alphas[-1]
        return {
            "roi": self.weights.trimap * roi,
            "alpha": self.weights.alpha * losses.alpha_loss(out.alphas, batch.alpha),
            "consistency": self.weights.consistency
            * _consistency(finest, batch, _shrink_to(batch.alpha, finest)),
        }

    def alpha(self, net: nn.Module, batch: Batch) -> Tensor:
        """See `MattingTask.alpha`."""
        out = net(batch.features, batch.logits, _normalise(batch.image))
        return _shrink_to(out.alpha.float(), batch.image[..., ::2, ::2])


def trimap_truth(alpha: Tensor, side: int) -> Tensor:
    """The true class of each cell, (B, side, side) int64: 0 background, 1 unknown, 2 foreground.

    A cell is unknown if alpha is neither 0 nor 1 within it or a little around it.

    Args:
        alpha: (B, 1, S, S) in [0, 1], S a multiple of `side`.
        side: cells along one side.
    """
    cell = alpha.shape[-1] // side
    between = ((alpha > _CLEAR) & (alpha < _SOLID)).float()
    near = functional.max_pool2d(functional.max_pool2d(between, 5, 1, 2), cell)
    classes = (functional.avg_pool2d(alpha, cell) > 0.5).long() * 2
    return torch.where(near > 0, 1, classes)[:, 0]


def mask_alpha(batch: Batch) -> Tensor:
    """Resize the guide mask to alpha, (B, 1, S/2, S/2): what the network has to beat."""
    side = batch.image.shape[-1] // 2
    logits = functional.interpolate(batch.logits, (side, side), mode="bilinear")
    return torch.sigmoid(SHARPNESS * logits)


def _consistency(finest: Tensor, batch: Batch, truth: Tensor) -> Tensor:
    """Consistency loss (eq. 11) where the guide mask is right: masks are damaged on purpose."""
    mask = (mask_alpha(batch) > 0.5).float()
    mask = (
        _shrink_to(mask, finest) if mask.shape[-1] > finest.shape[-1] else _enlarge_to(mask, finest)
    )
    right = ((mask - truth).abs() < 0.5).float()
    return losses.consistency_loss(finest, mask, right)


def _shrink_to(plane: Tensor, like: Tensor) -> Tensor:
    hw = (like.shape[-2], like.shape[-1])
    return plane if plane.shape[-2:] == hw else functional.interpolate(plane, hw, mode="area")


def _enlarge_to(plane: Tensor, like: Tensor) -> Tensor:
    return functional.interpolate(plane, like.shape[-2:], mode="bilinear", align_corners=False)


def _normalise(image: Tensor) -> Tensor:
    mean = image.new_tensor(_MEAN).view(1, 3, 1, 1)
    return (image - mean) / image.new_tensor(_STD).view(1, 3, 1, 1)
