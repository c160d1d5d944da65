"""SAM 2.1's networks at their true shapes with weights drawn by the tests, at any input side."""

from __future__ import annotations

from functools import cache
from typing import Any

import torch
from sam2.build_sam import build_sam2_video_predictor

from matting_core.models.trackers.sam2_video.model import VideoModel, build_predictor

TINY = "configs/sam2.1/sam2.1_hiera_t.yaml"
CPU = torch.device("cpu")
SMALL_SIDE = 128


def drawn(predictor: Any, seed: int = 1) -> Any:
    """Give it random weights with which masks depend on the picture, prompts and memory.

    As torch leaves them, logits stay within 0.3 and the object's score near 0.
    """
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, value in predictor.state_dict().items():
            normal = torch.randn(value.shape, generator=generator)
            if name.endswith("gaussian_matrix"):
                value.copy_(normal)
            elif value.ndim > 1:
                value.copy_(normal * value[0].numel() ** -0.5)
            elif name.endswith("gamma"):
                value.fill_(0.3)
            elif name.endswith("bias"):
                value.copy_(0.02 * normal)
        decoder = predictor.sam_mask_decoder
        decoder.pred_obj_score_head.layers[-1].bias.fill_(1.0)
        for layers in decoder.output_hypernetworks_mlps:
            layers.layers[-1].weight.mul_(8)
    return predictor


@cache
def small_model(side: int = SMALL_SIDE) -> VideoModel:
    """SAM 2.1 Tiny at a small input, in float32."""
    return VideoModel(drawn(build_predictor(TINY, side, CPU)), half=False)


@cache
def official(side: int = SMALL_SIDE) -> Any:
    """The package's own predictor with the same weights, built as its documentation says.

    Filling holes needs a CUDA extension; without that the package warns on every frame.
    """
    options = [
        f"++model.image_size={side}",
        "++model.add_all_frames_to_correct_as_cond=true",
    ]
    predictor = build_sam2_video_predictor(TINY, None, "cpu", hydra_overrides_extra=options)
    predictor.fill_hole_area = 0
    return drawn(predictor)
