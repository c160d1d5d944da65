from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from matting_core.errors import InputError, MediaError
from matting_core.media.sequence import SequenceSource
from tests.clips import numbered_picture, read_number
from tests.images import write_image
from tests.tables import table


def _write(folder: Path, names: dict[str, int], size: tuple[int, int] = (64, 48)) -> Path:
    folder.mkdir(exist_ok=True)
    for name, number in names.items():
        picture = numbered_picture(number, size)
        if name.endswith(".exr"):
            picture = (picture / 255).astype(np.float16)
        write_image(folder / name, picture)
    return folder


def _numbers(source: SequenceSource) -> list[int]:
    return [read_number(source.read(i)) for i in range(len(source))]


def test_folder_is_sorted_naturally(tmp_path: Path) -> None:
    names = {f"f{n}.png": n for n in (10, 9, 100, 1, 2)}
    source = SequenceSource(_write(tmp_path, names))
    assert _numbers(source) == [1, 2, 9, 10, 100]
    assert source.first_number == 1
    assert source.rate == 24
    assert source.time(3) == Fraction(1, 8)
    assert source.size == (64, 48)
    assert source.transfer == "srgb"
    source.close()
    source.close()


def test_folder_leaves_out_what_is_no_image(tmp_path: Path) -> None:
    _write(tmp_path, {"a.0005.png": 5, "a.0007.PNG": 7})
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "._a.0005.png").write_bytes(b"resource fork")
    (tmp_path / ".DS_Store").write_bytes(b"x")
    (tmp_path / "old.png").mkdir()
    source = SequenceSource(tmp_path)
    assert _numbers(source) == [5, 7]
    assert source.first_number == 5


@table("pattern", ["shot.%04d.exr", "shot.####.exr"])
def test_pattern(tmp_path: Path, pattern: str) -> None:
    _write(tmp_path, {f"shot.{n}.exr": n - 1000 for n in range(1001, 1006)})
    _write(tmp_path, {"shot.998.exr": 0, "other.1001.exr": 9, "shot.1001.png": 9})
    source = SequenceSource(tmp_path / pattern)
    assert _numbers(source) == [1, 2, 3, 4, 5]
    assert source.first_number == 1001
    assert source.transfer == "linear"
    assert source.path == str(tmp_path / pattern)


def test_pattern_number_may_outgrow_its_digits(tmp_path: Path) -> None:
    _write(tmp_path, {f"a{n:02d}v7.png": n for n in range(98, 103)})
    for pattern in ("a%02dv7.png", "a%dv7.png", "a##v7.png"):
        source = SequenceSource(tmp_path / pattern)
        assert _numbers(source) == [98, 99, 100, 101, 102]
        assert source.first_number == 98


def test_gap_in_a_pattern_names_the_missing_frame(tmp_path: Path) -> None:
    _write(tmp_path, {f"a.{n:04d}.png": n for n in (3, 4, 6, 8)})
    with pytest.raises(MediaError, match=r"a\.0005\.png is missing"):
        SequenceSource(tmp_path / "a.%04d.png")
    assert len(SequenceSource(tmp_path)) == 4


@table("name", ["b.%04d.png", "a.%06d.png", "none/a.%04d.png"])
def test_pattern_without_files(tmp_path: Path, name: str) -> None:
    _write(tmp_path, {"a.0001.png": 1})
    with pytest.raises(MediaError, match=r"No file matches|does not exist"):
        SequenceSource(tmp_path / name)


def test_a_file_whose_name_looks_like_a_pattern(tmp_path: Path) -> None:
    _write(tmp_path, {"take#1.png": 8, "take01.png": 9})
    assert _numbers(SequenceSource(tmp_path / "take#1.png")) == [8]


@table(("name", "first"), [("still.png", 0), ("shot.1001.png", 1001), ("v2.final.png", 0)])
def test_single_image(tmp_path: Path, name: str, first: int) -> None:
    source = SequenceSource(_write(tmp_path, {name: 3}) / name)
    assert _numbers(source) == [3]
    assert source.first_number == first


def test_mixed_sizes_name_the_first_odd_file(tmp_path: Path) -> None:
    _write(tmp_path, {f"a{n}.png": n for n in (1, 2, 5)})
    _write(tmp_path, {"a3.png": 3, "a4.png": 4}, size=(32, 32))
    with pytest.raises(MediaError, match=r"a3\.png is 32 x 32, .* 64 x 48; move it"):
        SequenceSource(tmp_path)


def test_mixed_transfers_name_the_first_odd_file(tmp_path: Path) -> None:
    _write(tmp_path, {"a1.png": 1, "a2.exr": 2})
    with pytest.raises(MediaError, match=r"a2\.exr mixes"):
        SequenceSource(tmp_path)


def test_an_unreadable_frame_is_named_when_opening(tmp_path: Path) -> None:
    _write(tmp_path, {"a1.png": 1, "a2.png": 2})
    (tmp_path / "a3.png").write_bytes(b"")
    with pytest.raises(MediaError, match=r"a3\.png is empty"):
        SequenceSource(tmp_path)


def test_folder_without_images(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(MediaError, match="has no images"):
        SequenceSource(tmp_path)


def test_index_outside_the_clip(tmp_path: Path) -> None:
    source = SequenceSource(_write(tmp_path, {"a1.png": 1}))
    for index in (-1, 1):
        with pytest.raises(InputError, match=r"which has 0:1"):
            source.read(index)


def test_a_frame_that_goes_or_changes_is_an_error(tmp_path: Path) -> None:
    source = SequenceSource(_write(tmp_path, {"a1.png": 1, "a2.png": 2}))
    _write(tmp_path, {"a2.png": 2}, size=(32, 32))
    with pytest.raises(MediaError, match=r"a2\.png has changed its size"):
        source.read(1)
    (tmp_path / "a2.png").unlink()
    with pytest.raises(MediaError, match=r"a2\.png does not exist"):
        source.read(1)
    assert read_number(source.read(0)) == 1


def test_fingerprint_follows_the_contents_only(tmp_path: Path) -> None:
    first = SequenceSource(_write(tmp_path / "a", {"x1.png": 1, "x2.png": 2}))
    copy = SequenceSource(_write(tmp_path / "b", {"y7.png": 1, "y8.png": 2}))
    swapped = SequenceSource(_write(tmp_path / "c", {"x1.png": 2, "x2.png": 1}))
    assert first.fingerprint == copy.fingerprint != swapped.fingerprint
