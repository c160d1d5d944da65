from __future__ import annotations

import pytest
import torch

from matting_core.errors import WeightsError
from matting_core.models.files.recognise import recognise
from matting_core.models.files.tensor_shapes import SAM21_SIZES
from matting_core.models.files.tensor_shapes import sam21_shapes as true_shapes
from matting_core.models.meta_device import NumbersOnCpu
from tests.core.models.files.small import HEADS, NEW, STEM, drawn, sam2matting, sam21, small_shapes
from tests.tables import table

pytestmark = pytest.mark.usefixtures("small_networks")
GAMMA = "image_encoder.trunk.blocks.0.norm1.weight"


@table("size", SAM21_SIZES)
@table("prefix", ["", "module."])
def test_each_size_of_sam_2_1_is_told_by_its_trunk(size, prefix) -> None:
    found = recognise(sam21(size, prefix))
    assert found.title == f"SAM 2.1 {size}"
    assert {key: set(part) for key, part in found.parts.items()} == {
        f"sam2.1-{size}": set(small_shapes(size))
    }


@table("size", ["tiny", "base-plus"])
@table("prefix", ["", "module.", "model.matting."])
def test_sam2matting_is_split(size, prefix) -> None:
    checkpoint = sam2matting(size, prefix) | {"discriminator.weight": torch.zeros(2)}
    found = recognise(checkpoint)
    assert {key: set(part) for key, part in found.parts.items()} == {
        f"sam2matting-{size}-tracker": set(small_shapes(size)),
        f"sam2matting-{size}-heads": set(HEADS),
    }
    heads = found.parts[f"sam2matting-{size}-heads"]
    name = "alpha_pred1.3.bias"
    assert torch.equal(heads[name], checkpoint[prefix + name])


def _refused(checkpoint, match: str) -> None:
    with pytest.raises(WeightsError, match=match) as caught:
        recognise(checkpoint)
    assert "\n" not in str(caught.value)


@table("make", [sam21, sam2matting])
def test_missing_keys_are_counted_and_the_first_is_named(make) -> None:
    checkpoint = make()
    del checkpoint["memory_attention.layers.0.weight"], checkpoint["no_mem_embed"]
    _refused(
        checkpoint, r"misses 2 of 7 keys of SAM 2\.1, first 'memory_attention\.layers\.0\.weight'"
    )


@table("size", SAM21_SIZES)
def test_sam_2_0_is_called_what_it_is(size) -> None:
    checkpoint = {name: value for name, value in sam21(size).items() if name not in NEW}
    _refused(
        checkpoint,
        rf"^This is SAM 2\.0 {size}, .* get the file of SAM 2\.1 {size} \(`wisp models download",
    )
    del checkpoint["no_mem_embed"]
    _refused(checkpoint, "misses 4 of")


def test_what_sam_2_1_added_is_what_its_package_says() -> None:
    from sam2.build_sam import build_sam2

    with torch.device("meta"), NumbersOnCpu(torch.linspace):
        older = build_sam2("configs/sam2/sam2_hiera_t.yaml", device="meta").state_dict()
    assert true_shapes("tiny").keys() - older.keys() == set(NEW)


@table("make", [sam21, sam2matting])
def test_a_wrong_shape_is_named(make) -> None:
    checkpoint = make() | {GAMMA: torch.zeros(7)}
    _refused(checkpoint, rf"'{GAMMA}' of the checkpoint is \(7,\), not \(2,\)")


@table("make", [sam21, sam2matting])
def test_surplus_keys_of_the_tracker_are_refused(make) -> None:
    checkpoint = make() | {"memory_attention.layers.1.weight": torch.zeros(5)}
    _refused(checkpoint, r"has 1 keys that SAM 2\.1 does not know.*layers\.1\.weight'")


NUMBERS = {
    "whole": (lambda value: value.to(torch.int8), "is of type int8, not floating point; get a"),
    "complex": (lambda value: value.to(torch.complex64), "is of type complex64, not floating"),
    "nan": (lambda value: value * torch.nan, "holds numbers that are not finite; its training"),
    "inf": (lambda value: value.half() / 0, "holds numbers that are not finite; its training"),
}


@table("make", [sam21, sam2matting])
@table("kind", NUMBERS)
def test_what_cannot_be_computed_with_is_refused(make, kind) -> None:
    change, said = NUMBERS[kind]
    _refused(make() | {GAMMA: change(make()[GAMMA])}, rf"^'{GAMMA}' of the checkpoint {said}")


def test_heads_of_other_numbers_are_refused_but_for_their_counters() -> None:
    checkpoint = sam2matting()
    counter, bias = "unknown_fusion.1.num_batches_tracked", "alpha_pred1.3.bias"
    recognise(checkpoint | {counter: torch.tensor(5), bias: checkpoint[bias].half()})
    _refused(checkpoint | {bias: torch.full((1,), torch.nan)}, rf"^'{bias}' .* not finite")


def test_modules_beside_a_plain_sam_2_1_are_refused() -> None:
    _refused(sam21() | {"adapter.weight": torch.zeros(5)}, r"1 keys .*'adapter\.weight'")


def test_incomplete_heads_are_refused() -> None:
    checkpoint = sam2matting()
    del checkpoint["alpha_pred1.3.bias"]
    _refused(checkpoint, r"lacks 'alpha_pred1\.3\.bias'")


def test_a_trunk_of_another_size_is_refused() -> None:
    _refused(sam21() | {STEM: torch.zeros(5, 3, 1, 1)}, "trunk of 5 channels and 1 blocks")


def test_sam2matting_of_a_size_that_was_never_published_is_refused() -> None:
    _refused(sam2matting("large"), r"no SAM2Matting for SAM 2\.1 large")


def test_an_unknown_network_is_named_by_a_key() -> None:
    _refused({"layer4.0.conv1.weight": torch.zeros(2)}, r"does not know.*'layer4\.0\.conv1")


OWN_LAYOUT = {"detector.backbone.vision_backbone.trunk.pos_embed": torch.zeros(2)}
PUBLISHED_LAYOUT = {f"{half}_model.x.weight": torch.zeros(2) for half in ("detector", "tracker")}
SAM2_LAYOUT = {STEM: torch.zeros(1024, 3, 1, 1)} | {
    f"image_encoder.trunk.blocks.{number}.norm1.weight": torch.zeros(1024) for number in range(32)
}


@table("tracker", [OWN_LAYOUT, PUBLISHED_LAYOUT, SAM2_LAYOUT])
@table("prefix", ["", "module."])
def test_sam2matting_for_sam_3_is_called_what_it_is(tracker, prefix) -> None:
    named = {prefix + name: value for name, value in tracker.items()}
    _refused(
        named | drawn(HEADS, prefix),
        r"^This is SAM2Matting for SAM 3 in a layout .* get the published file, SAM2Matting-SAM3",
    )


def test_heads_without_a_tracker_are_called_what_they_are() -> None:
    _refused(drawn(HEADS), "holds SAM2Matting's heads without their tracker; import the whole")
    _refused(
        drawn(HEADS) | {"vit.pos_embed": torch.zeros(2)},
        r"SAM2Matting with a tracker that Wisp does not know \(it holds 'vit\.pos_embed'\); get",
    )


def test_sam_3_in_its_own_layout_is_not_supported() -> None:
    _refused(
        OWN_LAYOUT, r"SAM 3 checkpoint in a layout .* use model\.safetensors of .*facebook/sam3"
    )
