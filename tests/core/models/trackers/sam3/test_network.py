from __future__ import annotations

import sys

import numpy as np
import pytest
import torch
from transformers.models.sam3.image_processing_sam3 import Sam3ImageProcessor

from matting_core.errors import ModelError
from matting_core.models import registry
from matting_core.models.files import store, tensor_shapes
from matting_core.models.registry import build_tracker, head_spec, tracker_spec
from matting_core.models.trackers.base import Features
from matting_core.models.trackers.sam3 import network
from matting_core.models.trackers.sam3.network import (
    Sam3Network,
    build_model,
    load_network,
    normalise_frame,
)
from matting_core.models.trackers.sam3.tokens import tokenize
from matting_core.models.weights import find
from matting_core.types import DeviceChoice, Quality, Size
from tests.clips import moving_disc_pictures
from tests.core.models.trackers.sam3.networks import (
    CPU,
    SMALL_SIDE,
    drawn_model,
    drawn_weights,
    small_network,
    tiny_config,
)
from tests.tables import table

PICTURE = normalise_frame(next(iter(moving_disc_pictures(1, Size(96, 72)))), SMALL_SIDE)


@pytest.fixture(autouse=True)
def nothing_cached():
    for cached in (load_network, network._load_on_device):
        cached.cache_clear()
    yield
    for cached in (load_network, network._load_on_device):
        cached.cache_clear()


def test_it_is_registered_with_text() -> None:
    spec = tracker_spec("sam3")
    assert spec.accepts == {"point", "box", "mask", "text"}
    assert spec.influence == "nearest"
    assert spec.encoder == "sam3"
    assert spec.weights == ("sam3",)
    assert not spec.hidden


def test_sam2matting_s_is_registered_without_text_and_with_the_same_encoder() -> None:
    spec = tracker_spec("sam2matting-sam3")
    assert spec.accepts == {"point", "box", "mask"}
    assert spec.encoder == tracker_spec("sam3").encoder == head_spec("sam2matting-sam3").encoder
    assert spec.weights == ("sam2matting-sam3-tracker",)


def test_without_its_packages_it_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setattr(registry, "find_spec", lambda _name: None)
    said = r"'sam3' needs a package .*; run `pip install 'wisp-matting\[sam3\]'`\."
    with pytest.raises(ModelError, match=said):
        build_tracker("sam3", DeviceChoice.CPU, Quality.FAST)


def test_with_an_old_package_it_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "matting_core.models.trackers.sam3.network", None)
    with pytest.raises(ModelError, match=r"newer 'transformers'; run `pip install 'wisp-matt"):
        build_tracker("sam3", DeviceChoice.CPU, Quality.FAST)


def test_the_published_network_is_the_size_of_the_published_file() -> None:
    expected = tensor_shapes.sam3_shapes()
    bytes_ = 4 * sum(int(np.prod(shape)) for shape in expected.values())
    assert len(expected) == 1797
    assert bytes_ == 3439689440
    assert 0 < find("sam3").size - bytes_ < 1e6, "the file has a header of names"


def test_a_file_of_the_network_comes_back_whole(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("WISP_MODELS", str(tmp_path))
    monkeypatch.setattr(
        network, "build_model", lambda side, **_: network.build_configured(tiny_config(side))
    )
    store.install({"sam3": drawn_weights()}, "this test", "0" * 64)
    for side in (112, 56):
        loaded = load_network("sam3", side, CPU)._model.state_dict()
        assert loaded.keys() == drawn_weights().keys()
        assert all(loaded[name].equal(value) for name, value in drawn_weights().items())


def test_a_smaller_input_takes_the_same_weights() -> None:
    small = build_model(network.FAST_SIDE)
    named = {name: tuple(value.shape) for name, value in small.state_dict().items()}
    assert named == tensor_shapes.sam3_shapes()
    assert Sam3Network(small, half=False).side == network.FAST_SIDE


def test_weights_are_loaded_once_and_shared_between_sides(monkeypatch) -> None:
    weights = drawn_weights()
    monkeypatch.setattr(network, "load", lambda weights_id: {"some": weights}[weights_id])
    monkeypatch.setattr(
        network, "build_model", lambda side, **_: network.build_configured(tiny_config(side))
    )
    still, moving = (load_network("some", side, CPU) for side in (112, 56))
    assert (still.side, moving.side) == (112, 56)
    assert load_network("some", 112, CPU) is still
    tables = [each.tracker.no_memory_embedding.data_ptr() for each in (still, moving)]
    assert tables[0] == tables[1]
    assert not any(each.is_meta for each in still._model.buffers())
    assert not any(each.requires_grad for each in still._model.parameters())


def test_both_quality_levels_start_from_the_full_input(monkeypatch) -> None:
    asked = []

    def load(weights_id, side, device, *, text):
        asked.append((weights_id, side, device, text))
        return small_network()

    monkeypatch.setattr(network, "load_network", load)
    for name, weights, text in (
        ("sam3", "sam3", True),
        ("sam2matting-sam3", "sam2matting-sam3-tracker", False),
    ):
        asked.clear()
        for quality in (Quality.FULL, Quality.FAST):
            tracker_spec(name).build(DeviceChoice.CPU, quality)
        assert asked == [(weights, side, CPU, text) for side in (1008, 1008, 560)]


def test_without_the_detector_the_tracker_sees_the_same() -> None:
    whole = small_network()
    rest = network.remove_detector(drawn_model())
    names = set(rest.state_dict())
    assert names < set(drawn_weights())
    kept = ("detector_model.vision_encoder.backbone.", "tracker_model.", "tracker_neck.")
    assert names == {name for name in drawn_weights() if name.startswith(kept)}
    ours, theirs = (
        Sam3Network(rest, half=False).compute_features(PICTURE),
        whole.compute_features(PICTURE),
    )
    for one, other in zip(_levels(ours), _levels(theirs), strict=True):
        assert torch.equal(one, other)


def test_levels_are_those_that_the_package_tracks_with() -> None:
    ours = small_network()
    with ours.running():
        encoded = ours.encode(PICTURE)
        levels = _levels(ours.levels(encoded))
        maps = ours.features(encoded)["vision_feats"]
    assert [tuple(level.shape[2:]) for level in levels] == [(32, 32), (16, 16), (8, 8)]
    for level, tokens in zip(levels, maps, strict=True):
        assert torch.equal(level.flatten(2).permute(2, 0, 1), tokens)


def _levels(features: Features) -> tuple[torch.Tensor, ...]:
    return features.stride4, features.stride8, features.stride16


@table("threshold", [0.0, 0.2, 1.0])
def test_a_text_finds_what_the_package_finds(threshold) -> None:
    model = drawn_model()
    model.score_threshold_detection = threshold
    ids, counts = tokenize("the disc")
    with torch.inference_mode():
        out = model.detector_model(pixel_values=PICTURE[None], input_ids=ids, attention_mask=counts)
    ours = Sam3Network(model, half=False)
    with ours.running():
        found = ours.find(ours.encode(PICTURE), "the disc")
    theirs = Sam3ImageProcessor().post_process_instance_segmentation(out, threshold)[0]
    assert len(found) == len(theirs["scores"])
    order = theirs["scores"].argsort(descending=True)
    for instance, index in zip(found, order, strict=True):
        assert instance.score == pytest.approx(float(theirs["scores"][index]))
        assert np.array_equal(instance.logits > 0, theirs["masks"][index].bool().numpy())
    scores = [instance.score for instance in found]
    assert scores == sorted(scores, reverse=True)


def test_another_text_finds_something_else() -> None:
    model = drawn_model()
    model.score_threshold_detection = 0.0
    ours = Sam3Network(model, half=False)
    with ours.running():
        encoded = ours.encode(PICTURE)
        one, other = (ours.find(encoded, text) for text in ("the disc", "a horse"))
    assert not np.array_equal(one[0].logits, other[0].logits)
