from __future__ import annotations

from pathlib import Path

import pytest
import sam2
import torch
import yaml

from matting_core.errors import ModelError
from matting_core.models.registry import tracker_spec, tracker_specs
from matting_core.models.trackers.sam2_video import model
from matting_core.models.trackers.sam2_video.model import (
    VideoModel,
    build_predictor,
    load_model,
)
from matting_core.models.trackers.video import network
from matting_core.models.trackers.video.network import assign_weights
from matting_core.types import DeviceChoice, Quality
from tests.core.models.trackers.sam2_video.networks import CPU, TINY, small_model
from tests.tables import table

IDS = {
    "sam2.1-tiny": ("sam2.1-tiny", "sam2.1-tiny"),
    "sam2.1-small": ("sam2.1-small", "sam2.1-small"),
    "sam2.1-base-plus": ("sam2.1-base-plus", "sam2.1-base-plus"),
    "sam2.1-large": ("sam2.1-large", "sam2.1-large"),
    "sam2matting-tiny": ("sam2matting-tiny-tracker", "sam2.1-tiny"),
    "sam2matting-base-plus": ("sam2matting-base-plus-tracker", "sam2.1-base-plus"),
}
CHANNELS = {"sam2.1-tiny": 96, "sam2.1-small": 96, "sam2.1-base-plus": 112, "sam2.1-large": 144}


@pytest.fixture(autouse=True)
def nothing_cached():
    for cached in (load_model, model._load_on_device):
        cached.cache_clear()
    yield
    for cached in (load_model, model._load_on_device):
        cached.cache_clear()


def _weights() -> dict[str, torch.Tensor]:
    return dict(small_model().predictor.state_dict())


def test_all_sizes_are_registered() -> None:
    for tracker_id, (weights, encoder) in IDS.items():
        spec = tracker_spec(tracker_id)
        assert spec.weights == (weights,)
        assert spec.encoder == encoder
        assert spec.influence == "nearest"
        assert not spec.hidden
    titles = [spec.title for spec in tracker_specs().values()]
    assert len(set(titles)) == len(titles)


@table("tracker_id", IDS)
def test_each_asks_for_its_own_weights_at_the_sides_of_its_quality(monkeypatch, tracker_id) -> None:
    asked = []

    def load(config, weights, side, device):
        assert device == CPU
        asked.append((config, weights, side))
        return small_model()

    monkeypatch.setattr(model, "load_model", load)
    for quality in (Quality.FULL, Quality.FAST):
        tracker_spec(tracker_id).build(DeviceChoice.CPU, quality)
    (config,) = {config for config, _, _ in asked}
    weights, network = IDS[tracker_id]
    assert [(each, side) for _, each, side in asked] == [(weights, s) for s in (1024, 1024, 512)]
    described = yaml.safe_load((Path(sam2.__file__).parent / config).read_text())
    assert described["model"]["image_encoder"]["trunk"]["embed_dim"] == CHANNELS[network]


def test_weights_are_loaded_once_and_shared_between_sides(monkeypatch) -> None:
    weights = _weights()
    monkeypatch.setattr(model, "load", lambda weights_id: {"some": weights}[weights_id])
    still, moving = (load_model(TINY, "some", side, CPU) for side in (128, 64))
    assert (still.side, moving.side) == (128, 64)
    assert load_model(TINY, "some", 128, CPU) is still
    assert still.predictor.no_mem_embed.data_ptr() == moving.predictor.no_mem_embed.data_ptr()
    for loaded in (still, moving):
        assert loaded.predictor.add_all_frames_to_correct_as_cond
        assert not loaded.predictor.training
        assert not any(each.requires_grad for each in loaded.predictor.parameters())


@table("wrong", ["missing", "unexpected", "shape"])
def test_weights_of_another_model_are_refused(wrong) -> None:
    weights = _weights()
    name = "no_mem_embed"
    if wrong == "missing":
        del weights[name]
    elif wrong == "shape":
        weights[name] = torch.zeros(2, 2)
    else:
        name = "alpha_pred1.0.weight"
        weights[name] = torch.zeros(1)
    with pytest.raises(ModelError, match=rf"'mine' are not for this tracker \(first: {name}\)"):
        assign_weights(build_predictor(TINY, 64, CPU), weights, "mine")


def test_bfloat16_is_used_where_the_device_has_it(monkeypatch) -> None:
    monkeypatch.setattr(network, "has_bfloat16", lambda device: device == CPU)
    predictor = small_model().predictor
    products = []
    for half in (None, True, False):
        video = VideoModel(predictor, half=half)
        with video.running():
            products.append((torch.ones(2, 2) @ torch.ones(2, 2)).dtype)
            assert torch.is_inference_mode_enabled()
    assert products == [torch.bfloat16, torch.bfloat16, torch.float32]
    assert video.compute_features(torch.zeros(3, 64, 64)).stride16.dtype == torch.float32
