"""The encoder and the decoder give what the `sam2` package itself gives with the same weights."""

from __future__ import annotations

import dataclasses
from functools import cache

import cv2
import numpy as np
import pytest
import torch
from sam2.build_sam import build_sam2

from matting_core.models.trackers.sam2_tiny_flow.image_encoder import ImageEncoder
from matting_core.models.trackers.sam2_tiny_flow.image_model import DecoderPrompt, ImageModel
from matting_core.models.weights import load
from tests.tables import table

CPU = torch.device("cpu")
POINT, BOX = ((100.0, 120.0), 1), (50.0, 60.0, 300.0, 400.0)

_FLOW = "matting_core.models.trackers.sam2_tiny_flow"


def _package(side: int):
    """The package's own model at this side, with the shipped weights."""
    overrides = [f"++model.image_size={side}"]
    config = "configs/sam2/sam2_hiera_t.yaml"
    sam = build_sam2(config, None, device="cpu", hydra_overrides_extra=overrides)
    sam.load_state_dict(load("sam2-hiera-tiny-image"), strict=False)
    return sam.requires_grad_(requires_grad=False).eval()


@cache
def _unchanged_package() -> torch.nn.Module:
    """The package's own model that answers are compared with."""
    return _package(512)


def _picture(side: int) -> np.ndarray:
    coarse = np.random.default_rng(side).integers(0, 255, (24, 24, 3), np.uint8)
    return cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)


def _normalised(rgb: np.ndarray) -> torch.Tensor:
    mean, std = torch.tensor((0.485, 0.456, 0.406)), torch.tensor((0.229, 0.224, 0.225))
    return ((torch.from_numpy(rgb) / 255 - mean) / std).permute(2, 0, 1)[None].float()


@pytest.fixture(scope="module")
def model() -> ImageModel:
    return ImageModel(512, CPU)


@pytest.fixture(scope="module")
def seen(model):
    return model.encode(_picture(512))


@pytest.fixture
def in_float32(monkeypatch):
    """Neither side in bfloat16: on CPUs that have it, differences would be of its size."""
    for module in ("image_encoder", "image_model"):
        name = f"{_FLOW}.{module}"
        monkeypatch.setattr(f"{name}.has_bfloat16", lambda _device: False, raising=False)
    monkeypatch.setattr("matting_core.models.devices.has_bfloat16", lambda _device: False)


@table("side", [512, 448])
def test_features_are_those_of_the_package(side, in_float32) -> None:
    """Windows padded at three levels and at none."""
    _check_features(side)


@pytest.mark.slow
def test_features_of_the_largest_input_are_those_of_the_package(in_float32) -> None:
    """Windows padded at other levels."""
    _check_features(1024)


def _check_features(side: int) -> None:
    sam, rgb = _package(side), _normalised(_picture(side))
    expected = sam.forward_image(rgb)["backbone_fpn"]
    found = ImageEncoder(_package(side), CPU)(rgb)
    for ours, theirs in zip(found, expected, strict=True):
        assert ours.shape == theirs.shape
        assert float((ours - theirs).abs().max()) < 1e-4 * float(theirs.abs().max())


def test_without_onednn_layers_stay_as_they_are(in_float32, monkeypatch) -> None:
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    sam = _package(512)
    ImageEncoder(sam, CPU)
    assert all(type(block.attn.qkv) is torch.nn.Linear for block in sam.image_encoder.trunk.blocks)


def test_layers_as_they_are_give_the_same(in_float32, monkeypatch) -> None:
    """Where the CPU has bfloat16, or on a GPU, linear layers are not replaced."""
    rgb = _normalised(_picture(512))
    quick = ImageEncoder(_package(512), CPU)(rgb)
    monkeypatch.setattr(
        "matting_core.models.trackers.sam2_tiny_flow.image_encoder.has_bfloat16",
        lambda _device: True,
    )
    plain = ImageEncoder(_package(512), CPU)(rgb)
    for ours, theirs in zip(quick, plain, strict=True):
        assert torch.allclose(ours, theirs, atol=1e-4)


def test_in_bfloat16_too_features_are_those_of_the_package(monkeypatch) -> None:
    monkeypatch.setattr(
        "matting_core.models.trackers.sam2_tiny_flow.image_encoder.has_bfloat16",
        lambda _device: True,
    )
    ours, theirs, rgb = _package(448), _package(448), _normalised(_picture(448))
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        found = ImageEncoder(ours, CPU)(rgb)
        expected = theirs.forward_image(rgb)["backbone_fpn"]
    for one, other in zip(found, expected, strict=True):
        assert float((one - other).abs().mean()) < 0.02 * float(other.abs().mean())


def test_one_network_serves_both_sides(model) -> None:
    other = ImageModel(1024, CPU)
    seen = other.encode(_picture(1024))
    assert seen.stride16.shape == (1, 256, 64, 64)
    answer = other.decode(seen, DecoderPrompt([POINT]))[0]
    assert answer.logits.shape == (256, 256)
    again = model.decode(model.encode(_picture(512)), DecoderPrompt([POINT]))[0]
    assert again.logits.shape == (128, 128)


@table("several", [False, True])
@table("hints", [DecoderPrompt([POINT]), DecoderPrompt([POINT], BOX), DecoderPrompt(box=BOX)])
def test_answers_are_those_of_the_package(model, seen, hints, several) -> None:
    _check_against_the_package(model, seen, hints, several)


@table("several", [False, True])
@table("hints", [DecoderPrompt([POINT], BOX), DecoderPrompt()])
def test_answers_to_a_mask_are_those_of_the_package(model, seen, hints, several) -> None:
    noise = np.random.default_rng(2).normal(0, 5, (16, 16)).astype(np.float32)
    logits = np.clip(cv2.resize(noise, (128, 128)), -10, 10)
    asked = dataclasses.replace(hints, logits=logits)
    _check_against_the_package(model, seen, asked, several)


def _check_against_the_package(model, seen, hints, several) -> None:
    sam = _unchanged_package()
    places = [*(() if hints.box is None else (hints.box[:2], hints.box[2:]))]
    labels = [2, 3][: len(places)] + [label for _, label in hints.points]
    places += [xy for xy, _ in hints.points]
    points = (torch.tensor([places]), torch.tensor([labels])) if places else None
    masks = None if hints.logits is None else torch.from_numpy(hints.logits)[None, None]
    with torch.inference_mode():
        sparse, dense = sam.sam_prompt_encoder(points=points, boxes=None, masks=masks)
        logits, ious, _, _ = sam.sam_mask_decoder(
            image_embeddings=seen.stride16,
            image_pe=sam.sam_prompt_encoder.get_dense_pe(),
            sparse_prompt_embeddings=sparse,
            dense_prompt_embeddings=dense,
            multimask_output=several,
            repeat_image=False,
            high_res_features=[seen.stride4, seen.stride8],
        )
    found = model.decode(seen, hints, several=several)
    assert len(found) == logits.shape[1]
    for answer, plane, iou in zip(found, logits[0].clamp(-32, 32), ious[0], strict=True):
        assert np.abs(answer.logits - plane.numpy()).max() < 5e-3
        assert answer.predicted_iou == pytest.approx(float(iou), abs=1e-3)


@table("several", [False, True])
@table("form", ["mask", "mask with box and point", "box and point", "points"])
def test_asked_together_the_answers_are_those_of_asking_one_by_one(
    model, seen, form, several
) -> None:
    draw = np.random.default_rng(1)
    asked = []
    for shift in (0.0, 60.0):
        logits = draw.normal(0, 5, (128, 128)).astype(np.float32) if "mask" in form else None
        points = [((POINT[0][0] + shift, POINT[0][1]), 1)] if "point" in form else []
        asked.append(DecoderPrompt(points, BOX if "box" in form else None, logits))
    alone = [model.decode(seen, hints, several=several) for hints in asked]
    together = model.decode_each(seen, asked, several=several)
    assert [len(each) for each in together] == [3 if several else 1] * 2
    for one, other in zip(alone, together, strict=True):
        for ours, theirs in zip(one, other, strict=True):
            assert ours.logits == pytest.approx(theirs.logits, abs=5e-2)
            assert ours.predicted_iou == pytest.approx(theirs.predicted_iou, abs=1e-2)


def test_nothing_asked_is_answered_by_nothing(model, seen) -> None:
    assert model.decode_each(seen, []) == []
