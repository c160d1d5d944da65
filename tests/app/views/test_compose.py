"""Views of a frame are right to the pixel."""

import numpy as np
import pytest

from app.view_state import ViewMode
from app.views.compose import compose
from app.views.scene import Layer, Scene
from matting_core.types import Matte, ObjectId

GRAY = np.full((8, 20, 3), 100, np.uint8)


@pytest.fixture
def layer():
    alpha = np.zeros((8, 20), np.float32)
    alpha[:, 10:] = 1
    roi = np.zeros((8, 20), np.float32)
    roi[:, 9:11] = 1
    return Layer(ObjectId(1), (255, 0, 0), Matte(alpha, roi, np.ones_like(alpha)))


def test_the_source_view_is_the_frame(layer):
    assert np.array_equal(compose(Scene(GRAY, (layer,)), ViewMode.SOURCE), GRAY)


def test_the_overlay_tints_inside_only_and_leaves_the_frame_untouched(layer):
    picture = compose(Scene(GRAY, (layer,)), ViewMode.OVERLAY)
    assert picture[4, 1].tolist() == [100, 100, 100]
    assert picture[4, 15].tolist() == pytest.approx([170, 55, 55], abs=1)
    assert (GRAY == 100).all()


def test_an_overlay_without_mattes_is_the_frame():
    assert np.array_equal(compose(Scene(GRAY, ()), ViewMode.OVERLAY), GRAY)


def test_alpha_is_gray_and_black_without_mattes(layer):
    assert compose(Scene(GRAY, (layer,)), ViewMode.ALPHA)[4, :, 0].tolist() == [0] * 10 + [255] * 10
    assert not compose(Scene(GRAY, ()), ViewMode.ALPHA).any()


def test_objects_are_joined_in_alpha(layer):
    mirrored = Matte(layer.matte.alpha[:, ::-1], layer.matte.roi, layer.matte.roi)
    other = Layer(ObjectId(2), (0, 0, 255), mirrored)
    assert (compose(Scene(GRAY, (layer, other)), ViewMode.ALPHA) == 255).all()


def test_the_trimap_is_unknown_where_matting_was_needed(layer):
    row = compose(Scene(GRAY, (layer,)), ViewMode.TRIMAP)[4, :, 0].tolist()
    assert row == [0] * 9 + [128] * 2 + [255] * 9


def test_the_roi_stands_out_from_a_dimmed_frame(layer):
    row = compose(Scene(GRAY, (layer,)), ViewMode.ROI)[4]
    assert row[0].tolist() == [35, 35, 35]
    assert row[10, 0] > 200


def test_the_checker_shows_only_outside(layer):
    picture = compose(Scene(GRAY, (layer,)), ViewMode.CHECKER)
    assert picture[4, 1, 0] in (105, 150)
    assert picture[4, 15].tolist() == [100, 100, 100]


def test_a_backdrop_is_seen_outside_and_the_frame_inside(layer):
    scene = Scene(GRAY, (layer,), np.full_like(GRAY, (255, 0, 255)))
    picture = compose(scene, ViewMode.BACKDROP)
    assert picture[4, 1].tolist() == [255, 0, 255]
    assert picture[4, 15].tolist() == [100, 100, 100]


def test_the_foreground_is_premultiplied_on_black():
    alpha = np.full((8, 20), 0.5, np.float32)
    half = Layer(ObjectId(1), (255, 0, 0), Matte(alpha, alpha, alpha))
    picture = compose(Scene(GRAY, (half,)), ViewMode.FOREGROUND)
    assert picture[4, 4].tolist() == pytest.approx([50] * 3, abs=1)


@pytest.mark.parametrize(
    "mode", [ViewMode.CHECKER, ViewMode.BACKDROP, ViewMode.FOREGROUND], ids=lambda mode: mode.value
)
def test_known_foreground_colours_take_the_place_of_the_frames(layer, mode):
    scene = Scene(GRAY, (layer,), np.zeros_like(GRAY), np.full_like(GRAY, (10, 20, 30)))
    assert compose(scene, mode)[4, 15].tolist() == [10, 20, 30]


def test_blending_with_the_true_background_gives_back_the_frame(layer):
    alpha = np.tile(np.linspace(0, 1, 20, dtype=np.float32), (8, 1))
    front, behind = np.full_like(GRAY, (200, 40, 90)), np.full_like(GRAY, (30, 160, 220))
    mix = alpha[..., None] * front + (1 - alpha[..., None]) * behind
    soft = Layer(ObjectId(1), (255, 0, 0), Matte(alpha, alpha, alpha))
    picture = compose(Scene(GRAY, (soft,), behind, front), ViewMode.BACKDROP)
    assert np.abs(picture.astype(float) - mix).max() <= 1
