"""Views of a frame are right to the pixel."""

import numpy as np
import pytest

from app.compose import Layer, compose
from app.view_state import ViewMode
from matting_core.types import Matte

GRAY = np.full((8, 20, 3), 100, np.uint8)


@pytest.fixture
def layer():
    alpha = np.zeros((8, 20), np.float32)
    alpha[:, 10:] = 1
    roi = np.zeros((8, 20), np.float32)
    roi[:, 9:11] = 1
    return Layer((255, 0, 0), Matte(alpha, roi, np.ones_like(alpha)))


def test_the_source_view_is_the_frame(layer):
    assert np.array_equal(compose(GRAY, [layer], ViewMode.SOURCE), GRAY)


def test_the_overlay_tints_inside_only_and_leaves_the_frame_untouched(layer):
    picture = compose(GRAY, [layer], ViewMode.OVERLAY)
    assert picture[4, 1].tolist() == [100, 100, 100]
    assert picture[4, 15].tolist() == pytest.approx([170, 55, 55], abs=1)
    assert (GRAY == 100).all()


def test_an_overlay_without_mattes_is_the_frame():
    assert np.array_equal(compose(GRAY, [], ViewMode.OVERLAY), GRAY)


def test_alpha_is_gray_and_black_without_mattes(layer):
    assert compose(GRAY, [layer], ViewMode.ALPHA)[4, :, 0].tolist() == [0] * 10 + [255] * 10
    assert not compose(GRAY, [], ViewMode.ALPHA).any()


def test_objects_are_joined_in_alpha(layer):
    other = Layer((0, 0, 255), Matte(layer.matte.alpha[:, ::-1], layer.matte.roi, layer.matte.roi))
    assert (compose(GRAY, [layer, other], ViewMode.ALPHA) == 255).all()


def test_the_trimap_is_unknown_where_matting_was_needed(layer):
    row = compose(GRAY, [layer], ViewMode.TRIMAP)[4, :, 0].tolist()
    assert row == [0] * 9 + [128] * 2 + [255] * 9


def test_the_roi_stands_out_from_a_dimmed_frame(layer):
    row = compose(GRAY, [layer], ViewMode.ROI)[4]
    assert row[0].tolist() == [35, 35, 35]
    assert row[10, 0] > 200


def test_the_checker_shows_only_outside(layer):
    picture = compose(GRAY, [layer], ViewMode.CHECKER)
    assert picture[4, 1, 0] in (105, 150)
    assert picture[4, 15].tolist() == [100, 100, 100]
