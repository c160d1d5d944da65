from __future__ import annotations

from matting_core.document import edits
from matting_core.document.project import Settings
from matting_core.results.plans import plan_runs
from matting_core.types import FrameRange
from tests.core.factories import ONE, TWO, a_box, a_project

SPAN = FrameRange(2, 6)


def test_an_object_locked_with_other_models_is_left_as_it_is() -> None:
    project = edits.add_prompts(a_project(a_box(0), objects=2), TWO, [a_box(0)])
    locked = edits.set_locked(project, ONE, True)
    wanted = {ONE: (SPAN,), TWO: (SPAN,)}
    assert [run.object_ids for run in plan_runs(locked, wanted)] == [(ONE, TWO)]
    other = edits.set_settings(locked, Settings("fake", "closed-form"))
    assert [run.object_ids for run in plan_runs(other, wanted)] == [(TWO,)]
