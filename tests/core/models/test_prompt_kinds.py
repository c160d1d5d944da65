from __future__ import annotations

from dataclasses import replace

import pytest

from matting_core.document.prompts import PointPrompt, TextPrompt
from matting_core.errors import InputError
from matting_core.models import registry
from matting_core.models.registry import check_prompt_kinds, tracker_spec
from matting_core.models.session import Session
from matting_core.results.service import ResultService
from matting_core.results.store import MatteCache
from matting_core.types import FrameRange
from tests.core.factories import ONE, TWO, a_box, a_mask, a_project, flat_source

NAMED = TextPrompt(4, "the dog")


def test_what_is_understood_passes() -> None:
    for tracker, prompts in (
        ("fake", (a_box(0), a_mask(1), PointPrompt(2, (3, 4)))),
        ("sam3", (a_box(0), NAMED)),
    ):
        check_prompt_kinds(tracker_spec(tracker), prompts)


def test_what_is_not_understood_names_a_tracker_that_does() -> None:
    said = (
        r"'fake' does not understand the text on frame 4; choose the tracker sam3, or delete that "
        r"prompt\."
    )
    with pytest.raises(InputError, match=said):
        check_prompt_kinds(tracker_spec("fake"), (a_box(0), NAMED))


def test_where_no_tracker_understands_it_the_prompt_has_to_go(monkeypatch) -> None:
    specs = {"fake": tracker_spec("fake"), "deaf": replace(tracker_spec("fake"), id="deaf")}
    monkeypatch.setattr(registry, "tracker_specs", lambda: specs)
    with pytest.raises(InputError, match="frame 4; delete that prompt"):
        check_prompt_kinds(tracker_spec("fake"), (NAMED,))


def test_a_session_refuses_such_prompts_but_not_other_objects() -> None:
    project = a_project(a_box(0), NAMED, objects=2)
    results, span = ResultService(MatteCache()), (FrameRange(0, 3),)
    with Session.open(project.settings, flat_source()) as session:
        results.preview(project, ONE, 0, session)
        with pytest.raises(InputError, match="does not understand the text on frame 4"):
            results.preview(project, ONE, 4, session)
        with pytest.raises(InputError, match="does not understand the text on frame 4"):
            next(results.make(results.plan(project, {TWO: span, ONE: span}), session))
