from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matting_core.trackers.sam2_tiny_flow.flow import Warped
from matting_core.trackers.sam2_tiny_flow.memory import Memory, Page
from matting_core.trackers.sam2_tiny_flow.views import cues_of, follow, search
from matting_core.types import Size
from matting_core.windows import Window
from tests.core.trackers.sam2_tiny_flow.stubs import GRID, SIDE, Echo, encode

SIZE = Size(80, 60)
WINDOW = Window(10, 5, 60, 45)


def _mask() -> np.ndarray:
    mask = np.zeros(SIZE.hw, np.float32)
    mask[15:35, 25:45] = 1
    return mask


def _memory() -> Memory:
    return Memory(Page(0, WINDOW, _mask()))


def _followed(trust: float = 1.0, memory: Memory | None = None, doubt: float = 0.0):
    warped = Warped(_mask(), np.full(SIZE.hw, trust, np.float32), cut=False)
    return follow(warped, WINDOW, memory or _memory(), doubt, (1, encode))


def test_without_later_frames_the_prompted_one_speaks_twice() -> None:
    view = _followed()
    assert view.anchor.shape == (GRID, GRID)
    assert np.array_equal(view.anchor, view.later)


def test_later_frames_speak_for_themselves() -> None:
    nothing = Page(4, WINDOW, np.zeros(SIZE.hw, np.float32))
    view = _followed(memory=_memory().remember(nothing))
    assert view.anchor.max() > 0
    assert not view.later.any()


def test_prompted_frames_that_are_leaned_on_speak_with_the_nearest() -> None:
    elder = Page(9, WINDOW, np.ones(SIZE.hw, np.float32))
    alone, leaning = _followed(), _followed(memory=replace(_memory(), elders=(elder,)))
    assert leaning.anchor.mean() > alone.anchor.mean() + 0.1
    assert np.array_equal(leaning.later, leaning.anchor)


def test_the_guide_leans_on_flow_as_far_as_flow_is_trusted() -> None:
    inside = _mask() > 0.5
    trusted, doubted = _followed(1.0), _followed(0.0)
    assert np.allclose(trusted.guide[inside], 0.6 + 0.4 * trusted.remembered[inside])
    assert np.array_equal(doubted.guide, doubted.remembered)


def test_doubt_lets_memory_speak_farther_away() -> None:
    sure, unsure = _followed(doubt=0.0), _followed(doubt=1.0)
    far = (slice(6, 10), slice(11, 15))
    assert unsure.remembered[far].sum() > sure.remembered[far].sum()


def test_a_search_knows_nothing_from_flow() -> None:
    view = search(Window(0, 0, *SIZE), SIZE, _memory(), (1, encode))
    assert not view.carried.any()
    assert not view.trust.any()
    assert np.array_equal(view.guide, view.remembered)


def test_cues_are_the_planes_that_the_network_was_trained_on() -> None:
    cues = cues_of(_followed(), Echo(), area=0.1)
    assert cues.shape == (7, SIDE // 4, SIDE // 4)
    assert cues.dtype == np.float32
    assert 0 <= cues[:4].min() <= cues[:4].max() <= 1
    assert cues[0].max() == 1
    assert np.abs(cues[4:]).max() <= 2
    assert cues[6].min() == 0.5, "box and point are answered with the full square"


@pytest.mark.parametrize("side", [0, 1])
def test_where_nothing_is_expected_the_decoder_is_not_asked(side) -> None:
    empty, decoder = np.zeros(SIZE.hw, np.float32), Echo()
    view = replace(_followed(), guide=empty, carried=empty, remembered=empty)
    cues = cues_of(view, decoder, area=0.1)
    assert not decoder.asked
    assert (cues[4:] == -1).all()
