"""Names of SAM 3's tracker in its authors' layout, translated to those of `transformers`.

SAM2Matting's file for SAM 3 is `sam3.pt` with its heads below `tracker.`. What tracking needs of it
are the image encoder, the tracker's neck, and the tracker; the detector, which finds what a text
names, is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import torch
from torch import Tensor

_VISION = "detector.backbone.vision_backbone."
_TRACKER = "tracker."
_HALVES = (
    (f"{_VISION}trunk.", "detector_model.vision_encoder.backbone."),
    (f"{_VISION}sam2_convs.", "tracker_neck.fpn_layers."),
    (f"{_TRACKER}sam_mask_decoder.", "tracker_model.mask_decoder."),
    (f"{_TRACKER}sam_prompt_encoder.", "tracker_model.prompt_encoder."),
    (f"{_TRACKER}maskmem_backbone.out_proj.", "tracker_model.memory_encoder.projection."),
    (f"{_TRACKER}maskmem_backbone.", "tracker_model.memory_encoder."),
    (f"{_TRACKER}transformer.encoder.", "tracker_model.memory_attention."),
    (_TRACKER, "tracker_model."),
)
"""How names begin, theirs and `transformers`'; the first that fits counts."""
_MLPS = (
    "iou_prediction_head|output_hypernetworks_mlps\\.\\d+|pred_obj_score_head|object_pointer_proj"
)
_WITHIN = (
    # the image encoder and the neck
    (r"\.blocks\.(\d+)\.attn\.proj\.", r".layers.\1.attention.o_proj."),
    (r"\.blocks\.(\d+)\.attn\.", r".layers.\1.attention."),
    (r"\.blocks\.", ".layers."),
    (r"patch_embed\.proj\.", "embeddings.patch_embeddings.projection."),
    (r"\bpos_embed$", "embeddings.position_embeddings"),
    (r"\bln_pre\.", "layer_norm."),
    (r"\bdconv_2x2_1\.", "scale_layers.2."),
    (r"\bdconv_2x2(_0)?\.", "scale_layers.0."),
    (r"\bconv_1x1\.", "proj1."),
    (r"\bconv_3x3\.", "proj2."),
    # single parameters of the tracker
    (r"\bmaskmem_tpos_enc$", "memory_temporal_positional_encoding"),
    (r"\bno_mem_embed$", "no_memory_embedding"),
    (r"\bno_mem_pos_enc$", "no_memory_positional_encoding"),
    (r"\bno_obj_ptr$", "no_object_pointer"),
    (r"\bno_obj_embed_spatial$", "occlusion_spatial_embedding_parameter"),
    (r"\bobj_ptr_tpos_proj\.", "temporal_positional_encoding_projection_layer."),
    (r"\bobj_ptr_proj\.", "object_pointer_proj."),
    # its memory encoder
    (r"\bpix_feat_proj\.", "feature_projection."),
    (r"\bfuser\.", "memory_fuser."),
    (r"\bdwconv\.", "depthwise_conv."),
    (r"\bpwconv(\d)\.", r"pointwise_conv\1."),
    (r"\bgamma$", "scale"),
    # prompts and masks
    (r"\bpe_layer\.positional_encoding_gaussian_matrix$", "shared_embedding.positional_embedding"),
    (r"\bmask_downscaling\.0\.", "mask_embed.conv1."),
    (r"\bmask_downscaling\.1\.", "mask_embed.layer_norm1."),
    (r"\bmask_downscaling\.3\.", "mask_embed.conv2."),
    (r"\bmask_downscaling\.4\.", "mask_embed.layer_norm2."),
    (r"\bmask_downscaling\.6\.", "mask_embed.conv3."),
    (r"\boutput_upscaling\.0\.", "upscale_conv1."),
    (r"\boutput_upscaling\.1\.", "upscale_layer_norm."),
    (r"\boutput_upscaling\.3\.", "upscale_conv2."),
    (r"\bmlp\.lin1\.", "mlp.proj_in."),
    (r"\bmlp\.lin2\.", "mlp.proj_out."),
    (rf"\b({_MLPS})\.layers\.0\.", r"\1.proj_in."),
    (rf"\b({_MLPS})\.layers\.1\.", r"\1.layers.0."),
    (rf"\b({_MLPS})\.layers\.2\.", r"\1.proj_out."),
    # everywhere
    (r"\bout_proj\.", "o_proj."),
    (r"\bnorm(\d?)\.", r"layer_norm\1."),
    (r"\bnorm_final_attn\.", "layer_norm_final_attn."),
)
_DOWNSAMPLER = re.compile(r"\bmask_downsampler\.encoder\.(\d+)\.")
_LAST_OF_DOWNSAMPLER = 12
_ENTANGLED = ".attention.qkv."
_POINTS = re.compile(r"\.point_embeddings\.(\d)\.weight$")
_POSITIONS = "embeddings.position_embeddings"
_SHARED = "tracker_model.shared_image_embedding.positional_embedding"
_GAUSSIAN = "tracker_model.prompt_encoder.shared_embedding.positional_embedding"


def is_authors_layout(names: Iterable[str]) -> bool:
    """Whether these are names of SAM 3's image encoder and tracker as its authors write them."""
    starts = {start for name in names for start in (_VISION, _TRACKER) if name.startswith(start)}
    return len(starts) == len((_VISION, _TRACKER))


def translate_names(checkpoint: Mapping[str, Tensor]) -> Mapping[str, Tensor]:
    """Return what tracking takes of a checkpoint in the authors' layout.

    Queries, keys and values lie in one matrix there, the four kinds of points in four, and the
    table of positions has a place for a token of the whole picture, which SAM 3 does not use.
    Nothing is checked but names; see `sam3.sam3_tracking_part`.
    """
    found = dict(_split_entries(checkpoint))
    points = [found.pop(name) for name in sorted(found) if _POINTS.search(name)]
    if points:
        found["tracker_model.prompt_encoder.point_embed.weight"] = torch.cat(points)
    if _GAUSSIAN in found:
        found[_SHARED] = found[_GAUSSIAN]
    return found


def _split_entries(checkpoint: Mapping[str, Tensor]) -> Iterator[tuple[str, Tensor]]:
    for official, value in checkpoint.items():
        name = _rename(official)
        if name is None:
            continue
        if _ENTANGLED in name:
            for part, third in zip("qkv", value.chunk(3), strict=False):
                yield name.replace(_ENTANGLED, f".attention.{part}_proj."), third
        elif name.endswith(_POSITIONS):
            yield name, value[:, 1:]
        else:
            yield name, value


def _rename(official: str) -> str | None:
    """Translate a name to that of `transformers`; None for what tracking does not take."""
    for theirs, ours in _HALVES:
        if official.startswith(theirs):
            name = ours + official.removeprefix(theirs)
            for pattern, replacement in _WITHIN:
                name = re.sub(pattern, replacement, name)
            return _DOWNSAMPLER.sub(_rename_downsampler, name)
    return None


def _rename_downsampler(found: re.Match[str]) -> str:
    """Translate a layer number of the mask downsampler: convolution, norm, activation in turn."""
    number = int(found[1])
    if number == _LAST_OF_DOWNSAMPLER:
        return "mask_downsampler.final_conv."
    layer, part = divmod(number, 3)
    return f"mask_downsampler.layers.{layer}.{'layer_norm' if part else 'conv'}."
