from __future__ import annotations

import numpy as np
import pytest
import torch

from matting_core.errors import WeightsError
from matting_core.models.trackers.sam2_tiny_flow.memory import MemoryFrame, ObjectMemory
from matting_core.models.trackers.sam2_tiny_flow.network import CUES, PropagationNet
from matting_core.models.trackers.sam2_tiny_flow.propagation_model import PropagationModel
from matting_core.windows import Window
from tests.core.models.trackers.sam2_tiny_flow.stubs import SIDE, encode, encoded
from tests.tables import table

CPU = torch.device("cpu")
WINDOW = Window(10, 5, 60, 45)


def _page(frame: int) -> MemoryFrame:
    return MemoryFrame(frame, WINDOW, np.ones((60, 80), np.float32))


def _follower() -> PropagationModel:
    torch.manual_seed(3)
    return PropagationModel(PropagationNet().state_dict(), CPU)


def test_weights_of_something_else_are_refused() -> None:
    with pytest.raises(WeightsError, match="train it with `wisp train`"):
        PropagationModel({"nothing": torch.zeros(1)}, CPU)


@pytest.mark.weights
def test_the_shipped_weights_are_this_networks() -> None:
    PropagationModel.load_shipped(CPU)


@table("memory", [ObjectMemory(_page(0)), ObjectMemory(_page(0)).add(_page(3))])
def test_it_answers_in_range_and_always_the_same(memory) -> None:
    cues = np.random.default_rng(4).random((CUES, SIDE // 4, SIDE // 4)).astype(np.float32)
    follower = _follower()
    first, again = (follower.predict(encoded(), cues, memory, encode) for _ in range(2))
    assert first.logits.shape == (SIDE // 4, SIDE // 4)
    assert first.logits.dtype == np.float32
    assert np.abs(first.logits).max() <= 15
    assert 0 <= first.expected_iou <= 1
    assert 0 <= first.right <= 1
    assert np.array_equal(first.logits, again.logits)
    assert first.expected_iou == again.expected_iou


def test_without_later_frames_the_prompted_one_stands_in_for_them() -> None:
    cues = np.full((CUES, SIDE // 4, SIDE // 4), 0.5, np.float32)
    alone = _follower().predict(encoded(), cues, ObjectMemory(_page(0)), encode)
    twice = _follower().predict(encoded(), cues, ObjectMemory(_page(0), recent=(_page(0),)), encode)
    assert np.array_equal(alone.logits, twice.logits)
