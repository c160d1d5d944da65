from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from matting_core.errors import MediaError
from matting_core.media.stills import read_header, read_mask_image, read_rgb
from tests.clips import numbered_picture, read_number
from tests.images import write_image
from tests.tables import table

RANDOM = np.random.default_rng(2)
EIGHT = RANDOM.integers(0, 256, (24, 32, 3), dtype=np.uint8)
SIXTEEN = RANDOM.integers(0, 65536, (24, 32, 3), dtype=np.uint16)
HALF = RANDOM.normal(0.5, 2, (24, 32, 3)).astype(np.float16)


@table("suffix", [".png", ".tif", ".bmp", ".dpx"])
def test_eight_bits_come_back(tmp_path: Path, suffix: str) -> None:
    path = write_image(tmp_path / f"a{suffix}", EIGHT)
    assert read_rgb(path).dtype == np.uint8
    assert np.array_equal(read_rgb(path), EIGHT)
    assert not read_header(path).linear


@table("suffix", [".jpg", ".webp"])
def test_lossy_formats_come_back_nearly(tmp_path: Path, suffix: str) -> None:
    path = write_image(tmp_path / f"a{suffix}", numbered_picture(77, (64, 64)))
    assert read_rgb(path).dtype == np.uint8
    assert read_number(read_rgb(path)) == 77


@table("suffix", [".png", ".tif", ".dpx"])
def test_sixteen_bits_come_back(tmp_path: Path, suffix: str) -> None:
    path = write_image(tmp_path / f"a{suffix}", SIXTEEN)
    assert read_rgb(path).dtype == np.uint16
    assert np.array_equal(read_rgb(path), SIXTEEN)


@table("bits", [10, 12])
def test_packed_dpx_fills_sixteen_bits(tmp_path: Path, bits: int) -> None:
    codes = SIXTEEN >> (16 - bits)
    full = np.rint(codes * (65535 / (2**bits - 1))).astype(np.uint16)
    path = write_image(tmp_path / "a.dpx", full, oiio__BitsPerSample=bits)
    assert read_rgb(path).dtype == np.uint16
    assert np.abs(read_rgb(path).astype(int) - full).max() <= 2
    assert path.read_bytes()[803] == bits


@table("suffix", [".exr", ".tif"])
def test_floats_come_as_half(tmp_path: Path, suffix: str) -> None:
    pixels = HALF.astype(np.float32)
    pixels[0, 0] = (1e9, -1e9, 0)
    path = write_image(tmp_path / f"a{suffix}", pixels)
    assert read_header(path).linear
    assert read_rgb(path).dtype == np.float16
    assert read_rgb(path)[0, 0].tolist() == [65504, -65504, 0]
    assert np.array_equal(read_rgb(path)[1:], HALF[1:])


def test_half_exr_comes_back(tmp_path: Path) -> None:
    assert np.array_equal(read_rgb(write_image(tmp_path / "a.exr", HALF)), HALF)


def test_pixels_are_read_only_and_contiguous(tmp_path: Path) -> None:
    for name, pixels in (("a.png", EIGHT), ("b.exr", HALF)):
        picture = read_rgb(write_image(tmp_path / name, pixels))
        assert not picture.flags.writeable
        assert picture.flags.c_contiguous


@table(("suffix", "pixels"), [(".png", EIGHT), (".png", SIXTEEN), (".tif", EIGHT)])
def test_alpha_does_not_change_the_colours(tmp_path, suffix, pixels) -> None:
    alpha = np.linspace(0, np.iinfo(pixels.dtype).max, 32).astype(pixels.dtype)
    with_alpha = np.dstack((pixels, np.broadcast_to(alpha, (24, 32))))
    path = write_image(tmp_path / f"a{suffix}", with_alpha, oiio__UnassociatedAlpha=1)
    assert np.array_equal(read_rgb(path), pixels)


def test_grey_is_tripled(tmp_path: Path) -> None:
    for count in (1, 2):
        pixels = EIGHT[..., :count]
        names = ("Y", "A")[:count]
        path = write_image(tmp_path / "a.png", pixels, names, oiio__UnassociatedAlpha=1)
        assert np.array_equal(read_rgb(path), np.repeat(EIGHT[..., :1], 3, axis=2))


@table("orientation", range(1, 9))
@table("suffix", [".jpg", ".tif"])
def test_orientation_is_honoured(tmp_path: Path, orientation: int, suffix: str) -> None:
    upright = numbered_picture(1234, (96, 64))
    # where the stored picture's first row and first column are in the upright one
    stored = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.transpose(1, 0, 2),
        6: np.rot90(upright, 1),
        7: upright[::-1, ::-1].transpose(1, 0, 2),
        8: np.rot90(upright, -1),
    }[orientation]
    path = write_image(tmp_path / f"a{suffix}", stored, Orientation=orientation)
    assert read_header(path).size == (96, 64)
    assert read_number(read_rgb(path)) == 1234


@table(
    ("origin", "display"),
    [
        ((4, 2), (0, 0, 40, 30)),
        ((-8, -6), (0, 0, 20, 20)),
        ((100, 50), (96, 48, 64, 32)),
        ((90, 0), (0, 0, 10, 10)),
    ],
)
def test_exr_comes_as_its_display_window(tmp_path, origin, display) -> None:
    path = write_image(tmp_path / "a.exr", HALF, origin=origin, display=display)
    picture = read_rgb(path)
    assert read_header(path).size == display[2:]
    assert picture.shape == (display[3], display[2], 3)
    for y in range(display[3]):
        for x in range(display[2]):
            row, column = y + display[1] - origin[1], x + display[0] - origin[0]
            inside = 0 <= row < 24 and 0 <= column < 32
            wanted = HALF[row, column] if inside else np.zeros(3)
            assert np.array_equal(picture[y, x], wanted)


@table(
    "names",
    [
        ("B", "G", "R"),
        ("beauty.B", "beauty.G", "beauty.R"),
        ("left.beauty.blue", "left.beauty.green", "left.beauty.red"),
    ],
)
def test_exr_channels_go_by_name(tmp_path: Path, names: tuple[str, ...]) -> None:
    extra = RANDOM.random((24, 32, 2)).astype(np.float16)
    layers = np.dstack((extra, HALF[..., ::-1]))
    path = write_image(tmp_path / "a.exr", layers, ("Z", "depth.V", *names))
    assert np.array_equal(read_rgb(path), HALF)


def test_exr_top_layer_wins_over_others(tmp_path: Path) -> None:
    names = ("R", "G", "B", "A", "back.R", "back.G", "back.B")
    pixels = np.dstack((HALF, np.ones((24, 32), np.float16), HALF * 2))
    assert np.array_equal(read_rgb(write_image(tmp_path / "a.exr", pixels, names)), HALF)


@table("suffix", [".png", ".jpg", ".exr", ".tif", ".dpx"])
@table("part", [0.03, 0.6])
def test_a_truncated_image_says_so(tmp_path, suffix, part, capfd) -> None:
    noise = RANDOM.integers(0, 256, (200, 200, 3), dtype=np.uint8)
    pixels = noise.astype(np.float16) if suffix == ".exr" else noise
    path = write_image(tmp_path / f"a{suffix}", pixels)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    with pytest.raises(MediaError, match=r"a\.\w+ (is|cannot|could)") as caught:
        read_rgb(path)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr().err == ""


@table(
    ("contents", "words"),
    [(b"", "is empty"), (b"hello world" * 99, "not an image"), (None, "does not exist")],
)
@table("suffix", [".png", ".exr", ".jpg"])
def test_what_is_no_image_says_so(tmp_path, contents, words, suffix, capfd) -> None:
    path = tmp_path / f"a{suffix}"
    if contents is not None:
        path.write_bytes(contents)
    for read in (read_rgb, read_header, read_mask_image):
        with pytest.raises(MediaError, match=words):
            read(path)
    assert capfd.readouterr().err == ""


def test_mask_from_varying_alpha(tmp_path: Path) -> None:
    alpha = np.linspace(0, 255, 32).astype(np.uint8)
    pixels = np.dstack((EIGHT, np.broadcast_to(alpha, (24, 32))))
    mask = read_mask_image(write_image(tmp_path / "a.png", pixels, oiio__UnassociatedAlpha=1))
    assert mask.dtype == np.float32
    assert np.array_equal(mask, np.broadcast_to(alpha, (24, 32)) / np.float32(255))


def test_mask_from_luminance_under_constant_alpha(tmp_path: Path) -> None:
    pixels = np.dstack((EIGHT, np.full((24, 32), 255, np.uint8)))
    mask = read_mask_image(str(write_image(tmp_path / "a.png", pixels)))
    assert np.allclose(mask, EIGHT / 255 @ [0.2126, 0.7152, 0.0722], atol=1e-6)


@table("pixels", [EIGHT[..., :1], SIXTEEN[..., :1]])
def test_grey_mask_is_exact(tmp_path: Path, pixels: np.ndarray) -> None:
    mask = read_mask_image(write_image(tmp_path / "a.png", pixels))
    assert np.array_equal(np.rint(mask * np.iinfo(pixels.dtype).max), pixels[..., 0])


def test_float_mask_is_clipped(tmp_path: Path) -> None:
    pixels = np.array([[[-1.0], [0.25], [7.0], [np.nan], [np.inf]]], np.float32)
    mask = read_mask_image(write_image(tmp_path / "a.exr", pixels, ("Y",)))
    assert mask.tolist() == [[0, 0.25, 1, 0, 1]]
