"""Frames, normalised as SAM 3 takes them."""

from __future__ import annotations

import numpy as np
import torch

from matting_core.types import Frame8


def normalise_frame(rgb: Frame8, side: int) -> torch.Tensor:
    """Resize an (H, W, 3) uint8 sRGB frame to (3, S, S) float32 in [-1, 1].

    Bilinear with antialiasing, rounded to whole levels, as `transformers` prepares it; its own
    integer arithmetic may round a value to the next level.
    """
    picture = torch.from_numpy(np.asarray(rgb, np.float32)).permute(2, 0, 1)[None]
    small = torch.nn.functional.interpolate(
        picture, (side, side), mode="bilinear", align_corners=False, antialias=True
    )
    return small[0].round().clamp(0, 255) / 127.5 - 1
