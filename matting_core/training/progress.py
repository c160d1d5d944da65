"""How far training has come: scores on held-out examples, and a page of pictures."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import nn

from matting_core.files import write_bytes_atomically
from matting_core.training.examples import Batch, Example
from matting_core.training.render.sheet import contact_sheet
from matting_core.training.tasks import MattingTask, mask_alpha

_AT_ONCE = 8
SHOWN = 12
"""How many examples a page shows."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Measured on the validation examples at half the encoder's input size.

    Attributes:
        mad: mean over the examples of MAD x 1000 of the finest alpha.
        median: median of the same.
        mask_mad: mean of the guide masks' MAD x 1000.
        mask_median: median of the same.
        spoiled: share of examples where the alpha is worse than the mask by more than a third.
    """

    mad: float
    median: float
    mask_mad: float
    mask_median: float
    spoiled: float

    @property
    def badness(self) -> float:
        """See `Scored.badness`."""
        return self.mad

    def as_dict(self) -> dict[str, float]:
        """By name, rounded."""
        return {name: round(value, 4) for name, value in dataclasses.asdict(self).items()}

    def summary(self) -> str:
        """See `Scored.summary`."""
        return (
            f"MAD {self.mad:.1f}/{self.median:.1f}  (mask {self.mask_mad:.1f}/"
            f"{self.mask_median:.1f})  spoiled {self.spoiled:.0%}"
        )


@torch.inference_mode()
def measure(
    task: MattingTask,
    net: nn.Module,
    examples: Sequence[Example],
    device: torch.device,
    precision: Callable[[], AbstractContextManager[Any]],
) -> Scores:
    """Run a network over examples; at least one."""
    net.eval()
    mine: list[float] = []
    masks: list[float] = []
    for first in range(0, len(examples), _AT_ONCE):
        batch = Batch.of(examples[first : first + _AT_ONCE], device)
        truth = nn.functional.avg_pool2d(batch.alpha, 2)
        with precision():
            alpha = task.alpha(net, batch)
        mine += (1000 * (alpha - truth).abs().mean((1, 2, 3))).tolist()
        masks += (1000 * (mask_alpha(batch) - truth).abs().mean((1, 2, 3))).tolist()
    worse = [one > 4 / 3 * other for one, other in zip(mine, masks, strict=True)]
    return Scores(
        mad=float(np.mean(mine)),
        median=float(np.median(mine)),
        mask_mad=float(np.mean(masks)),
        mask_median=float(np.median(masks)),
        spoiled=float(np.mean(worse)),
    )


@torch.inference_mode()
def write_page(
    path: Path,
    task: MattingTask,
    net: nn.Module,
    examples: Sequence[Example],
    device: torch.device,
) -> None:
    """Write a PNG of the first examples: picture, mask and alpha, each with its MAD x 1000."""
    net.eval()
    items = []
    for example in examples[:SHOWN]:
        batch = Batch.of([example], device)
        truth = nn.functional.avg_pool2d(batch.alpha, 2)
        for name, alpha in (("mask", mask_alpha(batch)), ("net", task.alpha(net, batch))):
            error = 1000 * float((alpha - truth).abs().mean())
            plane = alpha[0, 0].float().cpu().numpy()
            hw = plane.shape[::-1]
            small = cv2.resize(example.rgb.numpy(), hw, interpolation=cv2.INTER_AREA)
            items.append((f"{name} {error:.1f}", small, plane))
    page = contact_sheet(items, columns=4)
    done, png = cv2.imencode(".png", page[..., ::-1])
    if done:
        write_bytes_atomically(path, png.tobytes())
