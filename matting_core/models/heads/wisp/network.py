"""Network of the `wisp` head: where to matte, a first alpha, and its confidence.

It joins the ROI detector and progressive predictor of SAM2Matting (eq. 1-6) with the confidence
map of Mask2Alpha (section 4). It differs from the paper in that the detector tells three classes
apart, background, unknown and foreground, so that it can overrule a wrong mask either way.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

SHARPNESS = 5.0
_WIDTH_16, _WIDTH_8, _WIDTH_4, _WIDTH_2 = 96, 48, 40, 16
_HEADS = 4


@dataclass(frozen=True, slots=True)
class Prediction:
    """Prediction for a window of side S.

    Attributes:
        trimap: (B, 3, S/4, S/4) logits of background, unknown, foreground.
        alphas: alpha in [0, 1] of shapes (B, 1, S/8, S/8), (B, 1, S/4, S/4), (B, 1, S/2, S/2).
        confidence: (B, 1, S/4, S/4) logits of 1 - |alpha - truth|.
    """

    trimap: Tensor
    alphas: tuple[Tensor, Tensor, Tensor]
    confidence: Tensor


class WispNet(nn.Module):
    """ROI detector and progressive alpha predictor on frozen features.

    Args:
        progressive: whether each scale is given the coarser scale's alpha; off for an ablation.
    """

    def __init__(self, *, progressive: bool = True) -> None:
        super().__init__()
        self.progressive = progressive
        self.stem2 = _block(3, _WIDTH_2, stride=2)
        self.stem4 = _block(_WIDTH_2, 32, stride=2)
        self.enter16 = _block(256 + 4, _WIDTH_16, kernel=1)
        self.global16 = nn.ModuleList([_Global(_WIDTH_16), _Global(_WIDTH_16)])
        self.enter8 = _block(64, 48, kernel=1)
        self.scale8 = nn.Sequential(
            _block(_WIDTH_16 + 48 + 2, _WIDTH_8), _block(_WIDTH_8, _WIDTH_8)
        )
        self.enter4 = _block(32, 32, kernel=1)
        self.scale4 = nn.Sequential(
            _block(_WIDTH_8 + 32 + 32 + 2, _WIDTH_4), _block(_WIDTH_4, _WIDTH_4)
        )
        self.trimap = nn.Conv2d(_WIDTH_4, 3, 1)
        self.confidence = nn.Conv2d(_WIDTH_4, 1, 1)
        self.alpha8 = nn.Conv2d(_WIDTH_8, 1, 1)
        self.alpha4 = nn.Sequential(_block(_WIDTH_4 + 4, 24), nn.Conv2d(24, 1, 1))
        self.alpha2 = nn.Sequential(
            _block(24 + _WIDTH_2 + 4, _WIDTH_2),
            _block(_WIDTH_2, _WIDTH_2),
            nn.Conv2d(_WIDTH_2, 1, 1),
        )
        self.narrow4 = _block(_WIDTH_4, 24, kernel=1)

    def forward(
        self, features: tuple[Tensor, Tensor, Tensor], mask: Tensor, image: Tensor
    ) -> Prediction:
        """Predict classes, alpha and confidence of windows.

        Args:
            features: (B, 32, S/4, S/4), (B, 64, S/8, S/8), (B, 256, S/16, S/16) of the tracker.
            mask: (B, 1, h, w) mask logits, any size.
            image: (B, 3, S, S) sRGB in [0, 1].
        """
        f4, f8, f16 = features
        fine = self.stem2(image - 0.45)
        guide16, guide8, guide4 = (guide_channels(mask, f.shape[-2:]) for f in (f16, f8, f4))
        x = self.enter16(torch.cat([f16, guide16, resemblance(f16, guide16[:, :1])], 1))
        for layer in self.global16:
            x = layer(x)
        x = self.scale8(torch.cat([_to(x, f8), self.enter8(f8), guide8], 1))
        alpha8 = torch.sigmoid(self.alpha8(x))
        x = self.scale4(torch.cat([_to(x, f4), self.enter4(f4), self.stem4(fine), guide4], 1))
        trimap = self.trimap(x)
        told = torch.softmax(trimap.float(), 1).to(x.dtype)
        alpha4 = torch.sigmoid(self.alpha4(torch.cat([x, told, self._coarser(alpha8, x)], 1)))
        near = [_to(self.narrow4(x), fine), fine, _to(told, fine), self._coarser(alpha4, fine)]
        alpha2 = torch.sigmoid(self.alpha2(torch.cat(near, 1)))
        return Prediction(trimap, (alpha8, alpha4, alpha2), self.confidence(x))

    def _coarser(self, alpha: Tensor, like: Tensor) -> Tensor:
        """up(A_i-1) of eq. 5."""
        larger = _to(alpha, like)
        return larger if self.progressive else torch.zeros_like(larger)


def guide_channels(mask: Tensor, hw: torch.Size) -> Tensor:
    """Resize the mask, (B, 2, h, w): its sharpened probability, and its logits held to +-1."""
    resized = functional.interpolate(mask, size=hw, mode="bilinear", align_corners=False)
    return torch.cat([torch.sigmoid(SHARPNESS * resized), torch.tanh(resized / 4)], 1)


def resemblance(features: Tensor, inside: Tensor) -> Tensor:
    """Measure each place's likeness to the inside and the outside of the mask, (B, 2, h, w).

    Cosine similarity with the mean feature of either side.
    """
    unit = functional.normalize(features.float(), dim=1)
    sides = torch.cat([inside, 1 - inside], 1).float()
    means = torch.einsum("bchw,bshw->bsc", unit, sides)
    return torch.einsum("bchw,bsc->bshw", unit, functional.normalize(means, dim=2)).to(inside.dtype)


class _Global(nn.Module):
    """Attention over the whole window, then two convolutions; both residual."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(1, width)
        self.mix = nn.Conv2d(width, 3 * width, 1)
        self.out = nn.Conv2d(width, width, 1)
        self.local = nn.Sequential(_block(width, width), nn.Conv2d(width, width, 3, padding=1))

    def forward(self, x: Tensor) -> Tensor:
        batch, width, height, breadth = x.shape
        parts = self.mix(self.norm(x)).reshape(batch, 3, _HEADS, width // _HEADS, height * breadth)
        query, key, value = parts.transpose(-1, -2).unbind(1)
        mixed = functional.scaled_dot_product_attention(query, key, value)
        x = x + self.out(mixed.transpose(-1, -2).reshape(batch, width, height, breadth))
        local: Tensor = self.local(x)
        return x + local


def _block(inputs: int, outputs: int, kernel: int = 3, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


def _to(x: Tensor, like: Tensor) -> Tensor:
    return functional.interpolate(x, size=like.shape[-2:], mode="bilinear", align_corners=False)
