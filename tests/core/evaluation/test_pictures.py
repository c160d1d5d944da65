from __future__ import annotations

import base64
from pathlib import Path

import cv2
import numpy as np
import pytest

from matting_core.errors import InputError
from matting_core.evaluation.folders import FramePair
from matting_core.evaluation.pictures import (
    InputPictures,
    embed_alpha,
    embed_error,
    embed_photo,
)
from tests.clips import Encoding, write_numbered_clip
from tests.core.evaluation.helpers import disc


def decoded(url: str) -> np.ndarray:
    """The pixels of a data URL, RGB or grey."""
    data = base64.b64decode(url.partition(",")[2])
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    return pixels[..., ::-1] if pixels.ndim == 3 else pixels


def _pair(name: str) -> FramePair:
    folder, _, stem = name.rpartition("/")
    return FramePair(folder, stem, Path("p.png"), Path("t.png"))


def test_small_pictures_are_embedded_as_they_are() -> None:
    alpha = disc(10)
    np.testing.assert_array_equal(decoded(embed_alpha(alpha)), np.rint(alpha * 255))


def test_large_pictures_are_made_small() -> None:
    assert decoded(embed_alpha(np.zeros((1080, 1920), np.float32))).shape == (270, 480)
    photo = np.full((200, 960, 3), (200, 100, 50), np.uint8)
    small = decoded(embed_photo(photo))
    assert small.shape == (100, 480, 3)
    assert np.abs(small.mean((0, 1)) - (200, 100, 50)).max() < 3


def test_the_error_s_colour_tells_its_direction() -> None:
    truth = np.full((10, 12), 0.5, np.float32)
    pred = truth.copy()
    pred[0, 0], pred[9, 11] = 0.75, 0.25
    error = decoded(embed_error(pred, truth)).astype(int)
    assert error[5, 5].tolist() == [0, 0, 0]
    red, _, blue = error[0, 0]
    assert red > 100 > blue
    red, _, blue = error[9, 11]
    assert blue > 100 > red


def test_a_single_wrong_pixel_survives_shrinking() -> None:
    truth = np.zeros((1201, 1999), np.float32)
    for at in ((0, 0), (600, 1001), (1200, 1998)):
        pred = truth.copy()
        pred[at] = 1
        assert decoded(embed_error(pred, truth)).max() == 255


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    encoding = Encoding(codec="ffv1", gop=1)
    return write_numbered_clip(tmp_path / "clip.mkv", 4, (64, 48), encoding=encoding)


def test_a_clip_s_frame_is_found_by_number(clip) -> None:
    with InputPictures(clip) as inputs:
        frames = [inputs.read(_pair(f"dog/alpha_{k:06d}")) for k in (3, 0, 3)]
        assert frames[0].shape == (48, 64, 3)
        np.testing.assert_array_equal(frames[0], frames[2])
        assert (frames[0] != frames[1]).any()
        for name in ("alpha_000004", "last"):
            with pytest.raises(InputError, match=f"no frame for {name}"):
                inputs.read(_pair(name))


def test_a_still_is_found_by_name_or_by_number(tmp_path: Path) -> None:
    for k, stem in enumerate(("dog/x", "y", "z_07")):
        (tmp_path / stem).parent.mkdir(exist_ok=True)
        assert cv2.imwrite(str(tmp_path / f"{stem}.png"), np.full((8, 8, 3), 50 * k, np.uint8))
    with InputPictures(tmp_path) as inputs:
        assert inputs.read(_pair("dog/x")).max() == 0
        assert inputs.read(_pair("cat/y")).max() == 50
        assert inputs.read(_pair("alpha_000001")).max() == 100
