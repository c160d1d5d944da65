"""Masks of any kind are read, scaled, and put on the frames that they belong on."""

from pathlib import Path

import cv2
import numpy as np
import OpenImageIO
import pytest

from matting_core.errors import InputError, MediaError
from matting_core.media.mask_import import MaskNumbering, assign_masks, open_masks, read_mask
from matting_core.types import Size
from tests.clips import write_clip
from tests.tables import table

SIZE = Size(64, 48)


def a_ramp(size: Size = SIZE) -> np.ndarray:
    """(H, W) float64 from 0 on the left to 1 on the right."""
    return np.tile(np.linspace(0, 1, size.width), (size.height, 1))


def write_exr(path: Path, planes: dict[str, np.ndarray], kind: str = "float") -> None:
    height, width = next(iter(planes.values())).shape
    spec = OpenImageIO.ImageSpec(width, height, len(planes), kind)
    spec.channelnames = tuple(planes)
    out = OpenImageIO.ImageOutput.create(str(path))
    assert out.open(str(path), spec)
    assert out.write_image(np.stack(list(planes.values()), -1).astype(np.float32))
    out.close()


@table(("name", "depth"), [("m.png", 8), ("m.png", 16), ("m.tif", 16), ("m.bmp", 8), ("m.pgm", 8)])
def test_grey_images_of_8_and_16_bits(tmp_path: Path, name: str, depth: int) -> None:
    kind = np.uint8 if depth == 8 else np.uint16
    cv2.imwrite(str(tmp_path / name), np.rint(a_ramp() * (2**depth - 1)).astype(kind))
    assert np.abs(read_mask(tmp_path / name, SIZE) - a_ramp()).max() <= 0.5 / (2**depth - 1) + 1e-6


@table("kind", ["half", "float"])
@table("channels", ["Y", "A", "RGBA"])
def test_exr_masks(tmp_path: Path, kind: str, channels: str) -> None:
    zero = np.zeros(SIZE.hw)
    planes = {name: a_ramp() if name in "YA" else zero for name in channels}
    write_exr(tmp_path / "m.exr", planes, kind)
    assert np.abs(read_mask(tmp_path / "m.exr", SIZE) - a_ramp()).max() < 1e-3


def test_alpha_counts_if_there_is_one_that_varies(tmp_path: Path) -> None:
    colour = np.full((*SIZE.hw, 4), 200, np.uint8)
    colour[..., 3] = np.rint(a_ramp() * 255)
    cv2.imwrite(str(tmp_path / "a.png"), colour)
    assert np.abs(read_mask(tmp_path / "a.png", SIZE) - a_ramp()).max() < 0.003
    colour[..., :3], colour[..., 3] = colour[..., 3:], 255
    cv2.imwrite(str(tmp_path / "b.png"), colour)
    assert np.abs(read_mask(tmp_path / "b.png", SIZE) - a_ramp()).max() < 0.003


def test_labels_and_palettes_mark_what_is_not_black(tmp_path: Path) -> None:
    labels = np.zeros((*SIZE.hw, 3), np.uint8)
    labels[10:20, 5:25] = (0, 0, 128)  # the first object's colour in DAVIS
    cv2.imwrite(str(tmp_path / "m.png"), labels)
    mask = read_mask(tmp_path / "m.png", SIZE)
    assert mask[10:20, 5:25].min() == 1
    assert mask.sum() == 200


@table("size", [Size(32, 24), Size(128, 96), Size(63, 48)])
def test_a_mask_of_the_same_shape_is_scaled(tmp_path: Path, size: Size) -> None:
    cv2.imwrite(str(tmp_path / "m.png"), np.rint(a_ramp(size) * 255).astype(np.uint8))
    mask = read_mask(tmp_path / "m.png", SIZE)
    assert mask.shape == SIZE.hw
    assert np.abs(mask - a_ramp()).max() < 0.03


@table("size", [Size(48, 64), Size(64, 36), Size(60, 48)])
def test_a_mask_of_another_shape_is_refused_with_both_sizes(tmp_path: Path, size: Size) -> None:
    path = tmp_path / "m.png"
    cv2.imwrite(str(path), np.full(size.hw, 255, np.uint8))
    with pytest.raises(InputError, match=f"{size.width} x {size.height}.*64 x 48.*shape"):
        read_mask(path, SIZE)


def test_what_is_no_image_is_said(tmp_path: Path) -> None:
    (tmp_path / "m.png").write_bytes(b"no image")
    with pytest.raises(MediaError, match=r"m\.png"):
        read_mask(tmp_path / "m.png", SIZE)


def write_masks(folder: Path, numbers, name="alpha_{:04d}.png") -> Path:
    folder.mkdir(exist_ok=True)
    for number in numbers:
        plane = np.full(SIZE.hw, 100 + number % 100, np.uint8)
        cv2.imwrite(str(folder / name.format(number)), plane)
    return folder


def values(source) -> list[int]:
    return [round(float(source.read(k).max()) * 255) - 100 for k in range(len(source))]


@table("what", ["", "alpha_%04d.png", "alpha_####.png", "alpha_0003.png"])
def test_a_sequence_is_found_by_folder_pattern_or_one_of_its_files(tmp_path, what) -> None:
    folder = write_masks(tmp_path / "masks", [3, 10, 5])
    (folder / "notes.txt").write_text("")
    source = open_masks(folder / what)
    assert source.numbers == (3, 5, 10)
    assert values(source) == [3, 5, 10]


def test_numbers_of_several_widths_are_in_order(tmp_path: Path) -> None:
    source = open_masks(write_masks(tmp_path / "m", [9, 10, 100], "m{}.png"))
    assert source.numbers == (9, 10, 100)


def test_of_several_sequences_in_a_folder_alpha_is_taken(tmp_path: Path) -> None:
    folder = write_masks(tmp_path / "m", [1, 2])
    write_masks(folder, [1, 2, 3], "roi_{:04d}.png")
    assert open_masks(folder).numbers == (1, 2)
    assert open_masks(folder / "roi_0001.png").numbers == (1, 2, 3)


def test_a_folder_of_several_sequences_without_alpha_asks_for_one_file(tmp_path: Path) -> None:
    folder = write_masks(tmp_path / "m", [1, 2], "left.{:04d}.png")
    write_masks(folder, [1, 2], "right.{:04d}.png")
    with pytest.raises(MediaError, match="choose one file"):
        open_masks(folder)


@table("what", ["", "a.%04d.png"])
def test_nothing_there_is_said(tmp_path: Path, what: str) -> None:
    with pytest.raises(MediaError, match=r"no images|No image"):
        open_masks(tmp_path / what)


@table("depth", [np.uint8, np.uint16])
def test_a_videos_luminance_is_its_mask(tmp_path: Path, depth) -> None:
    from tests.clips import Encoding

    top = np.iinfo(depth).max
    pictures = [np.full((*SIZE.hw, 3), round(top * k / 4), depth) for k in range(5)]
    encoding = Encoding(pixel_format="yuv444p10le") if depth is np.uint16 else None
    path = write_clip(tmp_path / "m.mp4", pictures, SIZE, encoding)
    source = open_masks(path)
    assert source.numbers is None
    seen = [float(source.read(k).mean()) for k in range(5)]
    source.close()
    assert np.allclose(seen, [0, 0.25, 0.5, 0.75, 1], atol=0.02)


@pytest.fixture
def plate(tmp_path: Path) -> Path:
    return write_masks(tmp_path / "plate", range(1001, 1011), "plate.{:04d}.png")


@table(
    ("numbers", "frames", "placement", "outside"),
    [
        ([1001, 1002], [(0, 0), (1, 1)], MaskNumbering.SOURCE, 0),
        ([1005, 1010], [(0, 4), (1, 9)], MaskNumbering.SOURCE, 0),
        ([999, 1001, 1011], [(1, 0)], MaskNumbering.SOURCE, 2),
        ([0, 1, 9], [(0, 0), (1, 1), (2, 9)], MaskNumbering.INDEX, 0),
        ([5, 50], [(0, 0), (1, 1)], MaskNumbering.ORDER, 0),
        (None, [(k, k) for k in range(10)], MaskNumbering.ORDER, 2),
    ],
)
def test_masks_for_numbered_stills(plate, numbers, frames, placement, outside) -> None:
    count = 12 if numbers is None else len(numbers)
    placed = assign_masks(numbers, count, plate, 10)
    assert (list(placed.frames), placed.placement, placed.outside) == (frames, placement, outside)


@table(
    ("numbers", "placement"),
    [
        ((0, 4, 9), MaskNumbering.INDEX),
        ((1, 10), MaskNumbering.ORDER),
        ((1001, 1002), MaskNumbering.ORDER),
    ],
)
def test_masks_for_a_video_count_by_index_or_order(tmp_path, numbers, placement) -> None:
    placed = assign_masks(numbers, len(numbers), tmp_path / "clip.mp4", 10)
    assert placed.placement is placement
