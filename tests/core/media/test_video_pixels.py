from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from matting_core.media.video import VideoSource
from matting_core.media.video_pixels import FrameConverter
from tests.clips import Encoding, read_number, write_clip, write_numbered_clip
from tests.tables import table

WEIGHTS = {"bt601": (0.299, 0.114), "bt709": (0.2126, 0.0722), "bt2020": (0.2627, 0.0593)}
COLOURS = [(180, 100, 140), (60, 150, 110), (120, 90, 200), (235, 128, 128), (16, 128, 128)]


def expected_rgb(
    code: tuple[int, int, int], matrix: str, *, full_range: bool, depth: int = 8
) -> np.ndarray:
    """Textbook decoding of one colour, in [0, 1]; written apart from the code under test."""
    red, blue = WEIGHTS[matrix]
    unit = 1 << (depth - 8)
    if full_range:
        y, cb, cr = (
            (c - z) / (2**depth - 1) for c, z in zip(code, (0, 128 * unit, 128 * unit), strict=True)
        )
    else:
        y = (code[0] - 16 * unit) / (219 * unit)
        cb, cr = ((c - 128 * unit) / (224 * unit) for c in code[1:])
    r = y + 2 * (1 - red) * cr
    b = y + 2 * (1 - blue) * cb
    g = (y - red * r - blue * b) / (1 - red - blue)
    return np.clip([r, g, b], 0, 1)


def flat_frame(code, pixel_format: str, size=(64, 48)) -> av.VideoFrame:
    frame = av.VideoFrame(*size, pixel_format)
    deep = max(component.bits for component in frame.format.components) > 8
    for plane, value in zip(frame.planes, code, strict=True):
        np.frombuffer(plane, np.uint16 if deep else np.uint8)[:] = value
    return frame


def read_flat(path: Path) -> np.ndarray:
    source = VideoSource(path)
    picture = source.read(0)
    source.close()
    assert (np.ptp(picture, axis=(0, 1)) <= (1 if picture.dtype == np.uint8 else 260)).all()
    return picture[picture.shape[0] // 2, picture.shape[1] // 2]


@table("matrix", ["bt601", "bt709", "bt2020"])
@table("full_range", [False, True])
@table(("codec", "suffix"), [("libx264", ".mp4"), ("libx264", ".mkv"), ("ffv1", ".mkv")])
def test_tagged_colour_in_files(tmp_path, matrix, full_range, codec, suffix) -> None:
    for code in COLOURS[:2]:
        options = {"qp": "0", "preset": "ultrafast"} if codec == "libx264" else {}
        encoding = Encoding(codec=codec, matrix=matrix, full_range=full_range, options=options)
        frames = [flat_frame(code, "yuv420p") for _ in range(2)]
        pixel = read_flat(write_clip(tmp_path / f"a{suffix}", frames, (64, 48), encoding))
        wanted = expected_rgb(code, matrix, full_range=full_range) * 255
        assert np.abs(pixel - wanted).max() <= 1


@table(("height", "matrix"), [(480, "bt601"), (720, "bt709")])
def test_untagged_colour_goes_by_height(tmp_path: Path, height: int, matrix: str) -> None:
    size = (64, height)
    frames = [flat_frame(COLOURS[0], "yuv420p", size)]
    encoding = Encoding(codec="ffv1")
    pixel = read_flat(write_clip(tmp_path / "a.mkv", frames, size, encoding))
    wanted = expected_rgb(COLOURS[0], matrix, full_range=False) * 255
    assert np.abs(pixel - wanted).max() <= 1


@table("depth", [10, 12])
@table("layout", ["420", "422", "444"])
@table("full_range", [False, True])
def test_deep_colour_fills_sixteen_bits(tmp_path, depth, layout, full_range) -> None:
    unit = 1 << (depth - 8)
    encoding = Encoding(
        codec="ffv1",
        pixel_format=f"yuv{layout}p{depth}le",
        matrix="bt709",
        full_range=full_range,
        options={"strict": "experimental"},
    )
    white = ((2**depth - 1) if full_range else 235 * unit, 128 * unit, 128 * unit)
    for code in (white, tuple(c * unit + 1 for c in COLOURS[0])):
        frames = [flat_frame(code, encoding.pixel_format)]
        pixel = read_flat(write_clip(tmp_path / "a.mkv", frames, (64, 48), encoding))
        assert pixel.dtype == np.uint16
        wanted = expected_rgb(code, "bt709", full_range=full_range, depth=depth) * 65535
        assert np.abs(pixel - wanted).max() <= 1


@table("full_range", [1, 2])
@table(("space", "matrix"), [(1, "bt709"), (5, "bt601"), (9, "bt2020")])
def test_random_colours_round_to_the_nearest(space: int, matrix: str, full_range: int) -> None:
    random = np.random.default_rng(4)
    frame = av.VideoFrame(64, 48, "yuv444p")
    frame.colorspace, frame.color_range = space, full_range
    codes = random.integers(0, 256, (3, 48, 64), dtype=np.uint8)
    for plane, values in zip(frame.planes, codes, strict=True):
        rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
        rows[:48, :64] = values
    picture = FrameConverter().convert(frame)
    for row, column in random.integers(0, 48, (300, 2)):
        code = tuple(int(c) for c in codes[:, row, column])
        wanted = expected_rgb(code, matrix, full_range=full_range == 2) * 255
        assert np.abs(picture[row, column] - wanted).max() <= 0.51


@table(
    ("pixel_format", "codec", "depth"),
    [("bgr0", "ffv1", 8), ("rgb24", "png", 8), ("gbrp10le", "ffv1", 10), ("gbrp12le", "ffv1", 12)],
)
def test_rgb_codecs_keep_their_values(tmp_path, pixel_format, codec, depth) -> None:
    random = np.random.default_rng(7)
    codes = random.integers(0, 2**depth, (48, 64, 3), dtype=np.uint16)
    codes[0, 0], codes[0, 1] = 0, 2**depth - 1
    if depth == 8:
        frame = av.VideoFrame.from_ndarray(codes.astype(np.uint8), "rgb24")
        wanted = codes
    else:
        frame = av.VideoFrame(64, 48, pixel_format)
        for plane, channel in zip(frame.planes, (1, 2, 0), strict=True):
            rows = np.frombuffer(plane, np.uint16).reshape(-1, plane.line_size // 2)
            rows[:48, :64] = codes[..., channel]
        wanted = np.rint(codes * (65535 / (2**depth - 1)))
    encoding = Encoding(codec=codec, pixel_format=pixel_format)
    suffix = ".mov" if codec == "png" else ".mkv"
    source = VideoSource(write_clip(tmp_path / f"a{suffix}", [frame], (64, 48), encoding))
    assert np.abs(source.read(0) - wanted.astype(np.float64)).max() <= (depth > 8)
    source.close()


def test_grey_video(tmp_path: Path) -> None:
    encoding = Encoding(codec="ffv1", pixel_format="gray")
    frame = flat_frame((200,), "gray")
    pixel = read_flat(write_clip(tmp_path / "a.mkv", [frame], (64, 48), encoding))
    assert pixel.tolist() == [200, 200, 200]


def test_mjpeg_is_full_range_601_at_any_size(tmp_path: Path) -> None:
    encoding = Encoding(codec="mjpeg", pixel_format="yuvj420p", options={"q": "2"})
    frame = flat_frame(COLOURS[0], "yuvj420p", (64, 720))
    pixel = read_flat(write_clip(tmp_path / "a.mov", [frame], (64, 720), encoding))
    assert np.abs(pixel - expected_rgb(COLOURS[0], "bt601", full_range=True) * 255).max() <= 2


@table("size", [(65, 49), (33, 97), (2, 2)])
@table("pixel_format", ["yuv420p", "yuv420p10le"])
def test_odd_sizes(tmp_path: Path, size: tuple[int, int], pixel_format: str) -> None:
    encoding = Encoding(codec="ffv1", pixel_format=pixel_format)
    code = COLOURS[0] if pixel_format == "yuv420p" else tuple(4 * c for c in COLOURS[0])
    frame = flat_frame(code, pixel_format, size)
    source = VideoSource(write_clip(tmp_path / "a.mkv", [frame], size, encoding))
    assert source.read(0).shape == (size[1], size[0], 3)
    source.close()


def test_ten_bit_codecs_keep_their_numbers(tmp_path: Path) -> None:
    for suffix, codec in ((".mov", "prores_ks"), (".mp4", "libx264"), (".mkv", "libx264")):
        pixel_format = "yuv422p10le" if codec == "prores_ks" else "yuv420p10le"
        encoding = Encoding(codec=codec, pixel_format=pixel_format)
        source = VideoSource(write_numbered_clip(tmp_path / f"a{suffix}", 6, encoding=encoding))
        pictures = [source.read(i) for i in (5, 0, 3)]
        assert [read_number(p) for p in pictures] == [5, 0, 3]
        assert all(p.dtype == np.uint16 for p in pictures)
        source.close()
