from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matting_core.document.prompts import PointPrompt, prompts_on
from matting_core.errors import InputError
from matting_core.models.trackers.base import check_prompted, require_prompts_on
from matting_core.models.trackers.fake import SPEC
from matting_core.types import Segmentation, TrackState
from tests.core.factories import ONE, TWO, a_box
from tests.tables import table

LOGITS = np.ones((4, 4), np.float16)


@table(
    ("below", "confidence", "state", "expected"),
    [
        (0.7, 0.69, TrackState.TRACKED, True),
        (0.7, 0.7, TrackState.TRACKED, False),
        (0.7, 0.1, TrackState.PROMPTED, False),
        (0.7, 0.0, TrackState.LOST, False),
        (None, 0.0, TrackState.TRACKED, False),
    ],
)
def test_doubt_is_about_tracked_frames_of_a_calibrated_tracker(
    below, confidence, state, expected
) -> None:
    spec = replace(SPEC, doubtful_below=below)
    assert spec.doubts(Segmentation(LOGITS, confidence, state)) is expected


CLICK = PointPrompt(3, (1, 1))
PROMPTS = (CLICK, a_box(5), a_box(3))


def test_an_object_without_prompts_is_refused_by_its_number() -> None:
    check_prompted({ONE: PROMPTS})
    with pytest.raises(InputError, match=f"^Object {TWO} has no prompts; click on it"):
        check_prompted({ONE: PROMPTS, TWO: ()})


def test_prompts_of_one_frame_keep_their_order() -> None:
    assert require_prompts_on(PROMPTS, 3) == prompts_on(PROMPTS, 3) == (CLICK, a_box(3))
    assert prompts_on(PROMPTS, 4) == ()


def test_a_frame_without_prompts_is_refused_by_its_number() -> None:
    with pytest.raises(InputError, match="no prompts on frame 4; add one"):
        require_prompts_on(PROMPTS, 4)
