"""Mask decoder of SAM 2: the `sam2` package's weights, in the order that costs the least.

The package multiplies an image's tokens six times a layer, adds the same places to them each time,
and goes back and forth between layouts to enlarge them. Here tokens stay (B, N, C): what is asked
of the same tokens is one product, and the places, which are the same for every picture, are
multiplied once and for all. Answers differ in the last digits only (Kirillov et al. 2023,
appendix A, "Lightweight mask decoder"; Ravi et al. 2024, appendix D.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

_TOKENS_OF_MASKS = slice(2, 6)  # after those of presence and of quality; prompts follow


class MaskDecoder:
    """Decoder of prompts on pictures of one side.

    Args:
        decoder: the package's mask decoder with its weights.
        places: (1, 256, g, g) float32, position encoding of the image's tokens.
    """

    def __init__(self, decoder: Any, places: Tensor) -> None:  # noqa: ANN401 - sam2 has no types
        self._decoder = decoder
        at = places.flatten(2)[0].T.contiguous()
        transformer = decoder.transformer
        self._layers = [_Layer(layer, at) for layer in transformer.layers]
        final = transformer.final_attn_token_to_image
        self._last = _Projection((final.k_proj, True), (final.v_proj, False), at=at)
        enlarge8, self._norm8, _, enlarge4, _ = decoder.output_upscaling
        self._to8, self._to4 = _Upscaling(enlarge8), _Upscaling(enlarge4)
        self._first = torch.cat(
            [
                part.weight
                for part in (decoder.obj_score_token, decoder.iou_token, decoder.mask_tokens)
            ]
        )

    def __call__(
        self, levels: Sequence[Tensor], sparse: Tensor, dense: Tensor, *, several: bool
    ) -> tuple[Tensor, Tensor]:
        """Answer B prompts on one picture.

        Args:
            levels: the encoder's (1, 32, 4g, 4g), (1, 64, 2g, 2g) and (1, 256, g, g).
            sparse: (B, n, 256), points and boxes.
            dense: (B, 256, g, g), mask prompts.
            several: whether three readings are wanted of each, or the one that holds.

        Returns:
            Logits (B, 1 or 3, 4g, 4g) and predicted IoU (B, 1 or 3).
        """
        fine, middle, coarse = levels
        asked = torch.cat([self._first.expand(len(sparse), -1, -1), sparse], 1)
        image = (coarse + dense).flatten(2).transpose(1, 2).contiguous()
        found = asked
        for layer in self._layers:
            found, image = layer(found, image, asked)
        found = self._attend_at_last(found, image, asked)
        grid = coarse.shape[-1]
        masks = self._draw_masks(found[:, _TOKENS_OF_MASKS], image, (fine, middle), grid)
        ious = self._decoder.iou_prediction_head(found[:, 1])
        if several:
            return masks[:, 1:], ious[:, 1:]
        chosen: tuple[Tensor, Tensor] = self._decoder._dynamic_multimask_via_stability(masks, ious)
        return chosen

    def _attend_at_last(self, found: Tensor, image: Tensor, asked: Tensor) -> Tensor:
        """Attend from the prompts' tokens to the image once more."""
        transformer = self._decoder.transformer
        final = transformer.final_attn_token_to_image
        keys, values = self._last(image)
        seen = _attention(final, final.q_proj(found + asked), keys, values)
        result: Tensor = transformer.norm_final_attn(found + seen)
        return result

    def _draw_masks(
        self, tokens: Tensor, image: Tensor, finer: tuple[Tensor, Tensor], grid: int
    ) -> Tensor:
        """Draw masks (B, 4, 4g, 4g), one of each mask token."""
        fine, middle = finer
        count = len(image)
        at8 = _unfold_blocks(self._to8(image).view(count, grid, grid, 2, 2, -1))
        at8 += middle.permute(0, 2, 3, 1)
        norm = self._norm8
        at8 = functional.gelu(
            functional.layer_norm(at8, norm.weight.shape, norm.weight, norm.bias, norm.eps)
        )
        at4 = self._to4(at8).view(count, 2 * grid, 2 * grid, 2, 2, -1)
        blocks = fine.view(1, -1, 2 * grid, 2, 2 * grid, 2)
        at4 = functional.gelu(at4.add_(blocks.permute(0, 2, 4, 3, 5, 1)))
        nets = self._decoder.output_hypernetworks_mlps
        weights = torch.stack([net(tokens[:, n]) for n, net in enumerate(nets)], 2)
        drawn = at4.flatten(1, 4) @ weights
        whole = _unfold_blocks(drawn.view(count, 2 * grid, 2 * grid, 2, 2, -1))
        return whole.permute(0, 3, 1, 2)


class _Layer:
    """Two-way layer: prompts attend to each other and to the image, the image attends back."""

    def __init__(self, layer: Any, at: Tensor) -> None:  # noqa: ANN401
        self._layer = layer
        there, back = layer.cross_attn_token_to_image, layer.cross_attn_image_to_token
        self._image = _Projection(
            (there.k_proj, True), (there.v_proj, False), (back.q_proj, True), at=at
        )
        self._back = back.out_proj.weight.T.contiguous()

    def __call__(self, found: Tensor, image: Tensor, asked: Tensor) -> tuple[Tensor, Tensor]:
        layer = self._layer
        there, back = layer.cross_attn_token_to_image, layer.cross_attn_image_to_token
        if layer.skip_first_layer_pe:
            found = layer.self_attn(found, found, found)
        else:
            placed = found + asked
            found = found + layer.self_attn(placed, placed, found)
        found = layer.norm1(found)
        keys, values, queries = self._image(image)
        seen = _attention(there, there.q_proj(found + asked), keys, values)
        found = layer.norm2(found + seen)
        found = layer.norm3(found + layer.mlp(found))
        told = _heads(back, queries, back.k_proj(found + asked), back.v_proj(found))
        image = torch.baddbmm(
            image + back.out_proj.bias, told, self._back.expand(len(told), -1, -1)
        )
        return found, layer.norm4(image)


class _Projection:
    """Projection of tokens by several linear layers, some of which see the tokens' places too.

    Args:
        parts: each layer, and whether it sees the places.
        at: (N, C), the places.
    """

    def __init__(self, *parts: tuple[Any, bool], at: Tensor) -> None:
        self._weight = torch.cat([layer.weight for layer, _ in parts]).T.contiguous()
        self._start = torch.cat(
            [layer(at) if placed else layer.bias.expand(len(at), -1) for layer, placed in parts],
            1,
        )
        self._sizes = [len(layer.bias) for layer, _ in parts]

    def __call__(self, tokens: Tensor) -> tuple[Tensor, ...]:
        """Project (B, N, C) to one (B, N, c) for each layer."""
        count = len(tokens)
        weight = self._weight.expand(count, -1, -1)
        made = torch.baddbmm(self._start.expand(count, -1, -1), tokens, weight)
        return torch.split_with_sizes(made, self._sizes, 2)


class _Upscaling:
    """Upscaling by a transposed 2 x 2 convolution of stride 2: each token becomes four."""

    def __init__(self, layer: Any) -> None:  # noqa: ANN401
        self._weight = layer.weight.permute(2, 3, 1, 0).flatten(0, 2).contiguous()
        self._bias = layer.bias.repeat(4)

    def __call__(self, tokens: Tensor) -> Tensor:
        """Upscale (..., C) to (..., 2 * 2 * c)."""
        return functional.linear(tokens, self._weight, self._bias)


def _unfold_blocks(blocks: Tensor) -> Tensor:
    """Unfold (B, h, w, 2, 2, C) to (B, 2h, 2w, C)."""
    count, height, width, *_, channels = blocks.shape
    return blocks.transpose(2, 3).reshape(count, 2 * height, 2 * width, channels)


def _attention(layer: Any, queries: Tensor, keys: Tensor, values: Tensor) -> Tensor:  # noqa: ANN401
    result: Tensor = layer.out_proj(_heads(layer, queries, keys, values))
    return result


def _heads(layer: Any, queries: Tensor, keys: Tensor, values: Tensor) -> Tensor:  # noqa: ANN401
    """Attention in heads, (B, N, c), of tokens already projected."""
    query, key, value = (
        each.view(*each.shape[:2], layer.num_heads, -1).transpose(1, 2)
        for each in (queries, keys, values)
    )
    return functional.scaled_dot_product_attention(query, key, value).transpose(1, 2).flatten(2)
