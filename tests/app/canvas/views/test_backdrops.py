"""Backgrounds: colours, images that cover the frame, and what the settings remember."""

import cv2
import numpy as np
import pytest

from app.canvas.pictures.backdrops import Backdrops, fit_to_cover
from app.model.look import Backdrop
from matting_core.types import Size
from tests.tables import table

SIZE = Size(40, 20)


def test_a_colour_fills_the_frame():
    picture, trouble = Backdrops().at(Backdrop((255, 0, 9)), SIZE)
    assert picture.shape == (20, 40, 3)
    assert (picture == (255, 0, 9)).all()
    assert trouble is None


@table(("width", "height"), [(40, 60), (120, 20), (7, 5), (400, 300), (40, 20)])
def test_an_image_covers_the_frame_from_its_middle(width, height):
    image = np.zeros((height, width, 3), np.uint8)
    image[:, :, 0] = np.linspace(0, 250, width)[None, :]
    image[:, :, 1] = np.linspace(0, 250, height)[:, None]
    picture = fit_to_cover(image, SIZE)
    assert picture.shape == (20, 40, 3)
    across, down = picture[..., 0].astype(float), picture[..., 1].astype(float)
    assert across.mean() == pytest.approx(125, abs=8)
    assert down.mean() == pytest.approx(125, abs=8)


def test_an_image_file_is_shown(tmp_path):
    path = tmp_path / "red.png"
    cv2.imwrite(str(path), np.full((5, 5, 3), (0, 0, 255), np.uint8))
    picture, trouble = Backdrops().at(Backdrop(image=str(path)), SIZE)
    assert (picture == (255, 0, 0)).all()
    assert trouble is None


def test_an_image_that_is_gone_is_told_of_once(tmp_path):
    backdrops, lost = Backdrops(), Backdrop((1, 2, 3), str(tmp_path / "lost.png"))
    picture, trouble = backdrops.at(lost, SIZE)
    assert (picture == (1, 2, 3)).all()
    assert "lost.png cannot be the background; choose another image" in str(trouble)
    assert backdrops.at(lost, SIZE)[1] is None
    backdrops.at(Backdrop(), SIZE)
    assert backdrops.at(lost, SIZE)[1] is not None


@table("backdrop", [Backdrop((0, 255, 17)), Backdrop(image="/a/#b.png")])
def test_settings_remember_it(backdrop):
    assert Backdrop.parse(backdrop.text) == backdrop


def test_without_a_memory_it_is_gray():
    assert Backdrop.parse("").color == (128, 128, 128)
