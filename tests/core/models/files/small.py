"""Networks of a few numbers in the places of the true ones, and checkpoints of them."""

from __future__ import annotations

import pytest
import torch

from matting_core.models.files import tensor_shapes

STEM = "image_encoder.trunk.patch_embed.proj.weight"
NEW = ("no_obj_embed_spatial", "obj_ptr_tpos_proj.weight", "obj_ptr_tpos_proj.bias")
"""What SAM 2.1 has and SAM 2.0 has not."""
_TRUNKS = {"tiny": (2, 1), "small": (2, 2), "base-plus": (3, 2), "large": (4, 2)}
HEADS = {
    "unknown_region_predictor.scale_64.0.weight": (2, 3),
    "unknown_fusion.1.num_batches_tracked": (),
    "alpha_pred1.3.bias": (1,),
}


def small_shapes(size: str) -> dict[str, tuple[int, ...]]:
    channels, blocks = _TRUNKS[size]
    trunk = {f"image_encoder.trunk.blocks.{i}.norm1.weight": (channels,) for i in range(blocks)}
    return {
        STEM: (channels, 3, 1, 1),
        **trunk,
        "memory_attention.layers.0.weight": (5,),
        "no_mem_embed": (1, 1, 4),
        **dict.fromkeys(NEW, (2,)),
    }


@pytest.fixture
def small_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensor_shapes, "sam21_shapes", small_shapes)
    monkeypatch.setattr(tensor_shapes, "head_shapes", lambda: HEADS)


def drawn(named: dict[str, tuple[int, ...]], prefix: str = "") -> dict[str, torch.Tensor]:
    noise = torch.Generator().manual_seed(1)
    return {prefix + name: torch.randn(shape, generator=noise) for name, shape in named.items()}


def sam21(size: str = "tiny", prefix: str = "") -> dict[str, torch.Tensor]:
    return drawn(small_shapes(size), prefix)


def sam2matting(size: str = "tiny", prefix: str = "") -> dict[str, torch.Tensor]:
    return drawn({**small_shapes(size), **HEADS}, prefix)
