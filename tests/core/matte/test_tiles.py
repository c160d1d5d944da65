from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matting_core.matte.tiles import Blend, cover_with_tiles


@st.composite
def needed_pixels(draw):
    hw = draw(st.tuples(st.integers(1, 60), st.integers(1, 60)))
    needed = np.zeros(hw, bool)
    for _ in range(draw(st.integers(0, 4))):
        y, x = draw(st.integers(0, hw[0] - 1)), draw(st.integers(0, hw[1] - 1))
        needed[y : y + draw(st.integers(1, 20)), x : x + draw(st.integers(1, 20))] = True
    return needed


@given(needed_pixels(), st.integers(1, 25), st.integers(0, 9))
def test_every_needed_pixel_has_its_overlap_around_it(needed, core, overlap) -> None:
    height, width = needed.shape
    tiles = list(cover_with_tiles(needed, core, overlap))
    for y, x in zip(*np.nonzero(needed), strict=True):
        assert any(
            tile.y0 <= max(0, y - overlap)
            and min(height, y + overlap + 1) <= tile.y1
            and tile.x0 <= max(0, x - overlap)
            and min(width, x + overlap + 1) <= tile.x1
            for tile in tiles
        )


@given(needed_pixels(), st.integers(1, 25), st.integers(0, 9))
def test_no_tile_is_idle_or_leaves_the_frame(needed, core, overlap) -> None:
    height, width = needed.shape
    for tile in cover_with_tiles(needed, core, overlap):
        assert 0 <= tile.y0 < tile.y1 <= height
        assert 0 <= tile.x0 < tile.x1 <= width
        assert tile.y1 - tile.y0 <= core + 2 * overlap
        assert needed[tile.slices].any()


def test_nothing_needed_no_tiles() -> None:
    assert list(cover_with_tiles(np.zeros((20, 20), bool), 8, 2)) == []


@given(needed_pixels(), st.integers(4, 25), st.integers(0, 9))
def test_joining_what_was_cut_gives_the_whole(needed, core, overlap) -> None:
    picture = np.random.default_rng(3).random(needed.shape, np.float32)
    base = np.full(needed.shape, -1, np.float32)
    blend, covered = Blend(base, overlap), np.zeros(needed.shape, bool)
    for tile in cover_with_tiles(needed, core, overlap):
        blend.add(tile, picture[tile.slices])
        covered[tile.slices] = True
    result = blend.result()
    assert np.allclose(result[covered], picture[covered], atol=1e-5)
    assert (result[~covered] == -1).all()
    assert covered[needed].all()


def test_tiles_that_differ_are_joined_without_a_step() -> None:
    needed = np.ones((8, 64), bool)
    blend = Blend(np.zeros(needed.shape, np.float32), 8)
    for number, tile in enumerate(cover_with_tiles(needed, 32, 8)):
        height, width = tile.y1 - tile.y0, tile.x1 - tile.x0
        blend.add(tile, np.full((height, width), float(number), np.float32))
    row = blend.result()[4]
    assert row[0] == 0
    assert row[-1] == pytest.approx(1)
    assert np.abs(np.diff(row)).max() < 0.15
