"""SAM 3's networks in a tiny configuration with weights drawn by the tests."""

from __future__ import annotations

from functools import cache
from typing import Any

import torch
from transformers import Sam3TrackerVideoModel, Sam3VideoConfig

from matting_core.models.trackers.sam3.network import Sam3Network, build_configured

CPU = torch.device("cpu")
SMALL_SIDE = 112
WIDTH = 128
_PATCH = 14


def tiny_config(side: int = SMALL_SIDE) -> Any:
    """Two layers where the published network has 32, and 128 channels where it has 1024."""
    cells = side // _PATCH
    trunk = {
        "model_type": "sam3_vit_model",
        "hidden_size": WIDTH,
        "intermediate_size": 2 * WIDTH,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "image_size": side,
        "window_size": 4,
        "global_attn_indexes": [1],
        "pretrain_image_size": 4 * _PATCH,
    }
    vision = {
        "model_type": "sam3_vision_model",
        "backbone_config": trunk,
        "fpn_hidden_size": WIDTH,
        "backbone_feature_sizes": [[4 * cells] * 2, [2 * cells] * 2, [cells] * 2],
    }
    return Sam3VideoConfig(detector_config=_detector(vision), tracker_config=_tracker(vision, side))


def _detector(vision: dict[str, Any]) -> dict[str, Any]:
    heads = {"hidden_size": WIDTH, "num_attention_heads": 2}
    layers = {**heads, "num_layers": 1, "intermediate_size": 2 * WIDTH}
    text = {
        "model_type": "clip_text_model",
        "vocab_size": 49408,
        "hidden_size": WIDTH,
        "intermediate_size": 2 * WIDTH,
        "projection_dim": WIDTH,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "max_position_embeddings": 32,
        "hidden_act": "gelu",
    }
    return {
        "model_type": "sam3",
        "vision_config": vision,
        "text_config": text,
        "geometry_encoder_config": layers,
        "detr_encoder_config": layers,
        "detr_decoder_config": {**layers, "num_queries": 8},
        "mask_decoder_config": heads,
    }


def _tracker(vision: dict[str, Any], side: int) -> dict[str, Any]:
    return {
        "model_type": "sam3_tracker_video",
        "vision_config": vision,
        "image_size": side,
        "prompt_encoder_config": {
            "hidden_size": WIDTH,
            "image_size": side,
            "mask_input_channels": 4,
        },
        "mask_decoder_config": {
            "hidden_size": WIDTH,
            "mlp_dim": 2 * WIDTH,
            "num_attention_heads": 2,
            "iou_head_hidden_dim": WIDTH,
        },
        "memory_attention_hidden_size": WIDTH,
        "memory_attention_num_layers": 1,
        "memory_attention_feed_forward_hidden_size": 2 * WIDTH,
        "memory_encoder_hidden_size": WIDTH,
        "memory_encoder_output_channels": WIDTH // 2,  # 64 is what the attention takes, always
        "mask_downsampler_embed_dim": WIDTH,
        "memory_fuser_embed_dim": WIDTH,
        "memory_fuser_intermediate_dim": WIDTH,
    }


@cache
def drawn_weights(seed: int = 1) -> dict[str, torch.Tensor]:
    """Random weights with which masks depend on the picture, prompts and memory."""
    generator = torch.Generator().manual_seed(seed)
    weights = {}
    for name, value in build_configured(tiny_config()).state_dict().items():
        normal = torch.randn(value.shape, generator=generator)
        if name.endswith("positional_embedding"):
            weights[name] = normal
        elif value.ndim > 1:
            weights[name] = normal * value[0].numel() ** -0.5
        elif name.endswith("bias"):
            weights[name] = 0.02 * normal
        elif name.endswith("scale"):
            weights[name] = torch.full(value.shape, 0.3)
        else:
            weights[name] = torch.ones(value.shape)
    weights["tracker_model.mask_decoder.pred_obj_score_head.proj_out.bias"].fill_(1.0)
    shared = weights["tracker_model.shared_image_embedding.positional_embedding"]
    weights["tracker_model.prompt_encoder.shared_embedding.positional_embedding"] = shared
    for name, value in weights.items():
        if "output_hypernetworks_mlps" in name and name.endswith("proj_out.weight"):
            value.mul_(8)
    return weights


def drawn_model(side: int = SMALL_SIDE) -> Any:
    """The package's model of both halves with the drawn weights."""
    model = build_configured(tiny_config(side))
    model.load_state_dict(drawn_weights(), assign=True)
    return model.requires_grad_(requires_grad=False)


@cache
def small_network(side: int = SMALL_SIDE) -> Sam3Network:
    """Ours around it, in float32."""
    return Sam3Network(drawn_model(side), half=False)


@cache
def official(side: int = SMALL_SIDE) -> Any:
    """The package's own video tracker with the same weights and an image encoder of its own."""
    model = Sam3TrackerVideoModel(tiny_config(side).tracker_config).eval()
    renamed = {
        name.replace("detector_model.vision_encoder.backbone.", "vision_encoder.backbone.")
        .replace("tracker_neck.", "vision_encoder.neck.")
        .removeprefix("tracker_model."): value
        for name, value in drawn_weights().items()
        if name.startswith(("detector_model.vision_encoder.backbone.", "tracker_"))
    }
    model.load_state_dict(renamed)
    return model
