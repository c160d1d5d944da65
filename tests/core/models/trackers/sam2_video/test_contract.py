"""The contract that every tracker keeps, with drawn weights instead of installed ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from matting_core.models.trackers.base import Tracker
from matting_core.models.trackers.sam2_video.tracker import Sam2Video
from tests.contracts.test_trackers import *  # noqa: F403 - its tests and fixtures run here too
from tests.core.models.trackers.sam2_video.networks import SMALL_SIDE, small_model


@pytest.fixture(scope="module", params=["full", "fast"])
def built(request: pytest.FixtureRequest) -> Iterator[Tracker]:
    still = small_model()
    tracker = Sam2Video(still, still if request.param == "full" else small_model(SMALL_SIDE // 2))
    yield tracker
    tracker.close()
