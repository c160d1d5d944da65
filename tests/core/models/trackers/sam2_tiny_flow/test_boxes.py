"""A box leans on an earlier frame, stays within its edges, and does without where that fails."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from matting_core.models.trackers.sam2_tiny_flow import propagate
from matting_core.models.trackers.sam2_tiny_flow.boxes import Corners, join_box
from matting_core.models.trackers.sam2_tiny_flow.image_model import DecodedMask, EncodedPicture
from matting_core.models.trackers.sam2_tiny_flow.memory import MemoryFrame
from matting_core.models.trackers.sam2_tiny_flow.propagation_model import NetworkAnswer
from matting_core.types import Size
from matting_core.windows import Window, whole
from tests.core.models.trackers.sam2_tiny_flow.stubs import SIDE, Echo, Says, encode
from tests.tables import table

RASTER = Size(80, 64)
GRID = 32
BOX = (8.0, 8.0, 24.0, 24.0)
SURE = 0.83


@dataclass
class Answer:
    joined: DecodedMask
    alone: DecodedMask
    said: Says
    looked: list[tuple[int, Window]]


def logits_of(box: Corners | None) -> np.ndarray:
    logits = np.full((GRID, GRID), -8, np.float32)
    if box is not None:
        x0, y0, x1, y1 = map(int, box)
        logits[y0:y1, x0:x1] = 8
    return logits


def answered(
    said: np.ndarray, alone: np.ndarray | None = None, box: Corners = BOX, sure: float = SURE
) -> Answer:
    mask = np.zeros(RASTER.hw, np.float32)
    mask[20:40, 20:40] = 1
    net = Says(NetworkAnswer(said.astype(np.float32), sure, 0.9))
    looked: list[tuple[int, Window]] = []

    def look(frame: int, window: Window) -> EncodedPicture:
        looked.append((frame, window))
        return encode(frame, window)

    models = propagate.Models(propagate.CachedImageModel(Echo(), look), net)
    drawn = DecodedMask(logits_of(box) if alone is None else alone, 0.4)
    joined = join_box(drawn, box, 7, (MemoryFrame(0, whole(RASTER), mask),), models)
    return Answer(joined, drawn, net, looked)


def everywhere() -> np.ndarray:
    return np.full((SIDE // 4, SIDE // 4), 6, np.float32)


def test_what_is_found_lies_within_the_box() -> None:
    joined = answered(everywhere(), alone=np.full((GRID, GRID), 8, np.float32)).joined
    found, wanted = joined.logits > 0, logits_of(BOX) > 0
    spilled = found & ~wanted
    assert spilled[:6].sum() + spilled[26:].sum() + spilled[:, :6].sum() == 0
    assert spilled[:, 26:].sum() == 0
    assert (found & wanted).sum() == wanted.sum()
    assert joined.predicted_iou == SURE


def test_an_answer_of_which_little_is_expected_is_not_taken() -> None:
    answer = answered(everywhere(), sure=0.49)
    assert answer.joined is answer.alone
    assert answered(everywhere(), sure=0.51).joined is not answer.alone


@table(("network", "decoder", "inside"), [(3, -8, False), (-3, 8, True)])
def test_the_surer_of_network_and_decoder_wins(network, decoder, inside) -> None:
    said = np.full((SIDE // 4, SIDE // 4), network, np.float32)
    joined = answered(said, alone=np.full((GRID, GRID), decoder, np.float32)).joined
    np.testing.assert_allclose(joined.logits[10:22, 10:22], (network + decoder) / 2)
    assert (joined.logits[16, 16] > 0) == inside


def test_no_answer_outweighs_the_other_beyond_the_limit() -> None:
    joined = answered(everywhere() * 100, alone=np.full((GRID, GRID), -99, np.float32)).joined
    assert joined.logits[16, 16] == pytest.approx(0, abs=1e-3)


def test_the_network_is_shown_the_decoders_answer_for_flows_and_no_trust_in_it() -> None:
    (cues,) = answered(everywhere()).said.cues
    carried, trust = cues[0], cues[1]
    assert carried.max() > 0.99
    assert carried.min() < 0.01
    assert not trust.any()


def test_a_speck_of_a_box_at_the_edge_can_be_answered() -> None:
    joined = answered(everywhere(), box=(31.9, 31.9, 32.0, 32.0)).joined
    assert joined.logits.shape == (GRID, GRID)


def test_the_window_is_the_boxs_and_not_the_earlier_masks() -> None:
    looked = answered(everywhere(), box=(20.0, 2.0, 30.0, 12.0)).looked
    assert {frame for frame, _ in looked} == {0, 7}
    (window,) = {window for frame, window in looked if frame == 7}
    assert 20 < window.x0 <= 50
    assert window.x1 >= 75
    assert window.y0 <= 4
    assert 24 <= window.y1 < 60
