from __future__ import annotations

from dataclasses import replace

import numpy as np

from matting_core.models.trackers.fake import SPEC
from matting_core.types import Segmentation, TrackState
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
