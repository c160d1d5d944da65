from __future__ import annotations

import logging
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from matting_core.errors import MediaError
from matting_core.media.opening import open_source
from matting_core.media.video import VideoSource
from tests.clips import (
    Encoding,
    numbered_picture,
    read_number,
    write_clip,
    write_numbered_clip,
    write_sound_only,
)
from tests.tables import table

FAST_START = {"movflags": "faststart"}
CUTTABLE = {
    "mp4": (".mp4", Encoding(gop=10, b_frames=2, mux_options=FAST_START)),
    "mov": (".mov", Encoding(codec="mjpeg", pixel_format="yuvj420p", mux_options=FAST_START)),
    "mkv": (".mkv", Encoding(gop=10, b_frames=2)),
    "webm": (".webm", Encoding(gop=10)),
    "avi": (".avi", Encoding(gop=10)),
}


def _one_sentence(error: BaseException) -> str:
    text = str(error)
    assert "\n" not in text
    assert text.endswith(".")
    return text


def _write_noisy_clip(path: Path, frames: int, encoding: Encoding) -> Path:
    """Write a numbered clip whose packets are large beside the container's own data."""
    size = (320, 192)
    random = np.random.default_rng(1)
    noisy = (
        np.clip(numbered_picture(i, size) + random.normal(0, 9, (192, 320, 3)), 0, 255)
        for i in range(frames)
    )
    return write_clip(path, (picture.astype(np.uint8) for picture in noisy), size, encoding)


def _number_or_damage(source: VideoSource, index: int) -> int | None:
    try:
        return read_number(source.read(index))
    except MediaError as error:
        if f"Frame {index} of {source.path} is damaged" not in _one_sentence(error):
            raise
        return None


def _blank_packets(path: Path, *places: int) -> None:
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
    contents = bytearray(path.read_bytes())
    for place in places:
        start, size = packets[place].pos, packets[place].size
        contents[start : start + size] = bytes(size)
    path.write_bytes(contents)


@table("name", CUTTABLE)
@table("part", [0.4, 0.77])
def test_a_truncated_file_is_readable_up_to_the_damage(tmp_path, name, part, capfd) -> None:
    suffix, encoding = CUTTABLE[name]
    path = _write_noisy_clip(tmp_path / f"a{suffix}", 40, encoding)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    source = VideoSource(path)
    numbers = [_number_or_damage(source, i) for i in range(len(source))]
    whole = [n for n in numbers if n is not None]
    assert len(whole) >= 6
    assert numbers == [i if i in whole else None for i in range(len(source))]
    assert numbers[: len(whole) - 2] == list(range(len(whole) - 2))
    assert [_number_or_damage(source, i) for i in range(len(source))[::-1]] == numbers[::-1]
    source.close()
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("damaged", [0, 7, 19])
def test_a_damaged_frame_is_named_and_its_neighbours_stay(tmp_path, damaged, capfd, caplog):
    encoding = Encoding(codec="mjpeg", pixel_format="yuvj420p")
    path = write_numbered_clip(tmp_path / "a.mov", 20, encoding=encoding)
    _blank_packets(path, damaged)
    source = VideoSource(path)
    wanted = [None if i == damaged else i for i in range(20)]
    assert [_number_or_damage(source, i) for i in range(20)] == wanted
    assert [_number_or_damage(source, i) for i in range(20)[::-1]] == wanted[::-1]
    source.close()
    assert capfd.readouterr().err == ""
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_a_damaged_key_frame_leaves_the_other_groups(tmp_path: Path) -> None:
    path = write_numbered_clip(tmp_path / "a.mp4", 30, encoding=Encoding(gop=10))
    _blank_packets(path, 10)
    source = VideoSource(path)
    assert len(source) == 30
    numbers = [_number_or_damage(source, i) for i in range(30)]
    assert numbers[:10] + numbers[20:] == [*range(10), *range(20, 30)]
    assert numbers[10] is None
    source.close()


def test_a_change_of_size_is_an_error_for_that_frame(tmp_path: Path) -> None:
    path = tmp_path / "joined.mpg"
    for size in ((160, 96), (96, 160)):
        encoding = Encoding(codec="mpeg2video", rate=Fraction(25))
        part = write_numbered_clip(tmp_path / "part.mpg", 5, size, encoding=encoding)
        with path.open("ab") as file:
            file.write(part.read_bytes())
    source = VideoSource(path)
    assert read_number(source.read(0)) == 0
    with pytest.raises(MediaError, match="another size"):
        source.read(len(source) - 1)
    source.close()


def _write_nothing(path: Path) -> None:
    path.write_bytes(b"")


def _write_text(path: Path) -> None:
    path.write_text("this is a shopping list\n" * 200)


def _write_noise(path: Path) -> None:
    path.write_bytes(bytes((i * i * 31 + i // 7) % 251 for i in range(60_000)))


def _write_no_index(path: Path) -> None:
    write_numbered_clip(path.with_suffix(".mp4"), 10)
    contents = path.with_suffix(".mp4").read_bytes()
    path.write_bytes(contents[: contents.rindex(b"moov") - 4])


def _write_playlist(path: Path) -> None:
    path.write_text("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n")


def _write_header_only(path: Path) -> None:
    with av.open(str(path.with_suffix(".mp4")), "w", options={"movflags": "empty_moov"}) as output:
        stream = output.add_stream("libx264", rate=24)
        stream.width = stream.height = 64
        output.start_encoding()
    path.with_suffix(".mp4").rename(path)


@table("suffix", [".mp4", ".mov", ".mkv", ".webm", ".avi"])
@table(
    ("write", "words"),
    [
        (_write_nothing, "is empty"),
        (_write_text, "not a video that can be read"),
        (_write_noise, ""),
        (_write_no_index, "cut short"),
        (_write_playlist, "not a video that can be read"),
        (lambda path: None, "does not exist"),
        (lambda path: path.mkdir(), ""),
    ],
)
def test_what_is_no_video_says_so(tmp_path, suffix, write, words, capfd) -> None:
    path = tmp_path / f"clip{suffix}"
    write(path)
    with pytest.raises(MediaError) as caught:
        open_source(path)
    text = _one_sentence(caught.value)
    assert str(path) in text
    assert words in text
    assert capfd.readouterr().err == ""


def test_sound_only(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="holds no video, only sound"):
        VideoSource(write_sound_only(tmp_path / "a.mp4"))


def test_no_frames(tmp_path: Path) -> None:
    _write_header_only(tmp_path / "a.mov")
    with pytest.raises(MediaError, match=r"no frames|no frame can be decoded"):
        VideoSource(tmp_path / "a.mov")


def test_a_folder_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(MediaError):
        VideoSource(tmp_path)
