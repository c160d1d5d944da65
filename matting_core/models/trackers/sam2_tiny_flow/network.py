"""Propagation network: joins flow, memory and the decoder's answers into one mask.

It reads memory as space-time memory networks do (Oh et al. 2019, eq. 1-2), but with keys that are
projections of the frozen encoder's features, and corrects the decoder's answer instead of making
one of its own: the decoder knows the outlines of things, flow and memory know which things, and
which parts of them, belong to this object.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

CUES = 7
"""Number of cue planes, see `NetworkInput`."""

_KEY, _VALUE, _LOOK = 48, 40, 48
_WIDTH_16, _WIDTH_8, _WIDTH_4 = 80, 48, 24
_GROUPS = 8
_LIMIT = 8.0


@dataclass(frozen=True, slots=True)
class NetworkInput:
    """Input for the frame to be answered, in a window of side S.

    Attributes:
        stride4: (B, 32, S/4, S/4), as `Features`.
        stride8: (B, 64, S/8, S/8).
        stride16: (B, 256, S/16, S/16).
        image: (B, 3, S/4, S/4) sRGB minus 0.5, in [-0.5, 0.5].
        cues: (B, 7, S/4, S/4): the mask carried by flow, trust in flow, what the prompted frame and
            what later frames make of each place (all in [0, 1]); then three answers of the decoder
            as logits / 10 in [-2, 2]: the one that fits best, the one to the mask alone, and the
            one to box and point.
    """

    stride4: Tensor
    stride8: Tensor
    stride16: Tensor
    image: Tensor
    cues: Tensor


@dataclass(frozen=True, slots=True)
class MemoryInput:
    """Input of one memory frame, in its own window.

    Attributes:
        stride16: (B, 256, S/16, S/16).
        mask: (B, 1, S/4, S/4) in [0, 1].
    """

    stride16: Tensor
    mask: Tensor


class PropagationNet(nn.Module):
    """Network of half a million parameters; the module's docstring says what it joins."""

    def __init__(self) -> None:
        super().__init__()
        self.key = nn.Conv2d(256, _KEY, 1)
        self.sharpness = nn.Parameter(torch.tensor(3.0))
        self.value_look = nn.Conv2d(256, _LOOK, 1)
        self.value_mask8 = nn.Conv2d(1, 16, 3, stride=2, padding=1)
        self.value_mask16 = nn.Conv2d(16, 32, 3, stride=2, padding=1)
        self.value = nn.Conv2d(_LOOK + 32, _VALUE, 3, padding=1)
        self.look16 = nn.Conv2d(256, _LOOK, 1)
        self.enter16 = nn.Conv2d(_LOOK + 2 * (_VALUE + 1) + 2 * CUES, _WIDTH_16, 3, padding=1)
        self.scale16 = nn.Sequential(_Residual(_WIDTH_16), _Residual(_WIDTH_16))
        self.narrow16 = nn.Conv2d(_WIDTH_16, 32, 1)
        self.look8 = nn.Conv2d(64, 24, 1)
        self.enter8 = nn.Conv2d(32 + 24 + CUES, _WIDTH_8, 3, padding=1)
        self.scale8 = nn.Sequential(_Residual(_WIDTH_8), _Residual(_WIDTH_8))
        self.narrow8 = nn.Conv2d(_WIDTH_8, 16, 1)
        self.look4 = nn.Conv2d(32, 8, 1)
        self.enter4 = nn.Conv2d(16 + 8 + 3 + CUES, _WIDTH_4, 3, padding=1)
        self.scale4 = nn.Sequential(_Residual(_WIDTH_4))
        self.correction = nn.Conv2d(_WIDTH_4, 1, 3, padding=1)
        self.belief = nn.Sequential(nn.Linear(2 * _WIDTH_16 + 8, 64), nn.ReLU(), nn.Linear(64, 2))
        for parameter in self.correction.parameters():
            nn.init.zeros_(parameter)

    def forward(
        self, inputs: NetworkInput, anchor: Sequence[MemoryInput], later: Sequence[MemoryInput]
    ) -> tuple[Tensor, Tensor]:
        """Return mask logits (B, 1, S/4, S/4), and logits of (IoU, whether IoU > 0.5), (B, 2).

        Args:
            inputs: the frame.
            anchor: the prompted frame or frames, at least one.
            later: frames answered since, at least one; the anchor again if there are none yet.
        """
        cues = inputs.cues
        query = self._keys(inputs.stride16)
        read = [*self._read(query, anchor), *self._read(query, later)]
        about = [functional.avg_pool2d(cues, 4), functional.max_pool2d(cues, 4)]
        x = self.enter16(torch.cat([self.look16(inputs.stride16), *read, *about], 1))
        coarse = x = self.scale16(x)
        about = [self.look8(inputs.stride8), functional.avg_pool2d(cues, 2)]
        x = self.scale8(self.enter8(torch.cat([_double(self.narrow16(x)), *about], 1)))
        about = [self.look4(inputs.stride4), inputs.image, cues]
        x = self.scale4(self.enter4(torch.cat([_double(self.narrow8(x)), *about], 1)))
        start = (4 * cues[:, 4:5] + 2 * (cues[:, :1] - 0.5)).clamp(-_LIMIT, _LIMIT)
        logits = start + self.correction(functional.relu(x))
        return logits, self._belief(coarse, logits, cues)

    def _keys(self, stride16: Tensor) -> Tensor:
        """Compute unit keys, (B, 48, S/16 * S/16)."""
        return functional.normalize(self.key(stride16), dim=1).flatten(2)

    def _values(self, frame: MemoryInput) -> Tensor:
        mask = functional.relu(self.value_mask8(2 * frame.mask - 1))
        mask = functional.relu(self.value_mask16(mask))
        value: Tensor = self.value(torch.cat([self.value_look(frame.stride16), mask], 1))
        return value.flatten(2)

    def _read(self, query: Tensor, frames: Sequence[MemoryInput]) -> tuple[Tensor, Tensor]:
        """Read memory's value for each place, (B, 40, g, g), and its best cosine, (B, 1, g, g).

        The weights are a softmax over all places of all memory frames (Oh et al., eq. 1-2).
        """
        keys = torch.cat([self._keys(frame.stride16) for frame in frames], 2)
        values = torch.cat([self._values(frame) for frame in frames], 2)
        sharpness = torch.exp(self.sharpness)
        likeness = torch.einsum("bcn,bcm->bnm", query, keys) * sharpness
        found = torch.einsum("bnm,bvm->bvn", likeness.softmax(2), values)
        best = likeness.max(2).values[:, None] / sharpness
        side = round(query.shape[2] ** 0.5)
        return found.reshape(*found.shape[:2], side, side), best.reshape(-1, 1, side, side)

    def _belief(self, coarse: Tensor, logits: Tensor, cues: Tensor) -> Tensor:
        """Predict the IoU from features inside and around the answer, and from cues that agree."""
        inside = torch.sigmoid(logits)
        answers = torch.sigmoid(10 * cues[:, 4:7])
        others = [
            cues[:, :1],
            cues[:, 2:3],
            cues[:, 3:4],
            answers[:, :1],
            answers[:, 1:2],
            answers[:, 2:],
        ]
        total = inside.sum((1, 2, 3)) + 1
        facts = [
            *(_soft_iou(inside, other) for other in others),
            (cues[:, 1:2] * inside).sum((1, 2, 3)) / total,
            torch.log(inside.mean((1, 2, 3)) + 1e-4) / 5,
        ]
        weight = functional.avg_pool2d(inside, 4)
        seen = functional.relu(coarse)
        within = (seen * weight).sum((2, 3)) / (weight.sum((2, 3)) + 1)
        about = torch.cat([within, seen.mean((2, 3)), torch.stack(facts, 1)], 1)
        belief: Tensor = self.belief(about.detach())
        return belief


class _Residual(nn.Module):
    """Residual block of two convolutions, each after a normalisation."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.GroupNorm(_GROUPS, width), nn.GroupNorm(_GROUPS, width)
        self.conv1 = nn.Conv2d(width, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        inner: Tensor = self.conv1(functional.relu(self.norm1(x)))
        inner = self.conv2(functional.relu(self.norm2(inner)))
        return x + inner


def _double(x: Tensor) -> Tensor:
    return functional.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


def _soft_iou(a: Tensor, b: Tensor) -> Tensor:
    """Soft IoU, minima over maxima, (B,); one pixel on either side keeps it finite."""
    return (torch.minimum(a, b).sum((1, 2, 3)) + 1) / (torch.maximum(a, b).sum((1, 2, 3)) + 1)
