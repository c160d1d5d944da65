"""A stage is one entry: what it reads, what it stores, and what comes after it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matting_core.document import edits, span_edits
from matting_core.document.prompts import PointPrompt
from matting_core.document.refine import RefineStrokes
from matting_core.results.service import ResultService
from matting_core.results.stages import (
    FINISHED,
    MATTE,
    SHARED,
    STAGES,
    Materials,
    Stage,
    whole_clip,
)
from matting_core.results.store import MatteCache
from matting_core.spans import SpanMap
from matting_core.types import FrameRange, Matte
from tests.core.factories import ONE, a_box, a_matte, a_project

ALL = FrameRange(0, 12)


def _mean(materials: Materials) -> Matte:
    alphas = [matte.alpha for matte in materials.mattes.values()]
    return replace(materials.own, alpha=np.mean(alphas, axis=0, dtype=np.float32))


def _everywhere(project, _obj):
    return SpanMap.of([(whole_clip(project), ())])


MEAN = Stage("mean", "mean 1", "matte", _everywhere, (), _mean, reach=1, stored=True)


@pytest.fixture
def results() -> ResultService:
    after = replace(FINISHED, input="mean")
    stages = {**STAGES, "mean": MEAN, "finished": after}
    return ResultService(MatteCache(), stages=stages)


def _store(results: ResultService, project, frames=ALL) -> None:
    for frame in frames:
        results.store.put_matte(results.key(project, ONE, frame), a_matte(frame))


def test_neighbours_in_reach_are_read_and_those_beside_the_clip_are_not(results) -> None:
    project = a_project(a_box(3))
    _store(results, project)
    mattes = {frame: results.get(project, ONE, frame, MATTE) for frame in ALL}
    for frame, near in ((0, (0, 1)), (5, (4, 5, 6)), (11, (10, 11))):
        made = results.get(project, ONE, frame, MEAN)
        wanted = np.mean([mattes[each].alpha for each in near], axis=0, dtype=np.float32)
        assert np.allclose(made.alpha, wanted, atol=1e-5)
        assert np.array_equal(made.roi, mattes[frame].roi)


def test_a_result_is_there_once_all_neighbours_are(results) -> None:
    project = a_project(a_box(3))
    _store(results, project, [4, 5])
    assert results.get(project, ONE, 5, MEAN) is None
    _store(results, project, [6])
    assert results.get(project, ONE, 5, MEAN) is not None


def test_what_is_stored_is_not_made_again(results) -> None:
    project = a_project(a_box(3))
    _store(results, project)
    first = results.get(project, ONE, 5, MEAN)
    assert results.store.has_matte(results.key(project, ONE, 5, MEAN))
    results.store.put_matte(results.key(project, ONE, 4), a_matte(99))
    assert np.array_equal(results.get(project, ONE, 5, MEAN).alpha, first.alpha)


def test_spans_of_a_stage_with_reach_say_what_each_frame_says(results) -> None:
    project = a_project(a_box(3), a_box(9))
    project = span_edits.lock_span(project, ONE, FrameRange(2, 5))
    project = edits.add_prompts(project, ONE, [PointPrompt(7, (5, 5))])
    project = span_edits.set_absent(project, ONE, FrameRange(10, 11), absent=True)
    project = edits.set_strokes(project, ONE, RefineStrokes(8, b"strokes"))
    spans = results.recipes.spans(project, ONE, MEAN)
    direct = replace(MEAN, stored=False)
    assert len(spans.spans) < 12
    for frame in ALL:
        assert results.recipes.at(project, ONE, frame, direct) == spans.get(frame)
    assert spans.get(10).blank is not None, "where the object is absent, it stays absent"


def test_later_stages_are_made_from_it(results) -> None:
    project = a_project(a_box(3))
    _store(results, project)
    mean = results.get(project, ONE, 5, MEAN)
    assert np.array_equal(results.get(project, ONE, 5).alpha, mean.alpha)
    assert results.key(project, ONE, 5, SHARED) == results.key(project, ONE, 5, MEAN)
