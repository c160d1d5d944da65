from __future__ import annotations

import numpy as np
import pytest

from matting_core.models.trackers.sam2_tiny_flow.candidates import (
    Expectation,
    answer_probability,
    choose,
    decode_guides,
    soft_iou,
)
from matting_core.models.trackers.sam2_tiny_flow.image_model import DecodedMask
from tests.core.models.trackers.sam2_tiny_flow.stubs import SIDE, Echo, encoded
from tests.tables import table

PLANE = (SIDE // 4, SIDE // 4)
SCALE = 4
NOTHING = np.zeros(PLANE, np.float32)


def _guide(*parts: tuple[slice, slice], value: float = 1.0) -> np.ndarray:
    guide = np.zeros(PLANE, np.float32)
    for part in parts:
        guide[part] = value
    return guide


def _asked(guide: np.ndarray) -> Echo:
    decoder = Echo()
    decode_guides(decoder, encoded(), [guide])
    return decoder


def _box(guide: np.ndarray) -> tuple[float, ...]:
    """In cells of the guide."""
    return tuple(edge / SCALE for edge in _asked(guide).asked[1].box)


def _answer(columns: int, predicted_iou: float = 0.5) -> DecodedMask:
    """Certain of the first columns, in all rows."""
    logits = np.full(PLANE, -20, np.float32)
    logits[:, :columns] = 20
    return DecodedMask(logits, predicted_iou)


def _columns(first: int, last: int) -> np.ndarray:
    return _guide((slice(None), slice(first, last)))


def test_the_decoder_is_asked_in_three_ways() -> None:
    guide = _guide((slice(2, 7), slice(4, 9)))
    guide[3, 5] = 0.6
    decoder = Echo()
    (answers,) = decode_guides(decoder, encoded(), [guide])
    assert len(answers) == 1 + 1 + 3
    mask, both, place = decoder.asked
    assert mask.box is None
    assert not mask.points
    assert both.box == place.box == (16, 8, 36, 28)
    assert both.points == place.points == [((26, 18), 1)], "the middle, centre of its cell"
    assert place.logits is None
    assert np.array_equal(mask.logits, both.logits)
    assert mask.logits[3, 5] == pytest.approx(2)
    assert (mask.logits.min(), mask.logits.max()) == (-10, 10)


def test_the_point_keeps_away_from_the_frame_s_edge_too() -> None:
    ((point, _),) = _asked(_columns(0, 5)).asked[1].points
    assert point[0] == SCALE * 2.5
    ((point, _),) = _asked(_columns(11, 16)).asked[1].points
    assert point[0] == SCALE * 13.5


@table(("peak", "asks"), [(0.14, 0), (0.16, 3)])
def test_a_guide_that_is_too_faint_asks_nothing(peak, asks) -> None:
    assert len(_asked(_guide((slice(2, 7), slice(4, 13)), value=peak)).asked) == asks


def test_several_guides_keep_their_answers_apart() -> None:
    one, other, faint = _columns(2, 6), _columns(8, 14), NOTHING
    answers = decode_guides(Echo(), encoded(), [one, faint, other])
    assert [len(each) for each in answers] == [5, 0, 5]
    assert np.array_equal(answer_probability(answers[0][0]) > 0.5, one > 0.5)
    assert np.array_equal(answer_probability(answers[2][0]) > 0.5, other > 0.5)


@table(("peak", "weaker", "edge"), [(1.0, 0.51, 8), (1.0, 0.5, 5), (0.4, 0.25, 8), (0.4, 0.23, 5)])
def test_the_strong_part_of_a_guide_is_its_inside(peak, weaker, edge) -> None:
    guide = _guide((slice(2, 7), slice(2, 5)), value=peak)
    guide[2:7, 5:8] = weaker
    assert _box(guide) == (2, 2, edge, 7)


@table(("crumb", "right"), [(1, 12), (2, 16)])
def test_crumbs_are_left_out(crumb, right) -> None:
    guide = _guide((slice(0, 2), slice(2, 12)), (slice(8, 8 + crumb), slice(15, 16)))
    assert _box(guide)[2] == right


def test_the_answer_that_overlaps_the_guide_wins() -> None:
    near, far = _answer(8), DecodedMask(_answer(8).logits[:, ::-1].copy(), 0.5)
    assert choose([far, near], Expectation(_columns(0, 8), NOTHING, 0.5)) is near


def test_memory_decides_where_the_guide_does_not() -> None:
    near, far = _answer(8), DecodedMask(_answer(8).logits[:, ::-1].copy(), 0.5)
    assert choose([far, near], Expectation(NOTHING, _columns(0, 8), 0.5)) is near
    assert choose([far, near], Expectation(_columns(8, 16), _columns(0, 8), 0.5)) is far


def test_the_decoder_s_own_opinion_counts_little() -> None:
    sure, unsure = _answer(8, 0.9), _answer(8, 0.8)
    assert choose([unsure, sure], Expectation(NOTHING, NOTHING, 0.5)) is sure
    right = DecodedMask(_answer(8).logits[:, ::-1].copy(), 0.0)
    assert choose([sure, right], Expectation(_columns(8, 16), NOTHING, 0.5)) is right


@table(("area", "offered", "chosen"), [(0.25, (8, 4), 4), (0.5, (4, 8), 8), (0.25, (1, 8), 8)])
def test_the_size_with_the_nearest_ratio_wins(area, offered, chosen) -> None:
    answers = [_answer(columns) for columns in offered]
    best = choose(answers, Expectation(NOTHING, NOTHING, area))
    assert (best.logits[0] > 0).sum() == chosen


def test_nothing_expected_and_nothing_answered_are_no_error() -> None:
    empty = _answer(0)
    assert choose([_answer(16), empty], Expectation(NOTHING, NOTHING, 0.0)) is empty
    assert choose([], Expectation(NOTHING, NOTHING, 0.5)) is None


def test_logits_become_probabilities() -> None:
    found = answer_probability(DecodedMask(np.log(np.array([[1 / 3, 1, 3]], np.float32)), 0.5))
    assert found.dtype == np.float32
    assert found == pytest.approx(np.array([[0.25, 0.5, 0.75]]))


def test_soft_overlap_is_minima_over_maxima() -> None:
    one, other = np.array([1, 0.5, 0], np.float32), np.array([0.5, 0.5, 0.5], np.float32)
    assert soft_iou(one, other) == pytest.approx(1 / 2)
    assert soft_iou(one / 8, other / 8) == pytest.approx(1 / 2)
    assert soft_iou(one, one) == 1
    assert soft_iou(NOTHING, NOTHING) == 0
