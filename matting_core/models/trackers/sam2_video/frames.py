"""Frames of a clip as SAM 2 takes them, each made on request."""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image

from matting_core.models.trackers.video.display_clip import DisplayClip
from matting_core.types import Frame8

_MEAN = (0.485, 0.456, 0.406)
_STD = (0.229, 0.224, 0.225)


def normalise_frame(rgb: Frame8, side: int) -> torch.Tensor:
    """Resize an (H, W, 3) uint8 sRGB frame to (3, S, S) float32, ImageNet mean 0 and deviation 1.

    Pillow's resize and the order of the roundings are those of `sam2.utils.misc`'s loader, so that
    equal pixels give equal values.
    """
    small = np.asarray(Image.fromarray(rgb).resize((side, side)), np.float64) / 255
    picture = torch.from_numpy(small).permute(2, 0, 1).to(torch.float32).contiguous()
    return _normalise(picture)


def normalise_square(square: Frame8) -> torch.Tensor:
    """Normalise an (S, S, 3) uint8 sRGB picture that has its size already."""
    picture = torch.from_numpy(np.asarray(square, np.float64) / 255).permute(2, 0, 1)
    return _normalise(picture.to(torch.float32).contiguous())


def _normalise(picture: torch.Tensor) -> torch.Tensor:
    mean = torch.tensor(_MEAN, dtype=torch.float32).view(3, 1, 1)
    std = torch.tensor(_STD, dtype=torch.float32).view(3, 1, 1)
    return picture.sub_(mean).div_(std)


class LazyImages:
    """Lazy images in place of the package's tensor of all frames (12.6 MB a frame at 1024).

    Args:
        clip: the clip.
        side: S.
    """

    def __init__(self, clip: DisplayClip, side: int) -> None:
        self._clip = clip
        self._side = side

    def __len__(self) -> int:
        return len(self._clip)

    def __getitem__(self, index: int) -> torch.Tensor:
        """Frame `index`, see `normalise_frame`."""
        return normalise_frame(self._clip.rgb(index), self._side)
