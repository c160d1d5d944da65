"""A stage that reads neighbours: they make its results stale, complete them, and are its input."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matting_core.document import edits
from matting_core.document.project import MatteObject, Project
from matting_core.models.session import Session
from matting_core.results.recipes import Recipes
from matting_core.results.service import ResultService
from matting_core.results.stages import MATTE, STAGES, Materials, Stage, whole_clip
from matting_core.results.store import MatteCache
from matting_core.spans import SpanMap
from matting_core.types import FrameRange, Matte
from tests.core.factories import ONE, a_box, a_project, flat_source
from tests.tables import table

ALL = FrameRange(0, 12)


def _mean(materials: Materials) -> Matte:
    alphas = [matte.alpha for matte in materials.mattes.values()]
    return replace(materials.own, alpha=np.mean(alphas, axis=0, dtype=np.float32))


def _one_recipe(project: Project, _obj: MatteObject) -> SpanMap:
    return SpanMap.of([(whole_clip(project), ())])


MEAN = Stage("mean", "mean 1", "matte", _one_recipe, reads=(), make=_mean, reach=1)


def _stages(mean: Stage) -> dict[str, Stage]:
    return {**STAGES, mean.id: mean}


def _changed(mean: Stage, one, other) -> list[int]:
    recipes = Recipes(_stages(mean))
    return [
        frame for frame in ALL
        if recipes.at(one, ONE, frame, mean) != recipes.at(other, ONE, frame, mean)
    ]  # fmt: skip


@table("reach", [0, 1, 3])
@table("stored", [False, True])
@table(("edited", "governed"), [(0, range(5)), (8, range(5, 12))])
def test_a_prompt_changes_what_it_governs_and_what_reads_that(
    edited, governed, stored, reach
) -> None:
    mean = replace(MEAN, stored=stored, reach=reach)
    project = a_project(a_box(0), a_box(8))
    other = edits.add_prompts(project, ONE, [a_box(edited, (11, 12, 40, 36))])
    reading = [f for f in ALL if any(near in governed for near in range(f - reach, f + reach + 1))]
    assert _changed(mean, project, other) == reading
    assert len(reading) == len(governed) + reach


@pytest.fixture
def session():
    with Session.open(a_project(a_box(0)).settings, flat_source()) as session:
        yield session


@table("stored", [False, True])
@table("start", [0, 3])
def test_results_are_complete_as_soon_as_their_neighbours_are_there(session, start, stored) -> None:
    mean, project = replace(MEAN, stored=stored), a_project(a_box(5))
    results = ResultService(MatteCache(), stages=_stages(mean))
    plan = results.plan(project, {ONE: (FrameRange(start, 9),)}, mean)
    complete: dict[int, Matte] = {}
    there: set[int] = set()
    for made in results.make(plan, session):
        if made is None:
            continue
        there.add(made.result.frame)
        for each in made.complete:
            assert each.frame not in complete
            assert {each.frame - 1, each.frame, each.frame + 1} & set(ALL) <= there
            complete[each.frame] = each.matte
    assert sorted(complete) == list(range(start, 9)), "neighbours of what is wanted are made too"
    for frame, matte in complete.items():
        near = [f for f in range(frame - 1, frame + 2) if f in ALL]
        alphas = [results.get(project, ONE, f, MATTE).alpha for f in near]
        assert matte.alpha == pytest.approx(np.mean(alphas, axis=0), abs=0.01)
    assert results.get(project, ONE, 9, mean) is None, "whose own neighbours were not asked for"
