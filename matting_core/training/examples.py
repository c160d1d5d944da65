"""Examples: training pictures with the frozen encoder's features, kept on disk to be used again.

Encoding costs more than a training step, so each picture is encoded once and used many times. A
pool is a folder with one file an example; it can grow while it is being trained on, and a killed
producer goes on where it stopped.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional

from matting_core.metrics.regions import region_similarity
from matting_core.training.guides import Damage, guide_logits
from matting_core.types import Frame8, Plane, Size
from matting_core.windows import Window, add_margin, bounding_box, cut_out

if TYPE_CHECKING:
    from matting_core.models.trackers.sam2_tiny_flow.image_model import ImageModel

_VISIBLE = 0.05
_MARGINS = (0.03, 0.45)
_JITTER = 0.06
_HALF = 127
_WRONG_BELOW = 0.85


@dataclass(frozen=True, slots=True)
class Example:
    """One encoded window of a picture, with its truth and its guide. S is the encoder's input.

    Attributes:
        stride4: (32, S/4, S/4) float16.
        stride8: (64, S/8, S/8) float16.
        stride16: (256, S/16, S/16) float16.
        rgb: (S, S, 3) uint8 sRGB.
        alpha: (S, S) uint8, the exact alpha times 255.
        logits: (S/4, S/4) float16, the guide mask.
    """

    stride4: torch.Tensor
    stride8: torch.Tensor
    stride16: torch.Tensor
    rgb: torch.Tensor
    alpha: torch.Tensor
    logits: torch.Tensor

    def write(self, path: Path) -> None:
        """Save to a file, whole or not at all."""
        part = path.with_suffix(".part")
        save_file({name: getattr(self, name).contiguous() for name in self.__slots__}, part)
        part.replace(path)

    @classmethod
    def read(cls, path: Path) -> Example:
        """Load from a file."""
        return cls(**load_file(path))

    @property
    def has_wrong_mask(self) -> bool:
        """Whether the guide mask misses the subject: region IoU with alpha > 0.5 below 0.85."""
        step = self.alpha.shape[-1] // self.logits.shape[-1]
        truth = functional.avg_pool2d(self.alpha[None].float(), step)[0] > _HALF
        mask = self.logits > 0
        return region_similarity(mask.numpy(), truth.numpy()) < _WRONG_BELOW


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples ready for a network, on one device, float32.

    Attributes:
        features: (B, 32, S/4, S/4), (B, 64, S/8, S/8), (B, 256, S/16, S/16).
        logits: (B, 1, S/4, S/4), the guide masks.
        image: (B, 3, S, S) sRGB in [0, 1].
        alpha: (B, 1, S, S) in [0, 1], the truth.
    """

    features: tuple[torch.Tensor, torch.Tensor, torch.Tensor]
    logits: torch.Tensor
    image: torch.Tensor
    alpha: torch.Tensor

    @classmethod
    def stack(cls, examples: Sequence[Example], device: torch.device) -> Batch:
        """Stack examples; channels last, which makes convolutions on CPUs faster."""

        def stack(parts: Sequence[torch.Tensor]) -> torch.Tensor:
            joined = torch.stack(list(parts)).to(device).float()
            return joined.contiguous(memory_format=torch.channels_last)

        return cls(
            features=(
                stack([one.stride4 for one in examples]),
                stack([one.stride8 for one in examples]),
                stack([one.stride16 for one in examples]),
            ),
            logits=stack([one.logits[None] for one in examples]),
            image=stack([one.rgb.permute(2, 0, 1) for one in examples]) / 255,
            alpha=stack([one.alpha[None] for one in examples]) / 255,
        )

    def mirror(self) -> Batch:
        """Mirror left to right; the encoder is near enough to symmetric for features too."""
        f4, f8, f16 = (level.flip(-1) for level in self.features)
        return Batch((f4, f8, f16), self.logits.flip(-1), self.image.flip(-1), self.alpha.flip(-1))


def make_example(
    rgb: Frame8, alpha: Plane, model: ImageModel, rng: np.random.Generator, damage: Damage
) -> Example:
    """Look at a picture as a head would: through a window around the subject.

    Args:
        rgb: (H, W, 3) uint8 sRGB.
        alpha: (H, W) float32, exact, not empty.
        model: the frozen encoder and decoder.
        rng: decides about window, prompts and damage.
        damage: what may happen to the guide mask.

    Raises:
        ValueError: alpha is 0 everywhere.
    """
    window = _draw_window(alpha, rng)
    seen = cut_out(rgb, window, model.side)
    truth = np.clip(cut_out(alpha, window, model.side), 0, 1)
    encoded = model.encode(seen)
    logits = guide_logits(model, encoded, truth, rng, damage)
    return Example(
        stride4=encoded.stride4[0].half().cpu(),
        stride8=encoded.stride8[0].half().cpu(),
        stride16=encoded.stride16[0].half().cpu(),
        rgb=torch.from_numpy(seen),
        alpha=torch.from_numpy(np.rint(truth * 255).astype(np.uint8)),
        logits=torch.from_numpy(logits).half(),
    )


def pool_files(folder: Path) -> list[Path]:
    """List the finished examples of a pool, by number."""
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if entry.name.endswith(".safetensors"))
    return [folder / name for name in names]


def example_path(folder: Path, index: int) -> Path:
    """Path of example number `index` in a pool."""
    return folder / f"example_{index:06d}.safetensors"


def _draw_window(alpha: Plane, rng: np.random.Generator) -> Window:
    size = Size(alpha.shape[1], alpha.shape[0])
    box = bounding_box(alpha > _VISIBLE) or Window(0, 0, size.width, size.height)
    reach = _JITTER * max(box.width, box.height)
    x0, y0, x1, y1 = np.array(box) + rng.normal(0, reach, 4)
    limits = (size.width, size.height)
    moved = Window(
        int(np.clip(x0, 0, limits[0] - 16)),
        int(np.clip(y0, 0, limits[1] - 16)),
        int(np.clip(x1, min(x0 + 16, limits[0]), limits[0])),
        int(np.clip(y1, min(y0 + 16, limits[1]), limits[1])),
    )
    return add_margin(moved, size, float(rng.uniform(*_MARGINS)))
