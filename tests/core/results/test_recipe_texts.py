"""Recipes by span name the same results as digests frame by frame."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from matting_core.document import edits
from matting_core.document.finishing import Finishing
from matting_core.document.project import Project, SpanLock
from matting_core.errors import MattingError
from matting_core.results import recipes
from matting_core.results.stages import FINISHED, MASK, MATTE
from matting_core.types import FrameRange
from tests.core.factories import ONE, a_box, a_project
from tests.core.results import reference
from tests.core.results.projects import LENGTH, a_random_project


def _all_keys(module, project: Project) -> dict[object, object]:
    """Every key of a project, or the kind of error that stands in its place."""
    found: dict[object, object] = {}

    def ask(name: str, *place) -> None:
        try:
            found[name, place] = getattr(module, name)(project, *place)
        except MattingError as error:
            found[name, place] = type(error), str(error)

    for obj in project:
        for frame in range(LENGTH):
            for name in ("segmentation_key", "matte_key", "finished_key"):
                ask(name, obj.id, frame)
            ask("finished_key", obj.id, frame, (obj.id,))
            for anchor in obj.prompt_frames:
                ask("segmentation_key", obj.id, frame, anchor)
    return found


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_keys_are_those_that_old_caches_and_projects_hold(seed) -> None:
    project = a_random_project(seed)
    assert _all_keys(recipes, project) == _all_keys(reference, project)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32))
def test_spans_say_what_each_frame_says(seed) -> None:
    project = a_random_project(seed)
    for obj in project:
        for stage in (MASK, MATTE, FINISHED):
            spans = recipes.RECIPES.spans(project, obj.id, stage)
            for frame in range(LENGTH):
                try:
                    one = recipes.RECIPES.at(project, obj.id, frame, stage)
                except MattingError as error:
                    one = error
                many = spans.get(frame)
                assert str(one) == str(many) if isinstance(one, Exception) else one == many


def test_frames_that_were_locked_without_prompts_have_no_keys() -> None:
    """No edit makes such a lock, but a file may hold one."""
    project = a_project(a_box(1))
    lock = SpanLock(FrameRange(4, 8), (), project.settings, Finishing())
    project = edits.with_object(project, replace(project.find(ONE), locks=(lock,)))
    found = [recipes.matte_key(project, ONE, frame) for frame in range(12)]
    assert [frame for frame, key in enumerate(found) if key is None] == [4, 5, 6, 7]
    assert found == [reference.matte_key(project, ONE, frame) for frame in range(12)]
