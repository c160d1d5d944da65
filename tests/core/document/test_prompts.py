from __future__ import annotations

import re

import pytest

from matting_core.document.prompts import MaskPrompt, PointPrompt, TextPrompt, check_prompt, kind_of
from matting_core.errors import InputError
from matting_core.types import Size
from tests.core.factories import SIZE, a_box, a_mask
from tests.tables import table


def test_prompts_are_values() -> None:
    assert a_box(1) == a_box(1)
    assert len({a_box(1), a_box(1), a_box(2), a_mask(1), a_mask(1)}) == 3


def test_masks_are_told_apart_by_their_contents() -> None:
    assert a_mask(1).digest == a_mask(2).digest
    assert a_mask(1).digest != a_mask(1, box=(0, 0, 5, 5)).digest
    assert re.fullmatch("[0-9a-f]{64}", MaskPrompt(0, b"").digest)


@table(
    ("prompt", "said"),
    [
        (PointPrompt(12, (1, 1)), "frame 12, but the clip has frames 0 to 11"),
        (PointPrompt(3, (70, 1)), r"\(70, 1\) on frame 3 is outside the frame, which is 64 x 48"),
        (a_box(3, (9, 1, 2, 5)), r"box \(9, 1, 2, 5\) on frame 3 is inverted"),
        (a_box(3, (float("nan"), 1, 2, 5)), "frame 3 is not a number"),
        (TextPrompt(3, " "), "text on frame 3 is empty; name the object"),
        (TextPrompt(3, "a" * 201), "one line of at most 200 characters"),
        (TextPrompt(3, "a dog\nand a cat"), "one line of at most 200 characters"),
    ],
)
def test_the_message_says_where_and_what(prompt, said) -> None:
    with pytest.raises(InputError, match=said) as caught:
        check_prompt(prompt, SIZE, 12)
    assert "\n" not in str(caught.value)


def test_what_fits_passes() -> None:
    fitting = (
        PointPrompt(0, (8, 6)),
        a_box(0, (0, 0, 8, 6)),
        a_mask(0, Size(8, 6)),
        TextPrompt(0, "das Mädchen im roten Kleid"),
    )
    assert [kind_of(prompt) for prompt in fitting] == ["point", "box", "mask", "text"]
    for prompt in fitting:
        check_prompt(prompt, Size(8, 6), 1)
