from __future__ import annotations

from pathlib import Path

import pytest

from matting_core.errors import MediaError
from matting_core.media import fingerprint
from matting_core.media.fingerprint import fingerprint_files


def test_one_changed_byte_shows(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(3_000_000))
    before = fingerprint_files([path])
    path.write_bytes(bytes(1_500_000) + b"\1" + bytes(1_499_999))
    assert fingerprint_files([path]) != before


def test_file_borders_count(tmp_path: Path) -> None:
    for name, contents in (("a", b"xy"), ("b", b"z"), ("c", b"x"), ("d", b"yz")):
        (tmp_path / name).write_bytes(contents)
    parts = [tmp_path / name for name in "abcd"]
    assert fingerprint_files(parts[:2]) != fingerprint_files(parts[2:])


def test_large_files_are_sampled_to_both_ends(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(fingerprint, "_WHOLE_LIMIT", 100)
    monkeypatch.setattr(fingerprint, "_SAMPLES_IN_ALL", 16)
    path = tmp_path / "a"
    prints = set()
    for place in (0, 2_999_999, None):
        contents = bytearray(3_000_000)
        if place is not None:
            contents[place] = 1
        path.write_bytes(contents)
        prints.add(fingerprint_files([path]))
    path.write_bytes(bytes(3_000_001))
    prints.add(fingerprint_files([path]))
    assert len(prints) == 4


def test_small_files_count_whole_however_many(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(fingerprint, "_WHOLE_LIMIT", 100)
    path = tmp_path / "a"
    path.write_bytes(bytes(300))
    before = fingerprint_files([path] * 5000)
    path.write_bytes(bytes(150) + b"\1" + bytes(149))
    assert fingerprint_files([path] * 5000) != before


def test_a_file_that_has_gone(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="can no longer be read"):
        fingerprint_files([tmp_path / "gone"])
