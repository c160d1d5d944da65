from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matting_core.models.trackers.sam2_tiny_flow import propagate
from matting_core.models.trackers.sam2_tiny_flow.flow import WarpedMask, make_small_frame
from matting_core.models.trackers.sam2_tiny_flow.memory import ObjectMemory
from matting_core.models.trackers.sam2_tiny_flow.propagate import estimate_confidence
from matting_core.models.trackers.sam2_tiny_flow.propagation_model import NetworkAnswer
from matting_core.types import Size
from matting_core.windows import whole
from tests.core.models.trackers.sam2_tiny_flow.stubs import (
    SIDE,
    Echo,
    Says,
    encode,
    encoded,
    square,
)
from tests.tables import table

SIZE = Size(96, 64)


def _picture(shift: int = 0) -> np.ndarray:
    noise = np.random.default_rng(1).integers(0, 255, (*SIZE.hw, 3), dtype=np.uint8)
    return np.roll(noise, shift, axis=1)


def _state() -> propagate.PassState:
    mask = np.zeros(SIZE.hw, np.float32)
    mask[20:44, 30:60] = 1
    return propagate.start_state(
        make_small_frame(_picture()), mask, ObjectMemory(propagate.make_memory_frame(0, mask))
    )


def _step(
    told: NetworkAnswer,
    fine: propagate.CachedImageModel | None = None,
    state: propagate.PassState | None = None,
):
    state = state or _state()
    target = propagate.choose_target(state, make_small_frame(_picture()))
    models = propagate.Models(propagate.CachedImageModel(Echo(), encode), Says(told), fine)
    return target, propagate.step(state, target, 1, models)


def test_what_the_network_says_is_the_answer() -> None:
    target, found = _step(NetworkAnswer(square(SIDE // 4, (4, 12)), 0.8, 0.9))
    assert not found.lost
    assert 0 < found.confidence < 1
    window = target.window
    inside = found.logits > 0
    share = inside[window.y0 : window.y1, window.x0 : window.x1].mean()
    assert share == pytest.approx(0.25, abs=0.06)
    assert inside.sum() == inside[window.y0 : window.y1, window.x0 : window.x1].sum()


def test_confidence_joins_the_network_with_the_prompted_frame(monkeypatch) -> None:
    monkeypatch.setattr(propagate, "measure_kept", lambda *_: 0.7)
    _, found = _step(NetworkAnswer(square(SIDE // 4, (4, 12)), 0.8, 0.9))
    assert found.confidence == estimate_confidence(0.8, 0.7)


def test_confidence_asks_all_prompted_frames(monkeypatch) -> None:
    shares = {0: 0.9, 5: 0.3}
    monkeypatch.setattr(propagate, "measure_kept", lambda page, *_: shares[page.frame])
    mask = _state().mask
    memory = ObjectMemory(
        propagate.make_memory_frame(0, mask), (propagate.make_memory_frame(5, mask),)
    )
    state = propagate.start_state(make_small_frame(_picture()), mask, memory)
    _, found = _step(NetworkAnswer(square(SIDE // 4, (4, 12)), 0.8, 0.9), state=state)
    assert found.confidence == estimate_confidence(0.8, 0.6)


@table(
    "told",
    [
        NetworkAnswer(square(SIDE // 4), 0.9, 0.9),
        NetworkAnswer(square(SIDE // 4, (4, 12)), 0.9, 0.2),
    ],
)
def test_an_empty_or_unlikely_answer_is_a_loss(told) -> None:
    _, found = _step(told)
    assert found.lost
    assert found.confidence == 0
    assert (found.logits < 0).all()


@table(("share", "lost"), [(0.6, True), (0.9, False)])
def test_after_a_loss_the_whole_frame_is_searched_and_doubt_does_not_do(
    monkeypatch, share, lost
) -> None:
    state = _state()
    target, found = _step(NetworkAnswer(square(SIDE // 4), 0.0, 0.0))
    state = propagate.advance(state, target, 1, make_small_frame(_picture()), found)
    monkeypatch.setattr(propagate, "measure_kept", lambda *_: share)
    told = NetworkAnswer(square(SIDE // 4, (4, 12)), 0.9, 0.9)
    target, found = _step(told, state=state)
    assert target.searching
    assert target.window == whole(SIZE)
    assert found.lost is lost
    _, followed = _step(told)
    assert not followed.lost


@table(("trust", "searching"), [(0.1, True), (0.3, False)])
def test_where_flow_finds_nothing_of_the_object_the_whole_frame_is_searched(
    monkeypatch, trust, searching
) -> None:
    state = _state()
    warped = WarpedMask(state.mask, np.full(SIZE.hw, trust, np.float32), cut=False)
    monkeypatch.setattr(propagate, "warp_mask", lambda *_: warped)
    target = propagate.choose_target(state, make_small_frame(_picture()))
    assert target.searching is searching
    assert (target.window == whole(SIZE)) is searching


def test_only_an_answer_that_is_sure_is_remembered() -> None:
    state = _state()
    target, found = _step(NetworkAnswer(square(SIDE // 4, (4, 12)), 0.9, 0.9))
    for sure, pages in ((0.5, 0), (0.6, 1)):
        answer = replace(found, confidence=sure)
        after = propagate.advance(state, target, 1, make_small_frame(_picture()), answer)
        assert len(after.memory.frames) == pages


def test_a_finer_decoder_has_a_say_in_the_outline() -> None:
    fine = Echo()
    fine.side = 2 * SIDE
    eye = propagate.CachedImageModel(fine, lambda *_: encoded(side=2 * SIDE))
    told = NetworkAnswer(square(SIDE // 4, (4, 12)), 0.8, 0.9)
    _, plain = _step(told)
    _, outlined = _step(told, eye)
    assert len(fine.asked) == 1
    assert fine.asked[0].logits.shape == (SIDE // 2, SIDE // 2)
    assert outlined.logits.max() == pytest.approx(2 * plain.logits.max(), rel=0.01)
