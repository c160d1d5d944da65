from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matting_core.document.refine import Mark, RefineStrokes
from matting_core.errors import InputError
from matting_core.matte.refining import STRONGEST, Refinement, add_stroke
from matting_core.media.masks import encode_gray
from matting_core.models.heads.base import Guide, run_head
from matting_core.models.heads.closed_form import ClosedFormHead
from matting_core.models.heads.mask import MaskHead
from matting_core.types import Matte
from matting_core.windows import Window, whole
from tests.core.factories import SIZE, a_disc_with_strands, segmentation_of
from tests.tables import table

NONE = np.zeros(SIZE.hw, np.uint8)


def _coverage(x0: int, x1: int, value: int = 255) -> np.ndarray:
    coverage = NONE.copy()
    coverage[10:30, x0:x1] = value
    return coverage


def _refinement(*strokes: tuple[np.ndarray, Mark]) -> Refinement:
    marks = NONE
    for coverage, mark in strokes:
        marks = add_stroke(marks, coverage, mark)
    return Refinement(marks)


@table("mark", [Mark.UNKNOWN, Mark.SOLID, Mark.CLEAR])
def test_a_stroke_marks_what_it_covers_with_its_soft_edge(mark) -> None:
    refinement = _refinement((np.maximum(_coverage(5, 20), _coverage(5, 30, 128)), mark))
    strength = refinement.strength(mark)
    assert (strength[10:30, 5:20] == 1).all()
    assert strength[20, 25] == pytest.approx(128 / 255, abs=0.02)
    assert not strength[:, 30:].any()
    for other in {Mark.UNKNOWN, Mark.SOLID, Mark.CLEAR} - {mark}:
        assert not refinement.strength(other).any()


def test_the_later_of_two_equally_strong_strokes_counts_and_a_weaker_one_does_not() -> None:
    weak = _refinement((_coverage(5, 20), Mark.SOLID), (_coverage(5, 20, 100), Mark.CLEAR))
    assert weak.strength(Mark.SOLID)[20, 10] == 1
    later = _refinement((_coverage(5, 20), Mark.SOLID), (_coverage(5, 20), Mark.CLEAR))
    assert later.strength(Mark.CLEAR)[20, 10] == 1
    assert not later.strength(Mark.SOLID).any()


@given(st.integers(0, 255), st.integers(0, 255), st.sampled_from(Mark), st.sampled_from(Mark))
def test_any_two_strokes_leave_marks_that_are_whole(first, second, mark, other) -> None:
    marks = add_stroke(
        add_stroke(np.zeros((1, 1), np.uint8), np.full((1, 1), first, np.uint8), mark),
        np.full((1, 1), second, np.uint8),
        other,
    )
    strength, said = int(marks[0, 0]) & STRONGEST, int(marks[0, 0]) >> 6
    assert (strength == 0) == (said == Mark.NOTHING)


def test_erasing_takes_away_what_it_covers() -> None:
    rubbed = _refinement((_coverage(5, 20), Mark.SOLID), (_coverage(10, 30), Mark.NOTHING))
    assert not rubbed.marks[:, 10:].any()
    assert rubbed.strength(Mark.SOLID)[20, 7] == 1


def test_the_trimap_of_any_window_at_any_size_takes_the_strokes() -> None:
    refinement = _refinement(
        (_coverage(0, 20), Mark.SOLID),
        (_coverage(20, 40), Mark.UNKNOWN),
        (_coverage(40, 60), Mark.CLEAR),
    )
    trimap = refinement.apply_to_trimap(np.full(SIZE.hw, 0.25, np.float32), whole(SIZE))
    assert [trimap[20, x] for x in (10, 30, 50, 62)] == [1, 0.5, 0, 0.25]
    part = refinement.apply_to_trimap(np.full((10, 20), 0.25, np.float32), Window(20, 10, 60, 30))
    assert part.shape == (10, 20)
    assert (part[:, :9] == 0.5).all()
    assert (part[:, 11:] == 0).all()


def test_bounds_are_around_where_the_object_may_be() -> None:
    assert _refinement((_coverage(5, 20), Mark.CLEAR)).bounds() is None
    both = _refinement((_coverage(5, 9), Mark.SOLID), (_coverage(30, 33), Mark.UNKNOWN))
    assert both.bounds() == Window(5, 10, 33, 30)


def test_solid_and_clear_are_forced_with_their_soft_edge() -> None:
    half = np.full(SIZE.hw, 0.5, np.float32)
    refinement = _refinement(
        (_coverage(0, 10), Mark.SOLID),
        (_coverage(10, 20, 128), Mark.SOLID),
        (_coverage(20, 30), Mark.CLEAR),
        (_coverage(30, 40), Mark.UNKNOWN),
    )
    matte = refinement.apply_to_matte(Matte(half, np.ones_like(half) * 0.3, half))
    alpha, roi, confidence = matte.alpha[20], matte.roi[20], matte.confidence[20]
    assert [alpha[5], alpha[25], alpha[35], alpha[50]] == [1, 0, 0.5, 0.5]
    assert alpha[15] == pytest.approx(0.75, abs=0.01)
    assert [roi[5], roi[25], roi[35]] == [0, 0, 1]
    assert [confidence[5], confidence[25], confidence[35]] == [1, 1, 0.5]
    assert matte.alpha[20, 50] == matte.roi[20, 50] + np.float32(0.2)


def test_the_mask_head_obeys_without_knowing_of_strokes() -> None:
    mask = np.zeros(SIZE.hw)
    mask[:, :32] = 1
    strokes = _refinement((_coverage(20, 30), Mark.CLEAR), (_coverage(40, 50), Mark.SOLID))
    guide = Guide(segmentation_of(mask), refinement=strokes)
    alpha = run_head(MaskHead(), np.zeros((*SIZE.hw, 3), np.uint8), guide).alpha
    assert (alpha[10:30, 20:30] == 0).all()
    assert (alpha[10:30, 40:50] == 1).all()
    assert alpha[40, 25] > 0.9
    assert alpha[40, 45] < 0.1


def test_strands_that_are_far_from_the_mask_are_found_where_a_person_says_so() -> None:
    picture, truth, mask = a_disc_with_strands()
    coverage = np.zeros(mask.shape, np.uint8)
    coverage[45:135, 125:200] = 255
    guide = Guide(segmentation_of(mask))
    told = replace(guide, refinement=Refinement(add_stroke(coverage * 0, coverage, Mark.UNKNOWN)))
    without, matte = (run_head(ClosedFormHead(), picture, each) for each in (guide, told))
    strands = np.s_[50:130, 150:185]
    before = np.abs(without.alpha - truth)[strands].mean()
    assert np.abs(matte.alpha - truth)[strands].mean() < before / 2
    assert (matte.roi[coverage > 0] == 1).all()
    assert without.alpha[:, :80] == pytest.approx(matte.alpha[:, :80], abs=0.01)


def test_strokes_of_another_size_are_refused() -> None:
    with pytest.raises(InputError, match="clip is 64 x 48"):
        Refinement.decode(encode_gray(np.zeros((10, 10), np.uint8)), SIZE)
    with pytest.raises(InputError, match="damaged"):
        Refinement.decode(b"", SIZE)
    with pytest.raises(InputError, match="Frame -1"):
        RefineStrokes(-1, b"")
