"""Networks of the heads, under the names that the published checkpoints give them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import torch
from torch import Tensor, nn

from matting_core.models.heads.sam2matting.checkpoint import head_entries
from matting_core.models.heads.sam2matting.equations import (
    alpha,
    alpha_input,
    plane_size,
    resize_bilinear,
    roi,
    roi_logits,
    roi_part,
    sam2matting_trimap,
)

CHANNELS = (32, 64, 256)
"""Channels of the features of stride 4, 8 and 16, whichever SAM they come from."""

SCALES = ("scale_64", "scale_128", "scale_256")
"""Published names: from fine to coarse in the ROI detector, the other way round for alpha."""


@dataclass(frozen=True, slots=True)
class HeadsOutput:
    """Output of the heads for a frame whose stride-4 features are (B, 32, h, w).

    Attributes:
        roi_logits: L, (B, 1, h, w).
        trimap: T, (B, 1, h, w) of 0, 0.5 and 1.
        alphas: A_1 to A_3, coarse to fine, each (B, 1, *, *) in [0, 1] at twice the size of the
            stride-16, stride-8 and stride-4 features.
    """

    roi_logits: Tensor
    trimap: Tensor
    alphas: tuple[Tensor, Tensor, Tensor]

    @property
    def alpha(self) -> Tensor:
        """Finest alpha, (B, 1, 2h, 2w) in [0, 1]."""
        return self.alphas[-1]


class SAM2MattingHeads(nn.Module):
    """ROI detector, pseudo-trimap and progressive alpha predictor (SAM2Matting eq. 1-6).

    For features of SAM 2, SAM 2.1 and SAM 3: their sizes differ, their channels do not. 4.95
    million parameters.
    """

    def __init__(self) -> None:
        super().__init__()
        fine, middle, coarse = (channels + 4 for channels in CHANNELS)
        parts = (_convs(fine, 128, 64), _convs(middle, 128, 64), _convs(coarse, 256, 64))
        projections = (
            _doubling(coarse, 512, 128, 64),
            _doubling(middle + 1, 256, 64),
            _doubling(fine + 1, 256, 128, 64),
        )
        self.unknown_region_predictor = _by_scale(parts)
        self.unknown_fusion = _convs(192, 64, 32).append(nn.Conv2d(32, 1, 1))
        self.unknown_alpha_predictor = _by_scale(projections)
        self.alpha_pred1 = _convs(64, 32).append(nn.Conv2d(32, 1, 1))
        self.alpha_pred2 = _convs(64, 32).append(nn.Conv2d(32, 1, 1))
        self.alpha_pred3 = _convs(64, 32).append(nn.Conv2d(32, 1, 1))

    @classmethod
    def load_published(cls, checkpoint: Mapping[str, object]) -> Self:
        """Make heads in evaluation mode with a checkpoint's weights.

        Raises:
            WeightsError: as for `checkpoint.head_entries`.
        """
        heads = cls()
        heads.load_state_dict(head_entries(checkpoint, cls.published_shapes()))
        return heads.eval()

    @staticmethod
    def published_shapes() -> dict[str, tuple[int, ...]]:
        """Return the shape of every entry of the heads in a published checkpoint, by its key."""
        with torch.device("meta"):
            entries = SAM2MattingHeads().state_dict()
        return {key: tuple(value.shape) for key, value in entries.items()}

    def forward(self, features: Sequence[Tensor], mask: Tensor, image: Tensor) -> HeadsOutput:
        """Matte one batch of frames.

        Args:
            features: F of stride 4, 8 and 16: (B, 32, h, w), (B, 64, h/2, w/2), (B, 256, h/4, w/4).
            mask: logits of M, (B, 1, *, *), resized to (h, w) and compared with 0; or bool.
            image: I, (B, 3, *, *), sRGB less ImageNet's mean, over its deviation. The published
                model sees the whole frame at 1024 x 1024, where h = w = 256.

        Raises:
            ValueError: a shape or type does not fit.
        """
        _check(features, mask, image)
        binary = self.binary_mask(mask, features[0])
        logits = self.detect_roi(features, binary, image)
        trimap = sam2matting_trimap(binary, roi(logits))
        return HeadsOutput(logits, trimap, self.predict_alphas(features, trimap, image))

    @staticmethod
    def binary_mask(mask: Tensor, finest: Tensor) -> Tensor:
        """Return M, (B, 1, h, w) of 0 and 1, on the grid of the finest features and in their type.

        Args:
            mask: logits, (B, 1, *, *), or bool, which is halved between its two values.
            finest: (B, 32, h, w).
        """
        logits = mask.to(finest.dtype) - 0.5 if mask.dtype == torch.bool else mask
        return (resize_bilinear(logits, plane_size(finest)) > 0).to(finest.dtype)

    def detect_roi(self, features: Sequence[Tensor], mask: Tensor, image: Tensor) -> Tensor:
        """Return L, (B, 1, h, w), from F, M and I (eq. 1-2), as `forward` takes or makes them."""
        nets = (self.unknown_region_predictor[scale] for scale in SCALES)
        scales = zip(features, nets, strict=True)
        parts = [roi_part(level, mask, image, net) for level, net in scales]
        return roi_logits(parts, self.unknown_fusion)

    def predict_alphas(
        self, features: Sequence[Tensor], trimap: Tensor, image: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return A_1, A_2 and A_3 from F, T and I (eq. 5-6), as `forward` takes or makes them."""
        first, second, third = (self.unknown_alpha_predictor[scale] for scale in SCALES)
        fine, middle, coarse = features
        one = alpha(alpha_input(coarse, trimap, image), first, self.alpha_pred1)
        two = alpha(alpha_input(middle, trimap, image, one), second, self.alpha_pred2)
        three = alpha(alpha_input(fine, trimap, image, two), third, self.alpha_pred3)
        return one, two, three


def _convs(*channels: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    for before, after in pairwise(channels):
        layers += [nn.Conv2d(before, after, 3, padding=1), nn.BatchNorm2d(after), nn.ReLU()]
    return nn.Sequential(*layers)


def _doubling(before: int, *channels: int) -> nn.Sequential:
    first = nn.ConvTranspose2d(before, channels[0], 4, stride=2, padding=1)
    return nn.Sequential(first, nn.BatchNorm2d(channels[0]), nn.ReLU(), *_convs(*channels))


def _by_scale(nets: Sequence[nn.Module]) -> nn.ModuleDict:
    return nn.ModuleDict(dict(zip(SCALES, nets, strict=True)))


def _check(features: Sequence[Tensor], mask: Tensor, image: Tensor) -> None:
    if len(features) != len(CHANNELS):
        raise ValueError(f"features must be those of stride 4, 8 and 16, not {len(features)}")
    batch = features[0].shape[0]
    for level, channels in zip(features, CHANNELS, strict=True):
        _check_plane("features", level, batch, channels)
    for finer, coarser in pairwise(features):
        sides = zip(plane_size(finer), plane_size(coarser), strict=True)
        if any(abs(fine - 2 * coarse) > 1 for fine, coarse in sides):
            sizes = [plane_size(level) for level in features]
            raise ValueError(f"features must halve from scale to scale, not be {sizes}")
    _check_plane("mask", mask, batch, 1)
    _check_plane("image", image, batch, 3)
    if not all(each.is_floating_point() for each in (*features, image)):
        raise ValueError("features and image must be floating")
    if not (mask.is_floating_point() or mask.dtype == torch.bool):
        raise ValueError(f"mask must be logits or bool, not {mask.dtype}")


def _check_plane(name: str, plane: Tensor, batch: int, channels: int) -> None:
    if plane.ndim != 4 or plane.shape[:2] != (batch, channels) or not plane.numel():
        raise ValueError(f"{name} must be ({batch}, {channels}, h, w), not {tuple(plane.shape)}")
