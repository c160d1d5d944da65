"""Bit for bit what the package itself gives; `parity` does the same at the true input size."""

from __future__ import annotations

import pytest

from tests.core.trackers.sam2_video.networks import official, small_model
from tests.core.trackers.sam2_video.parity import by_package, by_wisp, cases, difference, pictures

FRAMES = 30


@pytest.fixture(autouse=True)
def no_progress_bars(monkeypatch) -> None:
    """The package's bars leave a thread behind."""
    for module in ("sam2.sam2_video_predictor", "sam2.utils.misc"):
        monkeypatch.setattr(f"{module}.tqdm", lambda steps, **_: steps)


@pytest.mark.parametrize("case", cases(FRAMES), ids=lambda case: case.name)
def test_logits_are_those_of_the_package(tmp_path, case) -> None:
    rgb = pictures(tmp_path, FRAMES)
    ours = by_wisp(small_model(), rgb, case)
    theirs = by_package(official(), tmp_path, case)
    assert difference(ours, theirs) == 0
    assert any((logits > 0).any() for logits in ours.values())
