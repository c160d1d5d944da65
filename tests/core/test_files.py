from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from matting_core import files
from matting_core.errors import ExportError
from matting_core.files import cache_folder, make_folder, write_bytes_atomically
from tests.tables import table


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_handle) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files.os, "fsync", refuse)


@table("durable", [True, False])
def test_contents_are_written_and_replaced(tmp_path: Path, durable) -> None:
    path = tmp_path / "a.bin"
    for data in (b"first" * 1000, b"second", b""):
        write_bytes_atomically(path, data, durable=durable)
        assert path.read_bytes() == data
        assert list(tmp_path.iterdir()) == [path]


def test_file_has_the_usual_permissions(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        write_bytes_atomically(tmp_path / "a", b"x")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path, full_disk) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(ExportError, match="disk is full"):
        write_bytes_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interruption_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch) -> None:
    def interrupt(_handle) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", interrupt)
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        write_bytes_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="none"):
        write_bytes_atomically(tmp_path / "none" / "a", b"x")


def test_a_folder_of_that_name_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(ExportError):
        write_bytes_atomically(tmp_path / "a", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_folders_are_made_with_their_parents(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


@table("name", ["file", "file/below"])
def test_a_file_in_the_way_of_a_folder_is_named(tmp_path: Path, name) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ExportError, match="in the way"):
        make_folder(tmp_path / name)


def test_cache_goes_where_the_variable_says(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("WISP_CACHE", str(tmp_path / "here"))
    assert cache_folder() == tmp_path / "here"
    monkeypatch.delenv("WISP_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder() != tmp_path / "here"
    assert "wisp" in cache_folder().parts
