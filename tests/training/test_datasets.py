"""Data sets' folders: every layout is found, and what is missing is named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from matting_core.errors import InputError, MediaError
from matting_core.training.datasets import LAYOUTS, Dataset, ImagePair, find_pairs, gather_pairs
from tests.tables import table
from tests.training.pairs import write_image

GREY = np.zeros((2, 2), np.uint8)

EXAMPLES = [
    ("wisp", "cat_image.jpg", ["cat_alpha.png"], False),
    ("am-2k", "train/original/m_01.jpg", ["train/mask/m_01.png"], False),
    ("am-2k", "validation/original/m_02.jpg", ["validation/mask/m_02.png"], False),
    ("p3m-10k", "train/blurred_image/p_1.jpg", ["train/mask/p_1.png"], False),
    (
        "p3m-10k",
        "validation/P3M-500-P/blurred_image/p_2.jpg",
        ["validation/P3M-500-P/mask/p_2.png"],
        False,
    ),
    (
        "p3m-10k",
        "validation/P3M-500-NP/original_image/p_3.jpg",
        ["validation/P3M-500-NP/mask/p_3.png"],
        False,
    ),
    ("aim-500", "original/o_1.jpg", ["mask/o_1.png"], False),
    ("ppm-100", "image/6146816_556.jpg", ["matte/6146816_556.jpg"], False),
    ("distinctions-646", "Train/FG/1.jpg", ["Train/GT/1.png"], True),
    (
        "composition-1k",
        "Training_set/Adobe-licensed images/fg/a (1).jpg",
        ["Training_set/Adobe-licensed images/alpha/a (1).jpg"],
        True,
    ),
    ("refmatte", "train/img/i_7.jpg", ["train/mask/i_7_0.png", "train/mask/i_7_1.png"], False),
    ("refmatte", "RefMatte_RW_100/image_all/r1.jpg", ["RefMatte_RW_100/mask/r1.png"], False),
    ("i-him50k", "images/abc.jpg", ["alphas/abc/00.png", "alphas/abc/01.png"], False),
    ("videomatte240k", "train/fgr/0001/00007.jpg", ["train/pha/0001/00007.jpg"], True),
    ("v-him", "hard/fgr/clip/0003.jpg", ["hard/pha/clip/0003/00.png"], False),
]


@table(("layout", "image", "alphas", "foreground_only"), EXAMPLES)
def test_every_layout_is_found(
    tmp_path: Path, layout: str, image: str, alphas: list[str], foreground_only: bool
) -> None:
    write_image(tmp_path / image, GREY)
    for alpha in alphas:
        write_image(tmp_path / alpha, GREY)
    assert find_pairs(layout, tmp_path) == tuple(
        ImagePair(tmp_path / image, tmp_path / alpha, foreground_only) for alpha in alphas
    )


def test_every_layout_has_an_example() -> None:
    assert {layout for layout, *_ in EXAMPLES} == set(LAYOUTS)


def test_pairs_come_sorted_and_other_files_are_left_alone(tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        write_image(tmp_path / f"{name}_image.jpg", GREY)
        write_image(tmp_path / f"{name}_alpha.png", GREY)
    (tmp_path / "notes_image.txt").write_text("no image")
    (tmp_path / "._a_image.jpg").write_bytes(b"left behind by another system")
    write_image(tmp_path / "preview.png", GREY)
    assert [pair.image.name for pair in find_pairs("wisp", tmp_path)] == [
        "a_image.jpg",
        "b_image.jpg",
        "c_image.jpg",
    ]


def test_an_unknown_layout_is_named_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'am2k' is unknown; take one of wisp, am-2k"):
        find_pairs("am2k", tmp_path)


def test_an_empty_folder_says_what_it_should_hold(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"no pairs laid out as 'aim-500'.*original/\{name\}"):
        find_pairs("aim-500", tmp_path)


def test_an_image_without_its_alpha_is_named(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_image(tmp_path / f"{name}_image.jpg", GREY)
    write_image(tmp_path / "one_alpha.png", GREY)
    with pytest.raises(MediaError, match=r"two_image\.jpg has no alpha"):
        find_pairs("wisp", tmp_path)


def test_a_configuration_entry_is_read() -> None:
    entry = {"layout": "am-2k", "root": "/data/AM2k", "share": 0.5}
    assert Dataset.from_entry(entry) == Dataset("am-2k", Path("/data/AM2k"), 0.5)


@table(
    "entry",
    [
        {"root": "/data"},
        {"layout": "wisp", "root": "/data", "weight": 1},
        {"layout": "wisp", "root": "/data", "share": 0},
        {"layout": "wisp", "root": "/data", "share": "half"},
    ],
)
def test_a_wrong_configuration_entry_is_refused(entry: dict[str, object]) -> None:
    with pytest.raises(InputError):
        Dataset.from_entry(entry)


def test_gathered_pairs_weigh_as_much_as_their_sets_share(tmp_path: Path) -> None:
    for folder, names in (("few", "a"), ("many", "bcde")):
        for name in names:
            write_image(tmp_path / folder / f"{name}_image.jpg", GREY)
            write_image(tmp_path / folder / f"{name}_alpha.png", GREY)
    pairs = gather_pairs(
        [Dataset("wisp", tmp_path / "few", 0.5), Dataset("wisp", tmp_path / "many", 1.0)]
    )
    assert [pair.weight for pair in pairs] == [0.5, 0.25, 0.25, 0.25, 0.25]
