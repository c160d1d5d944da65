"""The contract that every tracker keeps, with drawn weights instead of installed ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from matting_core.models.trackers.base import Tracker
from matting_core.models.trackers.sam3.tracker import Sam3
from tests.contracts.test_trackers import *  # noqa: F403 - its tests and fixtures run here too
from tests.core.models.trackers.sam3.networks import SMALL_SIDE, small_network


@pytest.fixture(scope="module", params=["full", "fast"])
def built(request: pytest.FixtureRequest) -> Iterator[Tracker]:
    still = small_network()
    moving = still if request.param == "full" else small_network(SMALL_SIDE // 2)
    tracker = Sam3(still, moving)
    yield tracker
    tracker.close()
