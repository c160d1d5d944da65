"""Where subjects stand: seen, at the size asked for, and never with a straight cut in mid-air."""

from __future__ import annotations

import numpy as np
import pytest

from matting_core.training.render.foregrounds import Cutout
from matting_core.training.render.framing import (
    SubjectExtent,
    frame_crop,
    place_subject,
    shift_layer,
)
from matting_core.training.render.layer import layer_from_straight
from matting_core.training.render.warp import measure_share, place_cutout, place_layer
from matting_core.types import Size
from tests.tables import table
from tests.training.pairs import disc

SIZE = Size(120, 90)
BUST = SubjectExtent((30, 20, 70, 100), 2400, (False, False, False, True))


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_an_extent_is_measured() -> None:
    alpha = np.zeros((600, 800), np.uint16)
    alpha[300:, 200:400] = 65535
    extent = SubjectExtent.measure(alpha)
    assert np.allclose(extent.box, (200, 300, 400, 600), atol=4)
    assert extent.area == pytest.approx(60000, rel=0.03)
    assert extent.cut == (False, False, False, True)


def test_an_empty_alpha_takes_the_whole_picture() -> None:
    assert SubjectExtent.measure(np.zeros((6, 8), np.float32)).box == (0, 0, 8, 6)


@table("seed", range(40))
def test_what_its_photograph_cut_off_stands_at_the_edge(seed: int) -> None:
    placement = place_subject(BUST, SIZE, rng(seed), (0.05, 0.6))
    foot = placement.target[1] + placement.scale[1] * BUST.height / 2
    assert foot >= SIZE.height - 1e-6


def test_subjects_take_the_share_asked_for() -> None:
    alpha = (disc((200, 200), 60) * 65535).astype(np.uint16)
    grey = np.full((200, 200, 3), 99, np.uint8)
    extent = SubjectExtent.measure(alpha)
    seen = []
    for seed in range(30):
        placement = place_subject(extent, SIZE, rng(seed), (0.1, 0.3))
        layer = place_cutout(Cutout(grey, alpha, grey, None), extent.cut, placement, SIZE)
        seen.append(measure_share(layer.alpha))
    assert max(seen) < 0.35
    assert np.median(seen) > 0.1


def test_a_layer_that_is_cut_off_still_fills_its_side() -> None:
    alpha = np.zeros(SIZE.hw, np.float32)
    alpha[40:, 30:90] = 1
    layer = layer_from_straight(np.ones((*SIZE.hw, 3), np.float32), alpha)
    for seed in range(20):
        moved = place_layer(layer, shift_layer(layer, rng(seed)), SIZE)
        assert moved.alpha[-1].max() == pytest.approx(1, abs=1e-3)


def test_crops_keep_most_subjects_whole_and_stay_sharp() -> None:
    alpha = (disc((400, 600), 120) * 65535).astype(np.uint16)
    grey = np.zeros((400, 600, 3), np.uint8)
    for seed in range(30):
        placement = frame_crop(Cutout(grey, alpha, grey, None), SIZE, rng(seed))
        assert max(placement.scale) <= 1.5 * 1.25
        assert max(placement.scale) / min(placement.scale) <= 1.5 + 1e-9
