"""Backdrops: pieces of photographs at any size, sharp or not, read only when asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from matting_core.errors import MediaError
from matting_core.training.render.backdrops import PhotographBackdrops, blur_by_disc, crop_piece
from matting_core.training.render.foregrounds import ForegroundPairs
from matting_core.types import Size
from tests.tables import table
from tests.training.pairs import a_photograph, write_backgrounds, write_pair

SIZE = Size(50, 70)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_backdrops_are_pictures_and_repeatable(tmp_path: Path) -> None:
    cutouts = ForegroundPairs([write_pair(tmp_path, "a")], 80)
    backdrops = PhotographBackdrops(write_backgrounds(tmp_path), 80, cutouts)
    for seed in range(30):
        backdrop = backdrops.backdrop(rng(seed), SIZE)
        assert backdrop.shape == (70, 50, 3)
        assert backdrop.dtype == np.float32
        assert 0 <= backdrop.min() <= backdrop.max() <= 1
        assert np.array_equal(backdrop, backdrops.backdrop(rng(seed), SIZE))
    assert backdrops.texture(rng(), Size(9, 11)).shape == (11, 9, 3)


def test_a_missing_background_is_named_when_it_is_drawn(tmp_path: Path) -> None:
    backdrops = PhotographBackdrops([tmp_path / "gone.jpg"], 80, ForegroundPairs([], 80))
    with pytest.raises(MediaError, match=r"gone\.jpg"):
        backdrops.texture(rng(), SIZE)


@table("size", [Size(30, 20), Size(200, 90), Size(40, 300)])
def test_pieces_of_any_size_and_shape_are_cut(size: Size) -> None:
    photograph = a_photograph(1)
    for seed in range(10):
        found = crop_piece(photograph, size, rng(seed), 3)
        assert found.shape == (*size.hw, 3)
        assert 0 <= found.min() < found.max() <= 1


@table("radius", [0.8, 4.0, 12.0])
def test_out_of_focus_is_smoother_and_keeps_plain_areas(radius: float) -> None:
    noise = rng().random((80, 80, 3), np.float32)
    assert blur_by_disc(noise, radius).std() < 0.7 * noise.std()
    plain = np.full((80, 80, 3), 0.3, np.float32)
    assert np.allclose(blur_by_disc(plain, radius), 0.3, atol=0.002)
