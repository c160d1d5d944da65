from __future__ import annotations

import numpy as np

from matting_core.matte import closed_form
from matting_core.matte.closed_form import solve_tile
from tests.clips import Disc, disc_alpha
from tests.core.factories import Size
from tests.tables import table

SIZE = Size(48, 40)
TRUTH = disc_alpha(Disc(24, 20, 10), SIZE)
DISTANCE = np.hypot(*(np.mgrid[0:40, 0:48] + 0.5 - [[[20]], [[24]]])) - 10
TRIMAP = np.where(np.abs(DISTANCE) < 5, 0.5, DISTANCE < 0).astype(np.float32)
PULL = np.full(SIZE.hw, 1e-3, np.float32)


def _picture(truth=TRUTH) -> np.ndarray:
    """Two colour lines, on which the paper's assumption holds exactly."""
    shade = np.linspace(0.8, 1, SIZE.width)[None, :, None]
    inside, outside = np.array([240, 200, 40]) * shade, np.array([20, 40, 120]) * shade
    cover = truth[..., None]
    return np.rint(cover * inside + (1 - cover) * outside).astype(np.uint8)


def test_a_known_alpha_is_recovered_from_a_wrong_guide() -> None:
    guide = np.roll(TRUTH, 3, axis=1)
    alpha = solve_tile(_picture(), TRIMAP, guide, PULL)
    assert alpha.dtype == np.float32
    assert np.abs(alpha - TRUTH).mean() < 0.01
    assert np.abs(alpha - TRUTH).mean() < np.abs(guide - TRUTH).mean() / 5


def test_known_pixels_keep_the_trimaps_value() -> None:
    known = TRIMAP != 0.5
    alpha = solve_tile(_picture(), TRIMAP, np.full_like(TRUTH, 0.3), PULL)
    assert np.array_equal(alpha[known], TRIMAP[known])


def test_a_tile_without_unknown_pixels_is_its_trimap() -> None:
    trimap = np.round(TRUTH)
    alpha = solve_tile(_picture(), trimap, TRUTH, PULL)
    assert np.array_equal(alpha, trimap)
    assert alpha is not trimap


def test_flat_regions_fall_to_the_guide_in_silence(capfd) -> None:
    guide = np.linspace(0, 1, SIZE.width, dtype=np.float32)[None].repeat(SIZE.height, 0)
    flat = np.full((*SIZE.hw, 3), 128, np.uint8)
    alpha = solve_tile(flat, np.full(SIZE.hw, 0.5, np.float32), guide, np.full_like(PULL, 100))
    assert np.abs(alpha - guide).max() < 0.02
    assert capfd.readouterr() == ("", "")


def test_a_strong_pull_gives_the_guide() -> None:
    guide = np.random.default_rng(1).random(SIZE.hw, np.float32)
    trimap = np.full(SIZE.hw, 0.5, np.float32)
    alpha = solve_tile(_picture(), trimap, guide, np.full_like(PULL, 1e6))
    assert np.abs(alpha - guide).max() < 0.01


@table("hw", [(1, 1), (1, 9), (2, 2), (3, 3), (3, 57)])
def test_tiles_of_any_size_are_solved(hw) -> None:
    half = np.full(hw, 0.5, np.float32)
    alpha = solve_tile(np.full((*hw, 3), 90, np.uint8), half, half, half)
    assert alpha.shape == hw
    assert np.allclose(alpha, 0.5, atol=0.01)


def test_without_the_preconditioner_it_is_solved_all_the_same(monkeypatch) -> None:
    def fail(*_args, **_options):
        raise ValueError("more than max_nnz elements")

    monkeypatch.setattr(closed_form, "ichol", fail)
    alpha = solve_tile(_picture(), TRIMAP, np.roll(TRUTH, 3, axis=1), PULL)
    assert np.abs(alpha - TRUTH).mean() < 0.01


def test_a_wide_unknown_region_of_a_busy_picture_is_solved_and_not_given_up() -> None:
    """The preconditioner needed more room than it was given, and the guide was returned."""
    size = Size(160, 160)
    truth = disc_alpha(Disc(80, 80, 45), size)
    noise = np.random.default_rng(3).normal(0, 12, (*size.hw, 1))
    cover = truth[..., None]
    colours = cover * np.array([220, 180, 60]) + (1 - cover) * np.array([30, 60, 130])
    picture = np.clip(colours + noise, 0, 255).astype(np.uint8)
    distance = np.hypot(*(np.mgrid[0:160, 0:160] + 0.5 - 80))
    trimap = np.where(np.abs(distance - 45) < 35, 0.5, distance < 45).astype(np.float32)
    guide = np.full(size.hw, 0.5, np.float32)
    alpha = solve_tile(picture, trimap, guide, np.full(size.hw, 1e-3, np.float32))
    assert np.abs(alpha - truth)[trimap == 0.5].mean() < 0.05
