"""Published heads as a matting head: the whole frame at the encoder's side, alpha at half."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from matting_core.errors import InputError
from matting_core.models.devices import forbid_nested_threads, memory_guard
from matting_core.models.heads.base import Guide
from matting_core.models.heads.sam2matting.equations import roi, sam2matting_trimap
from matting_core.models.heads.sam2matting.model import SAM2MattingHeads
from matting_core.models.trackers.base import Features
from matting_core.types import Frame8, Matte, Plane, Size, TrackState
from matting_core.windows import cut_out, resize, whole


@dataclass(frozen=True, slots=True)
class HeadInput:
    """Input picture of published heads.

    Attributes:
        side: of the square that the frame is stretched to, pixels; alpha has half of it.
        mean: taken off sRGB in [0, 1], per channel.
        deviation: what the rest is divided by.
    """

    side: int
    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]


SAM21 = HeadInput(1024, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
SAM3 = HeadInput(1008, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
"""Input pictures, as the encoders take them."""


class PublishedHead:
    """Head that runs SAM2Matting's as published, in float32, and enlarges alpha to the frame.

    Args:
        weights: the heads' entries by their published names.
        device: where they run.
        picture: what they were trained on.

    Raises:
        WeightsError: the entries are not the heads'.
    """

    def __init__(
        self, weights: Mapping[str, Tensor], device: torch.device, picture: HeadInput = SAM21
    ) -> None:
        self._heads = SAM2MattingHeads.load_published(weights).to(device)
        self._heads.requires_grad_(requires_grad=False)
        self._device, self._input = device, picture

    def matte(self, rgb: Frame8, guide: Guide) -> Matte:
        """See `MattingHead.matte`.

        The published model has no confidence: it is 2|alpha - 1/2| in the ROI, 1 - sigmoid(L)
        elsewhere. A person's trimap takes the place of T, and of alpha where it is certain.

        Raises:
            InputError: the guide has no features to look with.
            OutOfMemoryError: the device's memory is full.
        """
        if guide.get_features is None:
            raise InputError("This head needs a tracker with image features; choose another head.")
        even = _find_even_alpha(guide)
        if even is not None:
            return _make_even_matte(rgb.shape[:2], even)
        size = Size(rgb.shape[1], rgb.shape[0])
        features = guide.get_features(whole(size), self._input.side)
        with memory_guard(self._device, "in the matting head", "the head 'wisp'"):
            return self._run(rgb, guide, features)

    @torch.inference_mode()
    def _run(self, rgb: Frame8, guide: Guide, features: Features) -> Matte:
        forbid_nested_threads()
        size = Size(rgb.shape[1], rgb.shape[0])
        levels = [
            torch.as_tensor(level, device=self._device)
            for level in (features.stride4, features.stride8, features.stride16)
        ]
        image = self._normalise(cut_out(rgb, whole(size), self._input.side))
        logits = torch.from_numpy(guide.segmentation.logits.astype(np.float32))
        mask = self._heads.binary_mask(logits[None, None].to(self._device), levels[0])
        found = self._heads.detect_roi(levels, mask, image)
        trimap = self._trimap(guide, mask, roi(found))
        alpha = self._heads.predict_alphas(levels, trimap, image)[-1]
        return _enlarge(alpha, torch.sigmoid(found), trimap, guide, size)

    def _normalise(self, square: Frame8) -> Tensor:
        picture = torch.from_numpy(np.ascontiguousarray(square)).to(self._device)
        told = (self._input.mean, self._input.deviation)
        mean, deviation = (torch.tensor(each, device=self._device) for each in told)
        return ((picture.float() / 255 - mean) / deviation).permute(2, 0, 1)[None]

    def _trimap(self, guide: Guide, mask: Tensor, region: Tensor) -> Tensor:
        if guide.trimap is None:
            return self._refine(sam2matting_trimap(mask, region), guide)
        grid = Size(mask.shape[-1], mask.shape[-2])
        given = resize(np.asarray(guide.trimap, np.float32), grid)
        certain = np.where((given > 0) & (given < 1), np.float32(0.5), given)
        return torch.from_numpy(certain)[None, None].to(self._device)

    def _refine(self, trimap: Tensor, guide: Guide) -> Tensor:
        if guide.refinement is None:
            return trimap
        height, width = guide.refinement.marks.shape
        told = guide.refine_trimap(_plane(trimap), whole(Size(width, height)))
        return torch.from_numpy(told)[None, None].to(self._device)


def _find_even_alpha(guide: Guide) -> float | None:
    """Return 0 or 1 if the mask is that everywhere, else None."""
    if guide.trimap is not None:
        return None
    inside = guide.segmentation.logits > 0
    if guide.segmentation.state is TrackState.LOST or not inside.any():
        return 0.0
    return 1.0 if inside.all() and guide.refinement is None else None


def _make_even_matte(hw: tuple[int, ...], alpha: float) -> Matte:
    everywhere = np.full(hw, alpha, np.float32)
    return Matte(everywhere, np.zeros(hw, np.float32), np.ones(hw, np.float32))


def _enlarge(alpha: Tensor, unsure: Tensor, trimap: Tensor, guide: Guide, size: Size) -> Matte:
    """Enlarge the planes bilinearly to the frame's size."""
    fine = resize(_plane(alpha), size)
    region = resize(_plane((trimap == 0.5).float()), size)
    settled = 1 - resize(_plane(unsure), size)
    if guide.trimap is not None:
        certain = (guide.trimap <= 0) | (guide.trimap >= 1)
        fine = np.where(certain, np.asarray(guide.trimap, np.float32), fine)
    confidence = np.where(region >= 0.5, np.abs(2 * fine - 1), settled)
    return Matte(*(np.clip(plane, 0, 1) for plane in (fine, region, confidence)))


def _plane(tensor: Tensor) -> Plane:
    found: Plane = tensor[0, 0].float().cpu().numpy()
    return found
