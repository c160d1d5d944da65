from __future__ import annotations

import pytest
import torch

from matting_core.errors import WeightsError
from matting_core.models.heads.sam2matting.model import SAM2MattingHeads
from tests.core.models.heads.sam2matting.drawn import checkpoint
from tests.tables import table

KEY = "unknown_alpha_predictor.scale_128.0.weight"


@pytest.fixture(scope="module")
def _drawn():
    return checkpoint()


@pytest.fixture
def drawn(_drawn):
    return dict(_drawn)


def _holds(heads: SAM2MattingHeads, entries) -> bool:
    found = heads.state_dict()
    return all(torch.equal(found[key], value) for key, value in entries.items())


def test_published_shapes_are_those_of_the_layout() -> None:
    shapes = SAM2MattingHeads.published_shapes()
    assert shapes["unknown_region_predictor.scale_64.0.weight"] == (128, 36, 3, 3)
    assert shapes["unknown_region_predictor.scale_256.3.weight"] == (64, 256, 3, 3)
    assert shapes["unknown_fusion.6.weight"] == (1, 32, 1, 1)
    assert shapes["unknown_fusion.4.running_var"] == (32,)
    assert shapes["unknown_alpha_predictor.scale_64.0.weight"] == (260, 512, 4, 4)
    assert shapes["unknown_alpha_predictor.scale_64.6.bias"] == (64,)
    assert shapes[KEY] == (69, 256, 4, 4)
    assert shapes["unknown_alpha_predictor.scale_256.0.weight"] == (37, 256, 4, 4)
    assert shapes["alpha_pred3.3.bias"] == (1,)
    assert shapes["alpha_pred1.1.num_batches_tracked"] == ()


def test_there_are_4_95_million_parameters() -> None:
    assert sum(each.numel() for each in SAM2MattingHeads().parameters()) == 4_949_060


def test_loaded_heads_hold_the_weights_and_are_in_evaluation_mode(drawn) -> None:
    heads = SAM2MattingHeads.load_published(drawn)
    assert isinstance(heads, SAM2MattingHeads)
    assert not any(each.training for each in heads.modules())
    assert _holds(heads, drawn)


def _wrapped(prefix: str, drawn) -> dict:
    tracker = {
        f"{prefix}image_encoder.trunk.unknown_fusion_of_mine": torch.zeros(3),
        f"{prefix}sam_mask_decoder.alpha_pred1.0.weight": torch.zeros(2),
    }
    return tracker | {prefix + key: value for key, value in drawn.items()} | {"epoch": 5}


@table("prefix", ["", "module.", "model.matting."])
def test_tracker_keys_and_a_common_prefix_are_passed_over(drawn, prefix) -> None:
    assert _holds(SAM2MattingHeads.load_published(_wrapped(prefix, drawn)), drawn)


@table("entry", ["model", "state_dict"])
def test_a_checkpoint_inside_a_file_is_found(drawn, entry) -> None:
    assert _holds(SAM2MattingHeads.load_published({entry: drawn, "step": 1}), drawn)


def test_half_precision_is_loaded_as_full(drawn) -> None:
    heads = SAM2MattingHeads.load_published({key: value.half() for key, value in drawn.items()})
    assert {each.dtype for each in heads.parameters()} == {torch.float32}


@table("prefix", ["", "module."])
def test_the_first_missing_key_is_named(drawn, prefix) -> None:
    whole = _wrapped(prefix, drawn)
    for key in (KEY, "alpha_pred1.3.bias"):
        del whole[prefix + key]
    with pytest.raises(WeightsError, match=f"lacks '{KEY}'; choose"):
        SAM2MattingHeads.load_published(whole)


@pytest.mark.parametrize("key", ["unknown_region_predictor.scale_64.0.weight", KEY])
def test_each_missing_key_is_an_error(drawn, key) -> None:
    del drawn[key]
    with pytest.raises(WeightsError, match=key):
        SAM2MattingHeads.load_published(drawn)


def test_a_checkpoint_without_heads_is_refused() -> None:
    for nothing in ({}, {"image_encoder.neck.0.weight": torch.zeros(1)}):
        with pytest.raises(WeightsError, match=r"lacks 'unknown_region_predictor\.scale_64\.0"):
            SAM2MattingHeads.load_published(nothing)


def test_a_wrong_shape_is_named(drawn) -> None:
    drawn[KEY] = torch.zeros(69, 256, 3, 3)
    with pytest.raises(WeightsError, match=rf"'{KEY}' .* is \(69, 256, 3, 3\), not \(69, 256, 4"):
        SAM2MattingHeads.load_published(drawn)


def test_what_is_no_tensor_is_named(drawn) -> None:
    drawn[KEY] = [1, 2]
    with pytest.raises(WeightsError, match=f"'{KEY}' .* is not a tensor"):
        SAM2MattingHeads.load_published(drawn)


def test_a_key_that_no_head_knows_is_named(drawn) -> None:
    drawn["unknown_fusion.7.weight"] = torch.zeros(1)
    with pytest.raises(WeightsError, match=r"'unknown_fusion\.7\.weight', which no head knows"):
        SAM2MattingHeads.load_published(drawn)


def test_refused_weights_leave_heads_as_they_were(drawn) -> None:
    heads = SAM2MattingHeads()
    before = {key: value.clone() for key, value in heads.state_dict().items()}
    del drawn["alpha_pred3.3.bias"]
    with pytest.raises(WeightsError):
        heads.load_published(drawn)
    assert _holds(heads, before)
    assert heads.training
