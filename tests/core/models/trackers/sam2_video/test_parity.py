"""Bit for bit what the package itself gives; `parity` does the same at the true input size."""

from __future__ import annotations

import pytest

from matting_core.memory import peak_memory_bytes
from tests.core.models.trackers.sam2_video.networks import SMALL_SIDE, official, small_model
from tests.core.models.trackers.sam2_video.parity import (
    Drifting,
    by_package,
    by_wisp,
    cases,
    difference,
    peak_of,
    pictures,
)
from tests.tables import table

FRAMES = 30
FEW = 9
"""One more than attention reads."""


@pytest.fixture(autouse=True)
def no_progress_bars(monkeypatch) -> None:
    """The package's bars leave a thread behind."""
    for module in ("sam2.sam2_video_predictor", "sam2.utils.misc"):
        monkeypatch.setattr(f"{module}.tqdm", lambda steps, **_: steps)


def test_the_first_logits_are_those_of_the_package(tmp_path) -> None:
    _compare(tmp_path, cases(FEW)[0], FEW)


@pytest.mark.slow
@table("case", cases(FRAMES))
def test_logits_are_those_of_the_package(tmp_path, case) -> None:
    _compare(tmp_path, case, FRAMES)


def _compare(tmp_path, case, frames) -> None:
    rgb = pictures(tmp_path, frames)
    ours = by_wisp(small_model(), rgb, case)
    theirs = by_package(official(), tmp_path, case)
    assert difference(ours, theirs) == 0
    assert any((logits > 0).any() for logits in ours.values())


def test_the_clip_that_memory_is_measured_on_moves_and_is_one_picture() -> None:
    source = Drifting(400)
    assert len(source) == 400
    assert len({id(picture) for picture in source._pictures}) == 1
    assert (source.read(1)[:, 2:] == source.read(0)[:, :-2]).all()
    assert (source.read(1) != source.read(0)).any()


def test_the_peak_is_this_process_after_a_whole_run() -> None:
    before = peak_memory_bytes()
    assert peak_of(SMALL_SIDE, 3) >= before > 0
