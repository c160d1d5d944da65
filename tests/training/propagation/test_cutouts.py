"""Cut-outs: what counts as a thing, and that nothing is made twice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from matting_core.training.propagation.cutouts import (
    LONGEST,
    RegionCutouts,
    crop_to_alpha,
    find_regions,
    is_held_out,
)
from tests.training.pairs import a_photograph, disc, write_image
from tests.training.pools import StubModel
from tests.training.propagation.films import SIDE, SureModel

HW = (120, 160)


def a_picture() -> np.ndarray:
    """A bright disc in the middle of a dark photograph."""
    alpha = disc(HW, 30)[..., None]
    return np.rint(alpha * 240 + (1 - alpha) * (a_photograph(0, HW) // 4)).astype(np.uint8)


class WholeModel(SureModel):
    """Whatever is asked about, the bright thing is found, all of it."""

    def decode(self, encoded, hints, *, several: bool = False):
        return super().decode(encoded, hints, several=False) * 3


def test_a_thing_is_found_once_and_cut_out() -> None:
    (found,) = find_regions(a_picture(), WholeModel(SIDE), np.random.default_rng(0))
    assert found[found[..., 3] > 127, :3].mean() > 150
    assert (found[..., 3] > 127).sum() == pytest.approx(np.pi * 30**2, rel=0.25)
    assert found.shape[0] == pytest.approx(68, abs=12)


def test_different_things_are_found_up_to_nine() -> None:
    found = find_regions(a_picture(), SureModel(SIDE), np.random.default_rng(0))
    assert 2 <= len(found) <= 9
    assert len({one.tobytes() for one in found}) == len(found)


def test_what_the_decoder_doubts_is_no_thing() -> None:
    assert find_regions(a_picture(), StubModel(SIDE), np.random.default_rng(0)) == []


def test_what_fills_the_frame_is_no_thing() -> None:
    bright = np.full((*HW, 3), 240, np.uint8)
    assert find_regions(bright, SureModel(SIDE), np.random.default_rng(0)) == []


def test_a_crop_holds_the_visible_part_at_a_limited_size() -> None:
    rgb, alpha = a_picture(), disc(HW, 30).astype(np.float32)
    cut = crop_to_alpha(rgb, alpha)
    assert cut is not None
    assert abs(cut.shape[0] - 68) <= 4
    assert cut[cut.shape[0] // 2, cut.shape[1] // 2].tolist() == [240, 240, 240, 255]
    large = crop_to_alpha(np.zeros((900, 1000, 3), np.uint8), np.ones((900, 1000), np.float32))
    assert large is not None
    assert max(large.shape) == LONGEST
    assert crop_to_alpha(rgb, np.zeros(HW, np.float32)) is None
    assert crop_to_alpha(rgb, disc(HW, 5).astype(np.float32)) is None


def test_regions_are_kept_and_need_no_model_again(tmp_path: Path) -> None:
    path = write_image(tmp_path / "a.png", a_picture())
    folder = tmp_path / "cutouts"
    assert RegionCutouts(folder, None).load(path) == []
    model = SureModel(SIDE)
    found = RegionCutouts(folder, model).load(path)
    assert found
    asked = len(model.asked)
    again = RegionCutouts(folder, model).load(path)
    assert len(model.asked) == asked
    kept = RegionCutouts(folder, None).load(path)
    for other in (again, kept):
        assert all(np.array_equal(a, b) for a, b in zip(found, other, strict=True))
    assert len(list(folder.iterdir())) == 1


def test_a_photograph_without_things_is_not_searched_again(tmp_path: Path) -> None:
    path = write_image(tmp_path / "a.png", a_picture())
    RegionCutouts(tmp_path / "cutouts", StubModel(SIDE)).load(path)
    model = SureModel(SIDE)
    assert RegionCutouts(tmp_path / "cutouts", model).load(path) == []
    assert not model.asked


def test_a_damaged_file_is_made_again_as_it_was(tmp_path: Path) -> None:
    path = write_image(tmp_path / "a.png", a_picture())
    regions = RegionCutouts(tmp_path / "cutouts", SureModel(SIDE))
    regions.load(path)
    (file,) = (tmp_path / "cutouts").iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:100])
    regions.load(path)
    assert file.read_bytes() == whole


def test_about_one_name_in_ten_is_held_out_wherever_it_lies() -> None:
    names = [f"photograph {k}.jpg" for k in range(1000)]
    held = [is_held_out(Path("here") / name) for name in names]
    assert sum(held) == pytest.approx(100, abs=30)
    assert held == [is_held_out(Path("/else/where") / name) for name in names]
