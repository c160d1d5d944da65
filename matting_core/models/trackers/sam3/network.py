"""Network of SAM 3: detector and tracker over one image encoder, built by `transformers`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from transformers import Sam3VideoConfig, Sam3VideoModel
from transformers.modeling_outputs import BaseModelOutput
from transformers.models.sam3.modeling_sam3 import Sam3VisionEncoderOutput

from matting_core.models.devices import clear_on_drop
from matting_core.models.meta_device import NumbersOnCpu
from matting_core.models.trackers.base import Features
from matting_core.models.trackers.sam3.tokens import tokenize
from matting_core.models.trackers.video.network import VideoNetwork, assign_weights
from matting_core.models.weights import load
from matting_core.types import Frame8

FULL_SIDE = 1008
FAST_SIDE = 560
"""The smaller input that the documentation of `transformers` gives as an example."""


@dataclass(frozen=True, slots=True)
class Instance:
    """Instance on a frame that a text names.

    Attributes:
        logits: (S * 2 / 7, S * 2 / 7) float32 over the whole frame.
        score: [0, 1], the detector's belief that the text means it.
    """

    logits: npt.NDArray[np.float32]
    score: float


class Sam3Network(VideoNetwork):
    """Network at one input side, without any clip.

    Args:
        model: a `Sam3VideoModel` in eval mode, on the device where it shall run.
        half: whether to compute in bfloat16; by default, where the device is made for it.
    """

    def __init__(self, model: Any, *, half: bool | None = None) -> None:  # noqa: ANN401 - transformers has no types
        self._model = model
        self.tracker = model.tracker_model
        side, device = int(self.tracker.image_size), torch.device(model.device)
        super().__init__(side, device, self.tracker.mask_decoder, half=half)

    def encode(self, picture: torch.Tensor) -> torch.Tensor:
        """Encode a normalised (3, S, S) picture for `features` and `find`: (1, cells, channels)."""
        encoder = self._model.detector_model.vision_encoder
        hidden: torch.Tensor
        hidden = encoder.backbone(picture[None].to(self.device)).last_hidden_state
        return hidden

    def levels(self, encoded: torch.Tensor) -> Features:
        """Compute the tracker's maps of an encoded picture: 4g, 2g and g cells a side.

        The coarsest is the neck's own, without memory.
        """
        maps, _ = self._model.get_vision_features_for_tracker(
            BaseModelOutput(last_hidden_state=encoded)
        )
        return Features(*(_as_square(each.float()) for each in maps))

    def compute_features(self, picture: torch.Tensor) -> Features:
        """Compute image features of a normalised (3, S, S) picture of the network's own side."""
        with self.running():
            return self.levels(self.encode(picture))

    def features(self, encoded: torch.Tensor) -> dict[str, Sequence[torch.Tensor]]:
        """Compute the tracker's inputs of an encoded frame, by the names of its session's cache."""
        seen = BaseModelOutput(last_hidden_state=encoded)
        maps, positions = self._model.get_vision_features_for_tracker(seen)
        return {"vision_feats": maps, "vision_pos_embeds": positions}

    def find(self, encoded: torch.Tensor, text: str) -> list[Instance]:
        """Return what a text names on an encoded frame, the most certain first.

        Only what the published configuration counts as found (a score above 0.5) is returned.

        Raises:
            InputError: the text is too long.
        """
        ids, counts = (each.to(self.device) for each in tokenize(text))
        detector = self._model.detector_model
        maps, positions = detector.vision_encoder.neck(self._as_map(encoded))
        seen = Sam3VisionEncoderOutput(
            last_hidden_state=encoded, fpn_hidden_states=maps, fpn_position_encoding=positions
        )
        out = detector(vision_embeds=seen, input_ids=ids, attention_mask=counts)
        scores = (out.pred_logits.float().sigmoid() * out.presence_logits.float().sigmoid())[0]
        order = scores.argsort(descending=True, stable=True)
        found = [index for index in order if scores[index] > self._model.score_threshold_detection]
        return [
            Instance(out.pred_masks[0, index].float().cpu().numpy(), float(scores[index]))
            for index in found
        ]

    def _as_map(self, encoded: torch.Tensor) -> torch.Tensor:
        height, width = self.tracker.prompt_encoder.image_embedding_size
        return encoded.view(len(encoded), height, width, -1).permute(0, 3, 1, 2)


def _as_square(tokens: torch.Tensor) -> torch.Tensor:
    """Reshape (h * h, 1, C) to (1, C, h, h)."""
    side = math.isqrt(len(tokens))
    return tokens.permute(1, 2, 0).reshape(1, -1, side, side)


def build_model(side: int = FULL_SIDE, *, text: bool = True) -> Any:  # noqa: ANN401 - transformers has no types
    """Build the published network at input side S, its weights on the meta device.

    The defaults of `transformers` are the published configuration; nothing is fetched.

    Args:
        side: S, pixels.
        text: whether with the detector, which finds what a text names.
    """
    config = Sam3VideoConfig()
    if side != FULL_SIDE:
        config.image_size = side
    model = build_configured(config)
    return model if text else remove_detector(model)


def remove_detector(model: Any) -> Any:  # noqa: ANN401 - transformers has no types
    """Remove the detector but for the image encoder, which the tracker uses.

    Its weights keep their names.
    """
    encoder, backbone = torch.nn.Module(), model.detector_model.vision_encoder.backbone
    encoder.add_module("backbone", backbone)
    model.detector_model = torch.nn.Module()
    model.detector_model.add_module("vision_encoder", encoder)
    return model


def build_configured(config: Any) -> Any:  # noqa: ANN401 - transformers has no types
    """Build the network of a `Sam3VideoConfig`, its weights on the meta device.

    Tables of positions are in no file, so they are computed now.
    """
    tables = (torch.arange, torch.linspace, torch.tensor, torch.as_tensor)
    with torch.device("meta"), NumbersOnCpu(*tables):
        return Sam3VideoModel(config).eval()


@clear_on_drop
@lru_cache(maxsize=1)
def _load_on_device(weights_id: str, device: torch.device) -> Mapping[str, torch.Tensor]:
    return {name: tensor.to(device) for name, tensor in load(weights_id).items()}


@clear_on_drop
@lru_cache(maxsize=2)
def load_network(
    weights_id: str, side: int, device: torch.device, *, text: bool = True
) -> Sam3Network:
    """Build the network and load its weights, which networks of two sides share.

    Args:
        weights_id: its weights in `matting_core.models.weights`.
        side: S, pixels.
        device: where it runs.
        text: whether it has the detector, which finds what a text names.

    Raises:
        WeightsError: the weights are missing or damaged.
        ModelError: weights and network do not fit.
    """
    weights = _load_on_device(weights_id, device)
    model = build_model(side, text=text)
    assign_weights(model, weights, weights_id)
    return Sam3Network(model.to(device))


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
