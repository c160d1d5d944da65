from __future__ import annotations

import pytest

from matting_core.document.prompts import PointPrompt
from matting_core.errors import InputError
from matting_core.models.trackers.asked import frozen, grounds, on_frame, prompts_of, prompts_on
from tests.core.factories import ONE, TWO, a_box, a_mask
from tests.tables import table

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


@table("unprompted", [TWO, 9])
def test_an_object_without_prompts_is_refused_by_its_number(unprompted) -> None:
    with pytest.raises(InputError, match=f"^Object {unprompted} has no prompts; click on it"):
        prompts_of(PROMPTS, [ONE, unprompted])


def test_prompts_of_one_frame_keep_their_order() -> None:
    assert prompts_on(PROMPTS, ONE, 3) == on_frame(PROMPTS[ONE], 3) == (CLICK, a_box(3))
    assert on_frame(PROMPTS[ONE], 4) == ()


@table(("asked", "frame"), [(ONE, 4), (TWO, 3), (9, 3)])
def test_a_frame_without_prompts_is_refused_by_its_number(asked, frame) -> None:
    message = f"^Object {asked} has no prompts on frame {frame}; add one"
    with pytest.raises(InputError, match=message):
        prompts_on(PROMPTS, asked, frame)


@table(
    ("prompts", "frame", "wanted"),
    [
        ([a_box(5)], 5, (5,)),
        ([a_box(5), a_box(9)], 9, (9, 5)),
        ([a_box(5), a_box(9)], 5, (5,)),
        ([a_box(9), a_box(5)], 5, (5, 9)),
        ([a_box(5), CLICK], 3, (3,)),
        ([CLICK, a_box(9), a_box(6)], 6, (6, 3)),
        ([CLICK, a_box(9), a_box(7)], 7, (7, 9, 3)),
        ([a_mask(1), a_box(9), a_mask(9), a_box(8)], 8, (8, 9)),
        ([a_box(1), a_box(9), PointPrompt(9, (1, 1))], 9, (9, 1)),
        ([a_box(4), a_box(6), a_box(5)], 5, (5, 4)),
    ],
)
def test_a_box_leans_on_the_nearest_frame_prompted_before_it(prompts, frame, wanted) -> None:
    assert grounds(prompts, frame) == wanted
