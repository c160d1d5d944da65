from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from matting_core.errors import InputError, MediaError
from matting_core.evaluation.folders import match_folders, read_alphas, read_band
from tests.core.evaluation.helpers import disc, write_alpha, write_clip, write_trimap
from tests.tables import table


@pytest.fixture
def pred(tmp_path: Path) -> Path:
    return write_clip(tmp_path / "pred", [10, 12, 14])


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    return write_clip(tmp_path / "truth", [11, 12, 13])


def test_files_are_matched_by_name(pred, truth) -> None:
    pairs = match_folders(pred, truth)
    assert [pair.name for pair in pairs] == [f"alpha_{k:06d}" for k in range(3)]
    assert all(pair.pred.parent == pred and pair.truth.parent == truth for pair in pairs)
    assert all(pair.pred.name == pair.truth.name for pair in pairs)


def test_endings_may_differ_and_numbers_count_naturally(tmp_path: Path) -> None:
    for name in ("2", "10", "1"):
        write_alpha(tmp_path / "pred" / f"{name}.png", disc(10))
        write_alpha(tmp_path / "truth" / f"{name}.tif", disc(10))
    pairs = match_folders(tmp_path / "pred", tmp_path / "truth")
    assert [pair.stem for pair in pairs] == ["1", "2", "10"]


def test_subfolders_are_objects(tmp_path: Path) -> None:
    for side in ("pred", "truth"):
        for name in ("dog", "cat"):
            write_clip(tmp_path / side / name, [10, 12])
    pairs = match_folders(tmp_path / "pred", tmp_path / "truth")
    assert [(pair.folder, pair.stem) for pair in pairs] == [
        (name, f"alpha_{k:06d}") for name in ("cat", "dog") for k in (0, 1)
    ]
    assert pairs[0].name == "cat/alpha_000000"


def test_what_wisp_writes_beside_its_alphas_is_left_out(pred, truth) -> None:
    write_clip(pred, [3, 4, 5], prefix="mask_")
    write_alpha(pred / "contact_sheet.png", disc(3, (9, 9)))
    (pred / ".hidden.png").write_bytes(b"")
    (pred / "notes.txt").write_text("no image")
    assert len(match_folders(pred, truth)) == 3


def test_every_missing_side_is_named(pred, truth) -> None:
    (pred / "alpha_000001.png").unlink()
    (truth / "alpha_000002.png").unlink()
    with pytest.raises(InputError) as refusal:
        match_folders(pred, truth)
    assert f"{pred} lacks alpha_000001" in str(refusal.value)
    assert f"{truth} lacks alpha_000002" in str(refusal.value)


def test_only_the_first_missing_names_are_listed(tmp_path: Path, pred) -> None:
    truth = write_clip(tmp_path / "long", range(12))
    with pytest.raises(InputError, match="alpha_000003, alpha_000004, alpha_000005 and 6 more"):
        match_folders(pred, truth)


def test_sizes_must_agree(pred, truth) -> None:
    write_alpha(pred / "alpha_000001.png", disc(5, (20, 30)))
    with pytest.raises(InputError, match=r"alpha_000001.png is 30 x 20, .* is 32 x 24"):
        match_folders(pred, truth)


def test_one_name_twice_is_refused(pred, truth) -> None:
    write_alpha(pred / "alpha_000001.tif", disc(5))
    with pytest.raises(InputError, match=r"alpha_000001.png and .*alpha_000001.tif"):
        match_folders(pred, truth)


def test_folders_without_images_are_told(tmp_path: Path, truth) -> None:
    with pytest.raises(MediaError, match="is no folder"):
        match_folders(tmp_path / "nowhere", truth)
    (tmp_path / "empty").mkdir()
    with pytest.raises(MediaError, match="no images"):
        match_folders(tmp_path / "empty", truth)


@table("prefix", ["alpha_", "trimap_"])
def test_trimaps_give_the_band_between_0_and_255(tmp_path: Path, pred, truth, prefix) -> None:
    for k in range(4):
        write_trimap(tmp_path / "trimaps" / f"{prefix}{k:06d}.png", disc(10))
    pairs = match_folders(pred, truth, tmp_path / "trimaps")
    soft = (disc(10) > 0) & (disc(10) < 1)
    np.testing.assert_array_equal(read_band(pairs[2]), soft)
    assert read_band(match_folders(pred, truth)[0]) is None


def test_a_missing_trimap_is_named(tmp_path: Path, pred, truth) -> None:
    write_trimap(tmp_path / "trimaps" / "trimap_000000.png", disc(10))
    with pytest.raises(InputError, match="lacks alpha_000001, alpha_000002;"):
        match_folders(pred, truth, tmp_path / "trimaps")


@table(("top", "count"), [(255, 256), (65535, 65536)])
def test_every_level_is_read_exactly(tmp_path: Path, top, count) -> None:
    levels = np.arange(count).reshape(-1, 16)
    for side in ("pred", "truth"):
        write_alpha(tmp_path / side / "a.png", levels / top, top)
    found, _ = read_alphas(match_folders(tmp_path / "pred", tmp_path / "truth")[0])
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, (levels / top).astype(np.float32))
