"""Image encoder of SAM 2: the `sam2` package's layers, without the work that is thrown away.

The package's `forward_image` serves training and video too. For one picture it computes position
encodings that nobody reads, lifts its two fine levels to 256 channels only to bring them down
again, and multiplies the padding of the windows. Left out, the features differ in the last digits
only (Hiera: Ryali et al. 2023; neck and levels: Ravi et al. 2024, appendix D.1).
"""

from __future__ import annotations

from typing import Any

import torch
from sam2.modeling.backbones.hieradet import do_pool
from sam2.modeling.backbones.utils import window_partition, window_unpartition
from torch import Tensor, nn
from torch.nn import functional

from matting_core.models.devices import has_bfloat16


class ImageEncoder:
    """Encoder of Hiera, its neck, and the mask decoder's two convolutions for fine levels.

    Args:
        sam: a SAM 2 model with its weights; its linear layers may be replaced by equal ones.
        device: where it runs.
    """

    def __init__(self, sam: Any, device: torch.device) -> None:  # noqa: ANN401 - sam2 has no types
        self._trunk = sam.image_encoder.trunk
        neck, decoder = sam.image_encoder.neck, sam.sam_mask_decoder
        self._coarsest, self._coarse, middle, fine = neck.convs  # strides 32, 16, 8 and 4
        self._stride8 = _merge_convolutions(middle.conv, decoder.conv_s1)
        self._stride4 = _merge_convolutions(fine.conv, decoder.conv_s0)
        self._places: dict[tuple[int, ...], Tensor] = {}
        if device.type == "cpu" and not has_bfloat16(device):
            _reorder_linear_layers(self._trunk)

    def __call__(self, picture: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Encode a normalised (1, 3, S, S) picture.

        Returns:
            The decoder's (1, 32, S/4, S/4) and (1, 64, S/8, S/8), and the neck's own
            (1, 256, S/16, S/16).
        """
        tokens = self._trunk.patch_embed(picture)
        tokens = tokens + self._embed_positions(tokens.shape[1:3])
        stages = []
        for number, block in enumerate(self._trunk.blocks):
            tokens = _run_block(block, tokens)
            if number in self._trunk.stage_ends:
                stages.append(tokens.permute(0, 3, 1, 2))
        fine, middle, coarse, coarsest = stages
        above = functional.interpolate(self._coarsest(coarsest).float(), scale_factor=2.0)
        return self._stride4(fine), self._stride8(middle), self._coarse(coarse) + above

    def _embed_positions(self, grid: torch.Size) -> Tensor:
        """Position embedding of a (h, w) grid, kept for all pictures of a size."""
        key = tuple(grid)
        if key not in self._places:
            self._places[key] = self._trunk._get_pos_embed(grid).contiguous()
        return self._places[key]


class _ReorderedLinear(nn.Module):
    """Linear layer for CPUs whose weights were brought into the order that oneDNN reads.

    About a fifth quicker than `nn.Linear`, which copies the bias and reorders on every call.
    """

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__()
        self.bias = layer.bias
        self._weight = torch.ops.mkldnn._reorder_linear_weight(layer.weight)

    def forward(self, x: Tensor) -> Tensor:
        """(..., in) to (..., out) float32."""
        run = torch.ops.mkldnn._linear_pointwise
        result: Tensor = run(x, self._weight, self.bias, "none", [], "")
        return result


def _reorder_linear_layers(module: nn.Module) -> None:
    """Replace the linear layers below a module, where this torch has what that takes."""
    has_operator = hasattr(torch.ops.mkldnn, "_reorder_linear_weight")
    if not has_operator or not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return
    for name, child in list(module.named_children()):
        if isinstance(child, nn.Linear):
            setattr(module, name, _ReorderedLinear(child))
        else:
            _reorder_linear_layers(child)


class _Pointwise(nn.Module):
    """Pointwise (1 x 1) convolution of (B, C, H, W) whose channels lie together in memory."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self._weight, self._bias = weight, bias

    def forward(self, x: Tensor) -> Tensor:
        last = functional.linear(x.permute(0, 2, 3, 1), self._weight, self._bias)
        return last.permute(0, 3, 1, 2)


def _merge_convolutions(first: Any, second: Any) -> _Pointwise:  # noqa: ANN401
    """Merge two 1 x 1 convolutions with nothing between them into one."""
    inner, outer = first.weight.flatten(1), second.weight.flatten(1)
    return _Pointwise(outer @ inner, outer @ first.bias + second.bias)


def _run_block(block: Any, tokens: Tensor) -> Tensor:  # noqa: ANN401
    """Run one block of Hiera, (1, H, W, C) to (1, H', W', C')."""
    normed = block.norm1(tokens)
    if block.dim != block.dim_out:
        tokens = do_pool(block.proj(normed), block.pool)
    tokens = tokens + _attend(block, normed)
    result: Tensor = tokens + block.mlp(block.norm2(tokens))
    return result


def _attend(block: Any, tokens: Tensor) -> Tensor:  # noqa: ANN401
    """Attend inside windows; padding takes part as zeros do, without being multiplied."""
    layer, (height, width) = block.attn, tokens.shape[1:3]
    side = block.window_size or height
    if height % side or width % side:
        windows, padded = _pad_windows(layer.qkv(tokens), side, layer.qkv.bias)
    else:
        parts, padded = window_partition(tokens, side)
        windows = layer.qkv(parts)
    count = len(windows)
    query, key, value = windows.view(count, side * side, 3, layer.num_heads, -1).unbind(2)
    if layer.q_pool:
        query = do_pool(query.reshape(count, side, side, -1), layer.q_pool)
        query = query.reshape(count, -1, layer.num_heads, key.shape[-1])
        side, height, width = side // 2, height // 2, width // 2
        padded = (padded[0] // 2, padded[1] // 2)
    found = functional.scaled_dot_product_attention(
        query.transpose(1, 2), key.transpose(1, 2), value.transpose(1, 2)
    )
    found = found.transpose(1, 2).reshape(count, side, side, -1)
    result: Tensor = layer.proj(window_unpartition(found, side, padded, (height, width)))
    return result


def _pad_windows(qkv: Tensor, side: int, bias: Tensor) -> tuple[Tensor, tuple[int, int]]:
    """Cut (1, H, W, C) into windows, padded with the layer's output for zeros."""
    height, width = (-(-extent // side) * side for extent in qkv.shape[1:3])
    canvas = bias.to(qkv.dtype).expand(1, height, width, -1).contiguous()
    canvas[:, : qkv.shape[1], : qkv.shape[2]] = qkv
    parts, padded = window_partition(canvas, side)
    return parts, padded
