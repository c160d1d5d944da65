from __future__ import annotations

import pytest

from matting_core.document.prompts import PointPrompt, TextPrompt
from matting_core.errors import InputError
from matting_core.models.trackers.video.prompting import merge_prompts
from matting_core.models.trackers.video.protocol import FramePrompt
from tests.core.factories import BOX, SIZE, a_box, a_mask


def test_prompts_of_a_frame_become_cues() -> None:
    prompts = (TextPrompt(0, "a dog"), a_box(0), PointPrompt(0, (3, 4)))
    assert merge_prompts(prompts, SIZE) == FramePrompt(None, BOX, [((3, 4), 1)], "a dog")


def test_only_boxes_and_points_correct() -> None:
    assert not merge_prompts((TextPrompt(0, "a dog"),), SIZE).corrects
    assert merge_prompts((TextPrompt(0, "a dog"), a_box(0)), SIZE).corrects


def test_a_mask_and_a_text_on_one_frame_are_refused() -> None:
    with pytest.raises(InputError, match="Frame 7 has both a mask and the text 'a dog'; delete"):
        merge_prompts((a_mask(7), TextPrompt(7, "a dog")), SIZE)
