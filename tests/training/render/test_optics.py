from functools import partial

import numpy as np
import pytest

from matting_core.training.render.layer import AlphaLayer, layer_from_straight
from matting_core.training.render.optics import defocus, motion_blur, soften
from tests.tables import table

BLURS = {
    "defocus": partial(defocus, radius=4.3),
    "wide_defocus": partial(defocus, radius=11),
    "motion": partial(motion_blur, length=13, angle=0.7),
    "soften": partial(soften, sigma=2.5),
}


def square(colour=(0.9, 0.4, 0.1)) -> AlphaLayer:
    alpha = np.zeros((80, 90), np.float32)
    alpha[30:50, 35:60] = 1
    return layer_from_straight(np.broadcast_to(np.array(colour, np.float32), (80, 90, 3)), alpha)


@table("blur", BLURS.values())
def test_blur_preserves_mass_away_from_the_border(blur):
    layer = square()
    blurred = blur(layer)
    assert blurred.alpha.sum() == pytest.approx(layer.alpha.sum(), rel=1e-4)
    expected = layer.premultiplied.sum((0, 1))
    assert blurred.premultiplied.sum((0, 1)) == pytest.approx(expected, rel=1e-4)


@table("blur", BLURS.values())
def test_blur_makes_edges_partly_transparent_and_keeps_the_colour(blur):
    blurred = blur(square())
    partly = (blurred.alpha > 0.05) & (blurred.alpha < 0.95)
    assert partly.sum() > 50
    colours = blurred.premultiplied[partly] / blurred.alpha[partly, None]
    assert np.allclose(colours, (0.9, 0.4, 0.1), atol=1e-3)


@table("blur", BLURS.values())
def test_blur_keeps_the_ranges_of_a_layer(blur):
    rng = np.random.default_rng(0)
    noisy = layer_from_straight(
        rng.random((60, 50, 3), np.float32), rng.random((60, 50), np.float32)
    )
    blurred = blur(noisy)
    assert blurred.alpha.dtype == blurred.premultiplied.dtype == np.float32
    assert blurred.premultiplied.min() >= 0
    assert (blurred.premultiplied <= blurred.alpha[..., None]).all()
    assert blurred.alpha.max() <= 1


@table("blur", BLURS.values())
def test_blur_does_not_fade_what_the_border_cuts(blur):
    full = layer_from_straight(np.full((60, 50, 3), 0.5, np.float32), np.ones((60, 50), np.float32))
    assert np.allclose(blur(full).alpha, 1, atol=1e-5)


def test_a_point_out_of_focus_becomes_a_disc_of_the_radius():
    alpha = np.zeros((41, 41), np.float32)
    alpha[20, 20] = 1
    disc = defocus(layer_from_straight(np.ones((41, 41, 3), np.float32), alpha), 6).alpha
    assert disc[20, 26] > 0
    assert disc[20, 28] == 0
    assert (disc > 0).sum() == pytest.approx(np.pi * 36, rel=0.25)
    assert disc[20, 20] == pytest.approx(1 / (np.pi * 36), rel=0.05)


def test_a_moving_point_becomes_a_line_of_the_length():
    alpha = np.zeros((41, 41), np.float32)
    alpha[20, 20] = 1
    line = motion_blur(layer_from_straight(np.ones((41, 41, 3), np.float32), alpha), 10, 0.0).alpha
    assert np.count_nonzero(line[20]) == 11
    assert line[19].max() == line[21].max() == 0


def test_no_blur_gives_the_layer_itself():
    layer = square()
    assert defocus(layer, 0) is layer
    assert motion_blur(layer, 0, 1.0) is layer
    assert soften(layer, 0) is layer
