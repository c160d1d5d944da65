"""Views of a frame are right to the pixel."""

import numpy as np
import pytest

from app.canvas.pictures.compose import COME, GONE, LEVELLED, compose
from app.canvas.pictures.overlays import AFTER, BEFORE
from app.canvas.pictures.scene import Layer, Scene
from app.model.look import Levels, Overlay
from app.model.view import ViewMode
from matting_core.types import Matte, ObjectId
from tests.tables import table

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


def soft(value, object_id=1):
    alpha = np.full((8, 20), value, np.float32)
    return Layer(ObjectId(object_id), (255, 0, 0), Matte(alpha, alpha, alpha))


def test_gain_brings_out_faint_spots():
    scene = Scene(GRAY, (soft(0.02),), levels=Levels(gain_steps=16))
    assert compose(scene, ViewMode.ALPHA)[4, 4, 0] == pytest.approx(0.02 * 16 * 255, abs=1)


def test_gamma_brings_out_holes():
    scene = Scene(GRAY, (soft(0.9),), levels=Levels(gamma_steps=-8))
    assert compose(scene, ViewMode.ALPHA)[4, 4, 0] == pytest.approx(0.9**4 * 255, abs=1)


@table("mode", sorted(set(ViewMode) - LEVELLED))
def test_levels_change_only_the_views_of_mattes(mode):
    plain, lifted = Scene(GRAY, (soft(0.4),)), Scene(GRAY, (soft(0.4),), levels=Levels(8, 8))
    assert np.array_equal(compose(plain, mode), compose(lifted, mode))


def test_levels_stay_within_their_limits():
    assert Levels().moved(1000, -1000) == Levels().moved(500, -500) == Levels(24, -12)
    assert Levels(4, -4).gain == 2
    assert Levels(4, -4).gamma == 0.5


def test_the_difference_shows_what_came_and_what_went_in_two_colours(layer):
    shifted = np.roll(layer.matte.alpha, 3, axis=1)
    shifted[:, :3] = 0
    before = Layer(layer.object_id, (0, 0, 0), Matte(shifted, shifted, shifted))
    row = compose(Scene(GRAY, (layer,), before=(before,)), ViewMode.DIFFERENCE)[4]
    assert row[5].tolist() == row[15].tolist() == [0, 0, 0]
    assert row[11].tolist() == list(COME)
    gone = compose(Scene(GRAY, (before,), before=(layer,)), ViewMode.DIFFERENCE)[4]
    assert gone[11].tolist() == list(GONE)


def test_an_object_that_was_not_there_before_makes_no_difference(layer):
    other = soft(1, object_id=7)
    assert not compose(Scene(GRAY, (layer,), before=(other,)), ViewMode.DIFFERENCE).any()


def strongest(picture):
    return picture.reshape(-1, 3)[picture.reshape(-1, 3).sum(axis=1).argmax()].tolist()


def test_the_onion_skin_outlines_the_neighbours_in_their_colours(layer):
    black = np.zeros_like(GRAY)
    before = compose(Scene(black, (), before=(layer,)), ViewMode.SOURCE, {Overlay.ONION})
    assert strongest(before) == pytest.approx(BEFORE, abs=30)
    after = compose(Scene(black, (), after=(layer,)), ViewMode.SOURCE, {Overlay.ONION})
    assert strongest(after) == pytest.approx(AFTER, abs=30)
    assert not black.any()


@pytest.mark.parametrize("overlay", [Overlay.ROI, Overlay.TRIMAP])
def test_roi_and_trimap_tint_the_picture_but_not_their_own_view(layer, overlay):
    scene, own = Scene(GRAY, (layer,)), ViewMode(overlay.value)
    picture = compose(scene, ViewMode.SOURCE, {overlay})
    assert picture[4, 10].tolist() != [100, 100, 100]
    assert np.array_equal(compose(scene, own, {overlay}), compose(scene, own))
    assert np.array_equal(compose(Scene(GRAY), ViewMode.SOURCE, {overlay}), GRAY)


def test_the_trimap_overlay_has_three_colours(layer):
    row = compose(Scene(GRAY, (layer,)), ViewMode.SOURCE, {Overlay.TRIMAP})[4]
    assert len({tuple(row[x]) for x in (2, 10, 16)}) == 3


def test_the_roi_overlay_leaves_what_is_certain(layer):
    row = compose(Scene(GRAY, (layer,)), ViewMode.OVERLAY, {Overlay.ROI})[4]
    assert row[2].tolist() == [100, 100, 100]
