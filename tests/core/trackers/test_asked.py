from __future__ import annotations

import pytest

from matting_core.document.prompts import PointPrompt
from matting_core.errors import InputError
from matting_core.trackers.asked import frozen, on_frame, prompts_of, prompts_on
from tests.core.factories import ONE, TWO, a_box

CLICK = PointPrompt(3, (1, 1))
PROMPTS = {ONE: (CLICK, a_box(5), a_box(3)), TWO: ()}


def test_what_was_set_does_not_change_with_what_the_caller_holds() -> None:
    given = {ONE: [CLICK]}
    kept = frozen(given)
    given[ONE].append(a_box(5))
    given[TWO] = [CLICK]
    assert kept == {ONE: (CLICK,)}


def test_only_the_objects_asked_for_are_returned_in_their_order() -> None:
    prompts = {ONE: (CLICK,), TWO: (a_box(5),)}
    assert prompts_of(prompts, [TWO]) == {TWO: (a_box(5),)}
    assert list(prompts_of(prompts, [TWO, ONE])) == [TWO, ONE]


@pytest.mark.parametrize("unprompted", [TWO, 9])
def test_an_object_without_prompts_is_refused_by_its_number(unprompted) -> None:
    with pytest.raises(InputError, match=f"^Object {unprompted} has no prompts; click on it"):
        prompts_of(PROMPTS, [ONE, unprompted])


def test_prompts_of_one_frame_keep_their_order() -> None:
    assert prompts_on(PROMPTS, ONE, 3) == on_frame(PROMPTS[ONE], 3) == (CLICK, a_box(3))
    assert on_frame(PROMPTS[ONE], 4) == ()


@pytest.mark.parametrize(("asked", "frame"), [(ONE, 4), (TWO, 3), (9, 3)])
def test_a_frame_without_prompts_is_refused_by_its_number(asked, frame) -> None:
    message = f"^Object {asked} has no prompts on frame {frame}; add one"
    with pytest.raises(InputError, match=message):
        prompts_on(PROMPTS, asked, frame)
