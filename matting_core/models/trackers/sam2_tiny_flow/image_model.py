"""Image model: SAM 2's encoder and mask decoder, run through the `sam2` package."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch
from sam2.build_sam import build_sam2

from matting_core.errors import ModelError
from matting_core.models.devices import (
    clear_on_drop,
    forbid_nested_threads,
    half_precision,
    memory_guard,
)
from matting_core.models.trackers.base import Features
from matting_core.models.trackers.sam2_tiny_flow.image_encoder import ImageEncoder
from matting_core.models.trackers.sam2_tiny_flow.mask_decoder import MaskDecoder
from matting_core.models.weights import load
from matting_core.types import Frame8, Plane, Size
from matting_core.windows import resize

_CONFIG = "configs/sam2/sam2_hiera_t.yaml"
_WEIGHTS = "sam2-hiera-tiny-image"
_MEAN = (0.485, 0.456, 0.406)
_STD = (0.229, 0.224, 0.225)
_NOT_SHIPPED = (
    "mask_downsample.",
    "maskmem_tpos_enc",
    "memory_attention.",
    "memory_encoder.",
    "no_mem_pos_enc",
    "no_obj_ptr",
    "obj_ptr_proj.",
    "sam_mask_decoder.pred_obj_score_head.",
)
_CELL = 16
LOGIT_LIMIT = 10.0


@dataclass(frozen=True, slots=True)
class EncodedPicture:
    """Encoded picture of side S: its features.

    Attributes:
        side: S, pixels.
        stride4: (1, 32, S/4, S/4) float32, for the decoder.
        stride8: (1, 64, S/8, S/8) float32, for the decoder.
        stride16: (1, 256, S/16, S/16) float32, `no_mem_embed` added, for the decoder.
        keys: (256, S/16 * S/16) float32, the neck's own stride-16 output with unit columns, for
            comparing places between frames.
        thumbnail: (S/4, S/4, 3) uint8 sRGB, the picture itself.
    """

    side: int
    stride4: torch.Tensor
    stride8: torch.Tensor
    stride16: torch.Tensor
    keys: torch.Tensor
    thumbnail: Frame8

    @property
    def grid(self) -> int:
        """Cells of `keys` along one side."""
        return self.side // 16

    def features(self) -> Features:
        """Features for matting heads: the decoder's inputs."""
        return Features(self.stride4, self.stride8, self.stride16)


@dataclass(frozen=True, slots=True)
class DecoderPrompt:
    """What the decoder is prompts: all coordinates in pixels of the encoded picture.

    Attributes:
        points: ((x, y), label) with label 1 foreground, 0 background.
        box: (x0, y0, x1, y1) or None.
        logits: (S/4, S/4) float32 mask logits in [-10, 10] or None.
    """

    points: Sequence[tuple[tuple[float, float], int]] = ()
    box: tuple[float, float, float, float] | None = None
    logits: Plane | None = None


@dataclass(frozen=True, slots=True)
class DecodedMask:
    """Mask of the decoder.

    Attributes:
        logits: (S/4, S/4) float32.
        predicted_iou: the decoder's own opinion in [0, 1]; near 1 even for wrong objects.
    """

    logits: Plane
    predicted_iou: float


class ImageModel:
    """Model that encodes pictures of one side length and decodes masks on them.

    Args:
        side: side S of the square input, 512 or 1024.
        device: where it runs.

    Raises:
        WeightsError: the weights are missing or damaged.
        ModelError: weights and model do not fit.
    """

    def __init__(self, side: int, device: torch.device) -> None:
        self.side = side
        self._device = device
        self._sam = _build(device)
        self._encoder = _build_encoder(device)
        self._prompting, self._decoder = _build_decoder(side, device)
        self._mean = torch.tensor(_MEAN, device=device).view(3, 1, 1)
        self._std = torch.tensor(_STD, device=device).view(3, 1, 1)

    @torch.inference_mode()
    def encode(self, rgb: Frame8) -> EncodedPicture:
        """Encode a (S, S, 3) uint8 sRGB picture.

        Raises:
            OutOfMemoryError: the device's memory is full.
        """
        if rgb.shape != (self.side, self.side, 3):
            raise ValueError(f"expected ({self.side}, {self.side}, 3), got {rgb.shape}")
        forbid_nested_threads()
        with self._guard():
            return self._encode(rgb)

    def _encode(self, rgb: Frame8) -> EncodedPicture:
        picture = torch.from_numpy(np.ascontiguousarray(rgb)).to(self._device)
        normal = (picture.permute(2, 0, 1).float() / 255 - self._mean) / self._std
        with half_precision(self._device):
            levels = self._encoder(normal[None])
        stride4, stride8, stride16 = (level.float() for level in levels)
        keys = torch.nn.functional.normalize(stride16[0].flatten(1), dim=0)
        no_memory = self._sam.no_mem_embed.float().view(1, -1, 1, 1)
        thumbnail = resize(rgb, Size(self.side // 4, self.side // 4))
        return EncodedPicture(self.side, stride4, stride8, stride16 + no_memory, keys, thumbnail)

    def decode(
        self, encoded: EncodedPicture, prompt: DecoderPrompt, *, several: bool = False
    ) -> list[DecodedMask]:
        """Answer a prompt with one mask, or with the decoder's three readings of it.

        Raises:
            OutOfMemoryError: the device's memory is full.
        """
        return self.decode_each(encoded, [prompt], several=several)[0]

    @torch.inference_mode()
    def decode_each(
        self, encoded: EncodedPicture, prompts: Sequence[DecoderPrompt], *, several: bool = False
    ) -> list[list[DecodedMask]]:
        """Answer several prompts in one go, a third quicker than one by one.

        Args:
            encoded: the picture that all of them are about.
            prompts: of one form: all with as many points, all with box, all with mask, or none.
            several: as for `decode`.

        Raises:
            OutOfMemoryError: the device's memory is full.
        """
        if not prompts:
            return []
        with self._guard():
            return self._decode(encoded, prompts, several=several)

    def _guard(self) -> AbstractContextManager[None]:
        return memory_guard(self._device, f"at input {self.side}", "quality 'fast'")

    def _decode(
        self, encoded: EncodedPicture, prompts: Sequence[DecoderPrompt], *, several: bool
    ) -> list[list[DecodedMask]]:
        sparse, dense = self._prompting(
            points=self._points(prompts), boxes=None, masks=self._masks(prompts)
        )
        levels = (encoded.stride4, encoded.stride8, encoded.stride16)
        logits, ious = self._decoder(levels, sparse, dense, several=several)
        limited = logits.clamp(-32, 32).float().cpu().numpy()
        return [
            [DecodedMask(plane, float(iou)) for plane, iou in zip(planes, rated, strict=True)]
            for planes, rated in zip(limited, ious, strict=True)
        ]

    def _points(self, prompts: Sequence[DecoderPrompt]) -> tuple[torch.Tensor, torch.Tensor] | None:
        places, labels = [], []
        for prompt in prompts:
            corners = [] if prompt.box is None else [prompt.box[:2], prompt.box[2:]]
            places.append([*corners, *(xy for xy, _ in prompt.points)])
            labels.append([*(2, 3)[: len(corners)], *(label for _, label in prompt.points)])
        if not places[0]:
            return None
        return (
            torch.tensor(places, dtype=torch.float32, device=self._device),
            torch.tensor(labels, dtype=torch.int32, device=self._device),
        )

    def _masks(self, prompts: Sequence[DecoderPrompt]) -> torch.Tensor | None:
        logits = [prompt.logits for prompt in prompts if prompt.logits is not None]
        if not logits:
            return None
        limited = np.clip(np.stack(logits), -LOGIT_LIMIT, LOGIT_LIMIT)
        return torch.from_numpy(limited)[:, None].to(self._device)


@clear_on_drop
@cache
def _build_decoder(side: int, device: torch.device) -> tuple[Any, MaskDecoder]:
    """Build prompt encoder and mask decoder for pictures of a side; weights are shared."""
    sam = _build(device)
    prompting = copy(sam.sam_prompt_encoder)
    prompting.input_image_size = (side, side)
    prompting.image_embedding_size = (side // _CELL, side // _CELL)
    return prompting, MaskDecoder(sam.sam_mask_decoder, prompting.get_dense_pe())


@clear_on_drop
@cache
def _build_encoder(device: torch.device) -> ImageEncoder:
    return ImageEncoder(_build(device), device)


@clear_on_drop
@cache
def _build(device: torch.device) -> Any:  # noqa: ANN401 - sam2 has no types
    sam = build_sam2(_CONFIG, None, device=str(device))
    weights = {name: tensor.to(device) for name, tensor in load(_WEIGHTS).items()}
    missing, unexpected = sam.load_state_dict(weights, strict=False, assign=True)
    wrong = [name for name in missing if not name.startswith(_NOT_SHIPPED)] + list(unexpected)
    if wrong:
        raise ModelError(f"The SAM 2 weights do not fit the sam2 package (first: {wrong[0]}).")
    return sam.requires_grad_(requires_grad=False).eval()
