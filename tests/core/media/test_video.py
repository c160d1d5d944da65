from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition

from matting_core.errors import InputError, MediaError
from matting_core.media import video
from matting_core.media.source import FrameSource
from matting_core.media.video import VideoSource
from tests.clips import (
    Encoding,
    numbered_picture,
    read_number,
    write_clip,
    write_numbered_clip,
)
from tests.tables import table

COUNT = 40
OPEN_GOP = {"preset": "veryfast", "x264-params": "open-gop=1:keyint=10:min-keyint=10:bframes=3"}
HEVC = {"x265-params": "keyint=10:min-keyint=10:bframes=3:log-level=none", "preset": "ultrafast"}
ALTERNATE_REFERENCES = {"auto-alt-ref": "1", "lag-in-frames": "16", "b": "200k", "threads": "1"}
CLIPS = {
    "mp4": (".mp4", Encoding(gop=10)),
    "mp4 with B-frames": (".mp4", Encoding(gop=10, b_frames=3)),
    "mp4 with one GOP": (".mp4", Encoding(gop=250, b_frames=3)),
    "mp4 with open GOPs": (".mp4", Encoding(b_frames=3, options=OPEN_GOP)),
    "mp4 with intra refresh": (".mp4", Encoding(gop=8, options={"x264-params": "intra-refresh=1"})),
    "hevc with open GOPs": (".mp4", Encoding(codec="libx265", options=HEVC)),
    "av1": (".mp4", Encoding(codec="libsvtav1", options={"preset": "6", "crf": "20"})),
    "mp4 with sound": (".mp4", Encoding(gop=10, b_frames=2, audio=True)),
    "mp4 in fragments": (
        ".mp4",
        Encoding(gop=10, b_frames=2, mux_options={"movflags": "frag_keyframe+empty_moov"}),
    ),
    "mpeg4 in mp4": (".mp4", Encoding(codec="mpeg4", gop=10, b_frames=2)),
    "mov": (".mov", Encoding(gop=10, b_frames=2)),
    "prores": (".mov", Encoding(codec="prores_ks", pixel_format="yuv422p10le")),
    "mjpeg": (".mov", Encoding(codec="mjpeg", pixel_format="yuvj420p")),
    "mkv": (".mkv", Encoding(gop=10, b_frames=3)),
    "mkv with open GOPs": (".mkv", Encoding(b_frames=3, options=OPEN_GOP)),
    "ffv1": (".mkv", Encoding(codec="ffv1", pixel_format="bgr0", gop=1)),
    "vp9": (".webm", Encoding(gop=10, audio=True)),
    "vp9 with hidden frames": (
        ".webm",
        Encoding(gop=20, options={**ALTERNATE_REFERENCES, "deadline": "good", "cpu-used": "5"}),
    ),
    "vp8 with hidden frames": (
        ".webm",
        Encoding(codec="libvpx", gop=20, options=ALTERNATE_REFERENCES),
    ),
    "avi": (".avi", Encoding(gop=10)),
    "avi with B-frames": (".avi", Encoding(gop=10, b_frames=2)),
    "h264 in avi": (".avi", Encoding(codec="libx264", gop=10, b_frames=3)),
    "mjpeg in avi": (".avi", Encoding(codec="mjpeg", pixel_format="yuvj420p")),
}


def _numbers(source: FrameSource, order: list[int]) -> list[int]:
    return [read_number(source.read(i)) for i in order]


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("clips")
    return {
        kind: write_numbered_clip(folder / f"{kind}{suffix}", COUNT, encoding=encoding)
        for kind, (suffix, encoding) in CLIPS.items()
    }


@pytest.fixture
def no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video, "_CACHE_BYTES", 0)


@table("kind", CLIPS)
def test_every_frame_is_listed(clips, kind) -> None:
    source = VideoSource(clips[kind])
    assert len(source) == COUNT
    assert source.size == (160, 96)
    assert source.rate == 24
    assert source.first_number == 0
    assert source.transfer == "srgb"
    assert source.path == str(clips[kind])
    source.close()
    source.close()


@table("kind", CLIPS)
def test_forwards(clips, kind) -> None:
    source = VideoSource(clips[kind])
    assert _numbers(source, list(range(COUNT))) == list(range(COUNT))
    source.close()


@pytest.mark.usefixtures("no_cache")
@table("kind", CLIPS)
def test_backwards(clips, kind) -> None:
    source = VideoSource(clips[kind])
    assert _numbers(source, list(range(COUNT))[::-1]) == list(range(COUNT))[::-1]
    source.close()


@pytest.mark.usefixtures("no_cache")
@table("kind", CLIPS)
def test_any_order_gives_the_same_pixels(clips, kind) -> None:
    source = VideoSource(clips[kind])
    forwards = [source.read(i) for i in range(COUNT)]
    for i in random.Random(3).choices(range(COUNT), k=2 * COUNT):
        picture = source.read(i)
        assert np.array_equal(picture, forwards[i])
        assert read_number(picture) == i
    source.close()


@table("kind", CLIPS)
def test_times_are_exact(clips, kind) -> None:
    source = VideoSource(clips[kind])
    unit = Fraction(1, 1000) if clips[kind].suffix in (".mkv", ".webm") else 0
    for i in range(COUNT):
        assert isinstance(source.time(i), Fraction)
        assert abs(source.time(i) - Fraction(i, 24)) <= unit
    source.close()


@table("kind", CLIPS)
def test_frames_are_read_only_and_contiguous(clips, kind) -> None:
    source = VideoSource(clips[kind])
    picture = source.read(5)
    assert not picture.flags.writeable
    assert picture.flags.c_contiguous
    source.close()


def test_index_outside_the_clip(tmp_path: Path) -> None:
    source = VideoSource(write_numbered_clip(tmp_path / "a.mp4", 3))
    for index in (-1, 3):
        with pytest.raises(InputError, match=r"which has 0:3"):
            source.read(index)
    source.close()


def test_reading_after_close_is_an_error(tmp_path: Path) -> None:
    source = VideoSource(write_numbered_clip(tmp_path / "a.mp4", 30))
    source.read(2)
    source.close()
    for index in (2, 3, 0, 29):
        with pytest.raises(MediaError, match="has been closed"):
            source.read(index)
    assert len(source) == 30
    assert source.rate == 24


def test_recent_frames_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video, "_CACHE_BYTES", 200_000)
    source = VideoSource(write_numbered_clip(tmp_path / "a.mp4", 30))
    _numbers(source, list(range(30)))
    assert 0 < source._recent_bytes <= 200_000
    assert source._recent_bytes == sum(video._bytes_of(f) for f in source._recent.values())
    source.close()


@table("suffix", [".mp4", ".mkv"])
def test_variable_rate(tmp_path: Path, suffix: str) -> None:
    pts = np.cumsum([0, *[40, 10, 100, 33, 500, 20] * 4]).tolist()
    encoding = Encoding(rate=Fraction(25), time_base=Fraction(1, 1000), pts=pts, gop=6, b_frames=2)
    source = VideoSource(write_numbered_clip(tmp_path / f"a{suffix}", len(pts), encoding=encoding))
    assert len(source) == len(pts)
    assert [source.time(i) for i in range(len(pts))] == [Fraction(t, 1000) for t in pts]
    assert source.rate == Fraction((len(pts) - 1) * 1000, pts[-1])
    order = random.Random(5).sample(range(len(pts)), len(pts))
    assert _numbers(source, order) == order
    source.close()


def test_ntsc_rate_survives_rounded_times(tmp_path: Path) -> None:
    encoding = Encoding(rate=Fraction(30000, 1001))
    source = VideoSource(write_numbered_clip(tmp_path / "a.mkv", 50, encoding=encoding))
    assert source.rate == Fraction(30000, 1001)
    source.close()


def test_one_frame(tmp_path: Path) -> None:
    source = VideoSource(write_numbered_clip(tmp_path / "a.mp4", 1))
    assert (len(source), source.rate, source.time(0)) == (1, 24, 0)
    source.close()


@table("rotation", [90, 180, 270])
def test_rotation(tmp_path: Path, rotation: int) -> None:
    turned = (np.rot90(numbered_picture(i, (96, 160)), -rotation // 90) for i in range(5))
    size = (96, 160) if rotation == 180 else (160, 96)
    path = write_clip(tmp_path / "a.mp4", turned, size, Encoding(rotation=rotation))
    source = VideoSource(path)
    assert source.size == (96, 160)
    assert _numbers(source, [4, 0, 2]) == [4, 0, 2]
    source.close()


def _patch(path: Path, box: bytes, offset: int, data: bytes) -> None:
    contents = bytearray(path.read_bytes())
    start = contents.index(box) + 4 + offset
    contents[start : start + len(data)] = data
    path.write_bytes(contents)


def _big_endian(*values: int) -> bytes:
    return b"".join(value.to_bytes(4, signed=True) for value in values)


@table(
    ("matrix", "stored"),
    [
        # what telephones held upright write: a quarter turn clockwise
        ((0, 65536, 0, -65536, 0, 0), lambda upright: np.rot90(upright)),
        # a mirrored front camera
        ((-65536, 0, 0, 0, 65536, 0), lambda upright: upright[:, ::-1]),
    ],
)
def test_display_matrix_in_the_track_header(tmp_path: Path, matrix, stored) -> None:
    pictures = [stored(numbered_picture(i, (96, 96))) for i in range(3)]
    path = write_clip(tmp_path / "a.mov", pictures, (96, 96))
    _patch(path, b"tkhd", 40, _big_endian(*matrix))
    source = VideoSource(path)
    assert _numbers(source, [0, 1, 2]) == [0, 1, 2]
    source.close()


def test_frames_before_an_edit_list_are_not_shown(tmp_path: Path) -> None:
    path = write_numbered_clip(tmp_path / "a.mp4", 20, encoding=Encoding(gop=8, b_frames=2))
    with av.open(str(path)) as container:
        ticks = int(1 / (24 * container.streams.video[0].time_base))
    start = path.read_bytes().index(b"elst") + 4
    skipped = int.from_bytes(path.read_bytes()[start + 12 : start + 16]) + 10 * ticks
    _patch(path, b"elst", 12, _big_endian(skipped))
    source = VideoSource(path)
    shown = len(source)
    assert _numbers(source, list(range(shown))[::-1]) == list(range(10, 10 + shown))[::-1]
    assert shown == 10
    source.close()


def test_undecodable_frames_at_a_cut_are_left_out(tmp_path: Path) -> None:
    encoding = Encoding(b_frames=3, options=OPEN_GOP)
    whole = write_numbered_clip(tmp_path / "whole.mkv", 40, encoding=encoding)
    cut = tmp_path / "cut.mkv"
    with av.open(str(whole)) as source, av.open(str(cut), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        keys = 0
        for packet in source.demux(video=0):
            keys += packet.is_keyframe
            if keys >= 2 and packet.size:
                packet.stream = stream
                target.mux(packet)
    clip = VideoSource(cut)
    numbers = _numbers(clip, list(range(len(clip))))
    assert numbers == list(range(40 - len(clip), 40))
    assert _numbers(clip, [0]) == numbers[:1]
    clip.close()


def test_cover_art_is_not_the_video(tmp_path: Path) -> None:
    plain = write_numbered_clip(tmp_path / "plain.mp4", 6)
    path = tmp_path / "cover.mp4"
    picture = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), "rgb24")
    with av.open(str(plain)) as source, av.open(str(path), "w") as target:
        cover = target.add_stream("png", rate=1)
        cover.width = cover.height = 32
        cover.pix_fmt = "rgb24"
        cover.disposition = Disposition.attached_pic
        video_stream = target.add_stream_from_template(source.streams.video[0])
        target.mux(cover.encode(picture))
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = video_stream
                target.mux(packet)
    with av.open(str(path)) as container:
        kinds = [bool(s.disposition & Disposition.attached_pic) for s in container.streams.video]
        assert sorted(kinds) == [False, True]
    clip = VideoSource(path)
    assert clip.size == (160, 96)
    assert _numbers(clip, [5, 0]) == [5, 0]
    clip.close()


@table("name", ["a:b.mp4", "100%d.mp4", "ünïcode # clip.mp4", "https:x.mp4"])
def test_odd_names(tmp_path: Path, name: str) -> None:
    source = VideoSource(write_numbered_clip(tmp_path / "a.mp4", 2).rename(tmp_path / name))
    assert _numbers(source, [1]) == [1]
    source.close()


def test_fingerprint_follows_the_contents(tmp_path: Path) -> None:
    first = write_numbered_clip(tmp_path / "a.mp4", 5)
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(first.read_bytes())
    other = write_numbered_clip(tmp_path / "b.mp4", 6)
    prints = []
    for path in (first, copy, other):
        source = VideoSource(path)
        prints.append(source.fingerprint)
        source.close()
    assert prints[0] == prints[1] != prints[2]
