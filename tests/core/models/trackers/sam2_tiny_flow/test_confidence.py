from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
import torch

from matting_core.models.trackers.sam2_tiny_flow.image_model import EncodedPicture
from matting_core.models.trackers.sam2_tiny_flow.memory import MemoryFrame
from matting_core.models.trackers.sam2_tiny_flow.propagate import estimate_confidence, measure_kept
from matting_core.types import Size
from matting_core.windows import Window, whole
from tests.tables import table

GRID = 8
SIZE = Size(GRID, GRID)


def _encode(frame: int, _window: Window) -> EncodedPicture:
    """Each cell is unlike every other one, and moves two cells to the right in each frame."""
    cells = torch.eye(GRID * GRID).view(-1, GRID, GRID).roll(2 * frame, dims=2)
    none = torch.empty(0)
    return EncodedPicture(16 * GRID, none, none, none, cells.flatten(1), np.empty(0, np.uint8))


def _page(frame: int, columns: slice) -> MemoryFrame:
    mask = np.zeros(SIZE.hw, np.float32)
    mask[2:6, columns] = 1
    return MemoryFrame(frame, whole(SIZE), mask)


@table(("columns", "share"), [(slice(3, 7), 1), (slice(3, 5), 0.5), (slice(0, 2), 0)])
def test_what_is_missing_of_the_prompted_object_is_noticed(columns, share) -> None:
    found = measure_kept(_page(0, slice(1, 5)), _page(1, columns), _encode)
    assert found == pytest.approx(share, abs=0.01)


def test_the_prompted_frame_is_seen_through_its_own_window() -> None:
    looked = []

    def encode(frame: int, window: Window) -> EncodedPicture:
        looked.append((frame, window))
        return _encode(frame, window)

    left_half = Window(0, 0, GRID // 2, GRID)
    anchor = replace(_page(0, slice(1, 3)), window=left_half)
    answer = _page(1, slice(4, 8))
    # enlarged, the mask's soft edges reach a quarter of a cell farther on both sides
    assert measure_kept(anchor, answer, encode) == pytest.approx(1 - 2 * 0.25 / 4, abs=0.01)
    assert looked == [(0, left_half), (1, whole(SIZE))]


def test_of_nothing_nothing_is_kept() -> None:
    assert measure_kept(_page(0, slice(0, 0)), _page(1, slice(0, 8)), _encode) == 0


@table(
    ("expected_iou", "kept_share", "found"),
    [(0.5, 0.5, 0.4207), (0.9, 1.0, 0.9500), (1.0, 0.5, 0.8242), (0.0, 0.5, 0.1011)],
)
def test_the_regression_worked_by_hand(expected_iou, kept_share, found) -> None:
    # 1 / (1 + exp(-(0.27 ln(e / (1 - e)) + 5.34 k - 2.99))), e between 0.001 and 0.999
    assert estimate_confidence(expected_iou, kept_share) == pytest.approx(found, abs=1e-4)


def test_both_kinds_of_evidence_count_and_stay_in_range() -> None:
    for low, high in itertools.pairwise((0.0, 0.3, 0.7, 1.0)):
        assert 0 < estimate_confidence(low, 0.5) < estimate_confidence(high, 0.5) < 1
        assert 0 < estimate_confidence(0.5, low) < estimate_confidence(0.5, high) < 1
