from __future__ import annotations

import errno
import io
import os
import signal
from pathlib import Path

import cv2
import numpy as np
import pytest

from matting_core.errors import ExportError
from matting_core.media.stills import read_mask_image
from matting_core.media.writer import read_text_attribute, write_plane_png
from tests.tables import table

LEVELS = np.arange(65536, dtype=np.float64).reshape(256, 256)


@table(("depth", "top"), [(8, 255), (16, 65535)])
def test_every_level_is_exact(tmp_path: Path, depth, top) -> None:
    levels = LEVELS % (top + 1)
    write_plane_png(tmp_path / "a.png", (levels / top).astype(np.float32), depth, {})
    stored = cv2.imread(str(tmp_path / "a.png"), cv2.IMREAD_UNCHANGED)
    assert stored.dtype == (np.uint8 if depth == 8 else np.uint16)
    assert np.array_equal(stored, levels)


def test_values_round_to_the_nearest_and_are_clipped(tmp_path: Path) -> None:
    plane = np.array([[0, 1, 0.4999 / 255, 0.5001 / 255, -3, 7, np.nan, np.inf]], np.float32)
    write_plane_png(tmp_path / "a.png", plane, 8, {})
    stored = cv2.imread(str(tmp_path / "a.png"), cv2.IMREAD_UNCHANGED)
    assert stored.tolist() == [[0, 255, 0, 1, 0, 255, 0, 255]]


def test_mask_reader_gives_back_what_was_written(tmp_path: Path) -> None:
    plane = (LEVELS / 65535).astype(np.float32)
    write_plane_png(tmp_path / "a.png", plane, 16, {"wisp:digest": "x"})
    assert np.array_equal(read_mask_image(tmp_path / "a.png"), plane)


def test_attributes_come_back(tmp_path: Path) -> None:
    notes = {"wisp:digest": "a1b2", "Title": "Käse & 猫", "empty": "", "long": "x" * 5000}
    write_plane_png(tmp_path / "a.png", np.zeros((9, 9), np.float32), 16, notes)
    for key, value in notes.items():
        assert read_text_attribute(tmp_path / "a.png", key) == value
    assert read_text_attribute(str(tmp_path / "a.png"), "other") is None


def test_attributes_are_read_without_the_pixels(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).random((400, 400), np.float32)
    write_plane_png(tmp_path / "a.png", noise, 16, {"k": "v"})
    contents = bytearray((tmp_path / "a.png").read_bytes())
    middle = len(contents) // 2
    contents[middle : middle + 1000] = bytes(1000)
    (tmp_path / "a.png").write_bytes(contents)
    assert read_text_attribute(tmp_path / "a.png", "k") == "v"


def test_attributes_by_other_programs(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("plain", "abc")
    info.add_itxt("packed", "ünï" * 50, zip=True)
    image.new("L", (4, 4)).save(tmp_path / "a.png", pnginfo=info)
    assert read_text_attribute(tmp_path / "a.png", "plain") == "abc"
    assert read_text_attribute(tmp_path / "a.png", "packed") == "ünï" * 50
    write_plane_png(tmp_path / "b.png", np.zeros((4, 4), np.float32), 16, {"a": "b", "ü": "ö"})
    with image.open(tmp_path / "b.png") as opened:
        opened.load()
        assert opened.text == {"a": "b", "ü": "ö"}


@table("cut", [0, 5, 8, 20, 33, 40, 60, 200, -12, -4, -1])
def test_a_truncated_file_has_no_attributes(tmp_path: Path, cut: int) -> None:
    noise = np.random.default_rng(0).random((40, 40), np.float32)
    write_plane_png(tmp_path / "a.png", noise, 16, {"key": "value"})
    (tmp_path / "a.png").write_bytes((tmp_path / "a.png").read_bytes()[:cut])
    assert read_text_attribute(tmp_path / "a.png", "key") is None


def test_other_files_have_no_attributes(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"nothing like a picture" * 9)
    (tmp_path / "folder.png").mkdir()
    for name in ("a.png", "folder.png", "gone.png"):
        assert read_text_attribute(tmp_path / name, "key") is None


def test_a_damaged_note_does_not_count(tmp_path: Path) -> None:
    write_plane_png(tmp_path / "a.png", np.zeros((4, 4), np.float32), 8, {"key": "value"})
    contents = (tmp_path / "a.png").read_bytes().replace(b"value", b"vOlue")
    (tmp_path / "a.png").write_bytes(contents)
    assert read_text_attribute(tmp_path / "a.png", "key") is None


@table("key", ["", "x" * 80, "a\0b"])
def test_impossible_keywords_are_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="PNG keyword"):
        write_plane_png(tmp_path / "a.png", np.zeros((4, 4), np.float32), 8, {key: "v"})


@pytest.fixture
def old_file(tmp_path: Path) -> Path:
    (tmp_path / "a.png").write_bytes(b"old")
    return tmp_path / "a.png"


def _assert_untouched(path: Path) -> None:
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


def test_a_full_disk_leaves_the_old_file_alone(old_file, monkeypatch) -> None:
    class FullDisk(io.FileIO):
        def write(self, data) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def fdopen(handle: int, *_: object) -> io.BufferedWriter:
        return io.BufferedWriter(FullDisk(handle, "w"), 16)

    monkeypatch.setattr(os, "fdopen", fdopen)
    with pytest.raises(ExportError, match="disk is full"):
        write_plane_png(old_file, np.zeros((64, 64), np.float32), 16, {})
    monkeypatch.undo()
    _assert_untouched(old_file)


def test_a_short_write_leaves_the_old_file_alone(old_file: Path) -> None:
    """The kernel writes what fits under the limit, then refuses: nothing is mocked."""
    resource = pytest.importorskip("resource")
    noise = np.random.default_rng(0).random((200, 200), np.float32)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(ExportError, match="could not be written"):
            write_plane_png(old_file, noise, 16, {})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    _assert_untouched(old_file)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        ExportError, match=r"gone/a\.png could not be written \(.*\); choose another folder\."
    ):
        write_plane_png(tmp_path / "gone" / "a.png", np.zeros((4, 4), np.float32), 8, {})


def test_a_folder_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.png").mkdir()
    with pytest.raises(ExportError, match=r"a\.png"):
        write_plane_png(tmp_path / "a.png", np.zeros((4, 4), np.float32), 8, {})
    assert [p.name for p in tmp_path.iterdir()] == ["a.png"]
