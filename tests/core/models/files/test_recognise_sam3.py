from __future__ import annotations

import pytest
import torch

from matting_core.errors import WeightsError
from matting_core.models.files import tensor_shapes
from matting_core.models.files.recognise import recognise

EXPECTED = {
    "detector_model.vision_encoder.backbone.layer_norm.weight": (8,),
    "tracker_model.shared_image_embedding.positional_embedding": (2, 4),
    "tracker_model.prompt_encoder.shared_embedding.positional_embedding": (2, 4),
    "tracker_neck.fpn_layers.0.conv1.weight": (3, 3),
}
FIRST, SHARED, TWIN, NECK = EXPECTED


@pytest.fixture(autouse=True)
def small(monkeypatch) -> None:
    monkeypatch.setattr(tensor_shapes, "sam3_shapes", lambda **_: EXPECTED)


def _whole() -> dict[str, torch.Tensor]:
    return {name: torch.ones(shape) for name, shape in EXPECTED.items()}


def _refused(checkpoint, said: str) -> None:
    with pytest.raises(WeightsError, match=said):
        recognise(checkpoint)


def test_sam_3_is_recognised_and_given_whole() -> None:
    tables = {"detector_model.vision_encoder.backbone.layers.0.rotary_emb.x": torch.ones(2)}
    found = recognise(_whole() | tables)
    assert found.title == "SAM 3"
    assert {name: tuple(t.shape) for name, t in found.parts["sam3"].items()} == EXPECTED


def test_a_table_in_two_places_may_be_held_once() -> None:
    checkpoint = _whole()
    del checkpoint[TWIN]
    assert recognise(checkpoint).parts["sam3"][TWIN].equal(checkpoint[SHARED])


def test_what_is_missing_or_of_another_shape_is_refused() -> None:
    checkpoint = _whole()
    del checkpoint[NECK]
    _refused(checkpoint, rf"misses 1 of 4 keys of SAM 3, first '{NECK}'; get a whole")
    _refused(_whole() | {FIRST: torch.ones(9)}, rf"'{FIRST}' of the checkpoint is \(9,\), not")


def test_what_cannot_be_computed_with_is_refused() -> None:
    _refused(_whole() | {NECK: torch.full((3, 3), torch.inf)}, rf"'{NECK}' .* not finite")


def test_without_its_package_it_says_what_to_install(monkeypatch) -> None:
    def missing(**_):
        raise ImportError

    monkeypatch.setattr(tensor_shapes, "sam3_shapes", missing)
    _refused(_whole(), r"This is SAM 3, whose .*`pip install 'wisp-matting\[sam3\]'`, then import")
