"""Video network of SAM 2.1, built by the `sam2` package and run under one guard."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import torch
from sam2.build_sam import build_sam2_video_predictor

from matting_core.models.devices import clear_on_drop
from matting_core.models.trackers.base import Features
from matting_core.models.trackers.video.network import VideoNetwork, assign_weights
from matting_core.models.weights import load

# The package's own post-processing for video, but for the filling of small holes: that needs a
# CUDA extension which most installations lack, and results may not depend on it.
_OPTIONS = (
    "++model.sam_mask_decoder_extra_args.dynamic_multimask_via_stability=true",
    "++model.sam_mask_decoder_extra_args.dynamic_multimask_stability_delta=0.05",
    "++model.sam_mask_decoder_extra_args.dynamic_multimask_stability_thresh=0.98",
    "++model.binarize_mask_from_pts_for_mem_enc=true",
    "++model.add_all_frames_to_correct_as_cond=true",
)


class VideoModel(VideoNetwork):
    """Network at one input side, without any clip.

    Args:
        predictor: a `SAM2VideoPredictor` in eval mode, with
            `add_all_frames_to_correct_as_cond` set, on the device where it shall run.
        half: whether to compute in bfloat16; by default, where the device is made for it.
    """

    def __init__(self, predictor: Any, *, half: bool | None = None) -> None:  # noqa: ANN401 - sam2 has no types
        self.predictor = predictor
        side, device = int(predictor.image_size), torch.device(predictor.device)
        super().__init__(side, device, predictor.sam_mask_decoder, half=half)

    def compute_features(self, picture: torch.Tensor) -> Features:
        """Compute image features of a normalised (3, S, S) float32 picture of any side S."""
        with self.running():
            return make_features(self.predictor.forward_image(picture[None].to(self.device)))


def make_features(backbone: Mapping[str, list[torch.Tensor]]) -> Features:
    """Convert the output of the package's `forward_image`; stride 16 is the neck's own."""
    stride4, stride8, stride16 = (level.float() for level in backbone["backbone_fpn"])
    return Features(stride4, stride8, stride16)


def build_predictor(config: str, side: int, device: torch.device) -> Any:  # noqa: ANN401 - sam2 has no types
    """Build the package's predictor for a network at input side S, with arbitrary weights."""
    options = [*_OPTIONS, f"++model.image_size={side}"]
    predictor = build_sam2_video_predictor(
        config, None, str(device), hydra_overrides_extra=options, apply_postprocessing=False
    )
    return predictor.requires_grad_(requires_grad=False).eval()


@clear_on_drop
@lru_cache(maxsize=1)
def _load_on_device(weights_id: str, device: torch.device) -> Mapping[str, torch.Tensor]:
    return {name: tensor.to(device) for name, tensor in load(weights_id).items()}


# Two: the still and the moving side of one tracker share their weights, another tracker's go.
@clear_on_drop
@lru_cache(maxsize=2)
def load_model(config: str, weights_id: str, side: int, device: torch.device) -> VideoModel:
    """Build a network and load its weights.

    Args:
        config: the `sam2` package's description of the network.
        weights_id: its weights in `matting_core.models.weights`.
        side: S, pixels.
        device: where it runs.

    Raises:
        WeightsError: the weights are missing or damaged.
        ModelError: weights and network do not fit.
    """
    weights = _load_on_device(weights_id, device)
    predictor = build_predictor(config, side, device)
    assign_weights(predictor, weights, weights_id)
    return VideoModel(predictor)
