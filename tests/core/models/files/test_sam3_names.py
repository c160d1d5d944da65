"""SAM 3's tracker in its authors' layout, as SAM2Matting's file for it has it."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
import torch

from matting_core.errors import WeightsError
from matting_core.models.files import tensor_shapes
from matting_core.models.files.recognise import recognise
from matting_core.models.files.sam3_names import is_authors_layout, translate_names
from tests.core.models.files.small import HEADS, drawn

LAYOUT = Path(__file__).with_name("sam3_authors_layout.txt")
"""Names and shapes of version 0.1.4 of the authors' package, one line for blocks of one form."""


def _numbers(told: str) -> list[str]:
    first, dash, last = told.partition("-")
    return [str(n) for n in range(int(first), int(last) + 1)] if dash else told.split(",")


def authors_layout() -> dict[str, torch.Tensor]:
    """All that tracking needs in that layout, without memory."""
    found = {}
    for line in LAYOUT.read_text(encoding="utf-8").splitlines():
        name, shape = line.split(" ")
        parts = [_numbers(part) if part[0].isdigit() else [part] for part in name.split(".")]
        edges = [int(edge) for edge in shape.split("x")]
        for chosen in product(*parts):
            found[".".join(chosen)] = torch.empty(edges, device="meta")
    return found


def test_every_weight_of_tracking_is_found_in_the_authors_layout() -> None:
    layout, expected = authors_layout(), tensor_shapes.sam3_shapes(text=False)
    assert len(layout) == 773
    assert is_authors_layout(layout)
    found = {name: tuple(value.shape) for name, value in translate_names(layout).items()}
    tables = {name for name in found if name.endswith(".freqs_cis")}
    assert {name: shape for name, shape in found.items() if name not in tables} == expected
    assert sum(torch.Size(shape).numel() for shape in expected.values()) * 4 == 1863130632


def test_what_is_entangled_is_taken_apart() -> None:
    block = "detector.backbone.vision_backbone.trunk.blocks.3.attn.qkv."
    ours = "detector_model.vision_encoder.backbone.layers.3.attention"
    found = translate_names(
        {f"{block}bias": torch.arange(9), f"{block}weight": torch.arange(9)[:, None]}
    )
    assert [found[f"{ours}.{part}_proj.bias"].tolist() for part in "qkv"] == [
        [0, 1, 2],
        [3, 4, 5],
        [6, 7, 8],
    ]
    assert found[f"{ours}.v_proj.weight"].shape == (3, 1)


def test_points_are_put_together_and_the_place_of_no_token_is_left_out() -> None:
    points = {
        f"tracker.sam_prompt_encoder.point_embeddings.{n}.weight": torch.full((1, 2), float(n))
        for n in (2, 0, 3, 1)
    }
    positions = {
        "detector.backbone.vision_backbone.trunk.pos_embed": torch.arange(5.0).view(1, 5, 1)
    }
    found = translate_names(points | positions)
    assert found["tracker_model.prompt_encoder.point_embed.weight"][:, 0].tolist() == [0, 1, 2, 3]
    (name,) = (name for name in found if name.endswith("position_embeddings"))
    assert found[name].flatten().tolist() == [1, 2, 3, 4]


@pytest.fixture
def small(monkeypatch, small_networks) -> dict[str, torch.Tensor]:
    """A checkpoint with a few weights of the tracker, and a network that takes no more."""
    names = {
        "detector.backbone.vision_backbone.trunk.ln_pre.weight": (4,),
        "tracker.no_mem_embed": (1, 1, 4),
        "tracker.maskmem_backbone.out_proj.bias": (2,),
    }
    expected = {
        "detector_model.vision_encoder.backbone.layer_norm.weight": (4,),
        "tracker_model.no_memory_embedding": (1, 1, 4),
        "tracker_model.memory_encoder.projection.bias": (2,),
    }
    monkeypatch.setattr(tensor_shapes, "sam3_shapes", lambda *, text: {} if text else expected)
    return {name: torch.ones(shape) for name, shape in names.items()}


def test_sam2matting_for_sam_3_is_split_into_tracker_and_heads(small) -> None:
    beside = {"detector.transformer.x": torch.ones(3), "tracker.strange": torch.ones(3)}
    found = recognise(small | beside | drawn(HEADS, "tracker."))
    assert found.title == "SAM2Matting SAM 3"
    tracker, heads = found.parts.values()
    assert list(found.parts) == ["sam2matting-sam3-tracker", "sam2matting-sam3-heads"]
    assert "tracker_model.memory_encoder.projection.bias" in tracker
    assert len(tracker) == 3
    assert heads.keys() == HEADS.keys()


def test_a_cut_file_says_what_is_missing(small) -> None:
    del small["tracker.no_mem_embed"]
    said = (
        r"misses 1 of 3 keys of SAM 3's tracker, first 'tracker_model.no_memory_embedding'; get a"
    )
    with pytest.raises(WeightsError, match=said):
        recognise(small | drawn(HEADS, "tracker."))
    heads = drawn(HEADS, "tracker.")
    del heads["tracker.alpha_pred1.3.bias"]
    with pytest.raises(WeightsError, match=r"lacks 'alpha_pred1\.3\.bias'"):
        recognise(small | {"tracker.no_mem_embed": torch.ones(1, 1, 4)} | heads)
