from __future__ import annotations

import numpy as np

from matting_core.matte.colour_lines import enlarge_part, fit_colour_lines
from matting_core.matte.tiles import Tile

DRAW = np.random.default_rng(7)
PICTURE = DRAW.integers(0, 256, (24, 32, 3), dtype=np.uint8)
SLOPE, OFFSET = np.array([0.3, -0.2, 0.4]), 0.2
LINEAR = (PICTURE / 255 @ SLOPE + OFFSET).astype(np.float32)


def _whole(hw) -> Tile:
    return Tile(0, hw[0], 0, hw[1])


def test_alpha_that_is_linear_in_colour_is_recovered() -> None:
    found = fit_colour_lines(PICTURE, LINEAR).apply(PICTURE, _whole((24, 32)))
    assert found.dtype == np.float32
    assert np.abs(found - np.clip(LINEAR, 0, 1)).max() < 0.02


def test_the_line_holds_for_colours_that_the_small_copy_never_had() -> None:
    large = np.repeat(np.repeat(PICTURE, 3, 0), 3, 1)
    large[30, 40] = (255, 0, 255)
    found = fit_colour_lines(PICTURE, LINEAR).apply(large, _whole((72, 96)))
    assert abs(found[30, 40] - (0.3 + 0.4 + 0.2)) < 0.05


def test_a_flat_picture_gives_the_mean_and_stays_finite() -> None:
    flat = np.full((20, 20, 3), 77, np.uint8)
    alpha = np.full((20, 20), 0.4, np.float32)
    found = fit_colour_lines(flat, alpha).apply(flat, _whole((20, 20)))
    assert np.allclose(found, 0.4, atol=1e-4)


def test_a_tile_is_the_same_part_of_the_whole() -> None:
    large = np.repeat(np.repeat(PICTURE, 2, 0), 2, 1)
    lines = fit_colour_lines(PICTURE, LINEAR)
    whole = lines.apply(large, _whole((48, 64)))
    tile = Tile(5, 31, 12, 50)
    assert np.allclose(lines.apply(large, tile), whole[tile.slices], atol=1e-5)


def test_enlarging_keeps_pixel_centres() -> None:
    ramp = np.tile(np.arange(8, dtype=np.float32) + 0.5, (4, 1))
    enlarged = enlarge_part(ramp, (8, 16), Tile(0, 8, 2, 14))
    assert np.allclose(enlarged[3], (np.arange(2, 14) + 0.5) / 2, atol=0.04)
