"""Placing pictures on a canvas: to the half pixel, and without aliasing."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from matting_core.training.render.foregrounds import Cutout
from matting_core.training.render.layer import layer_from_straight
from matting_core.training.render.warp import (
    WarpPlacement,
    measure_share,
    place_cutout,
    place_layer,
    warp,
)
from matting_core.types import Size
from tests.tables import table
from tests.training.pairs import disc

RAMP = np.repeat(np.arange(40, dtype=np.float32)[None] / 40, 30, 0)


def test_nothing_moves_at_scale_one() -> None:
    still = WarpPlacement((20, 15), (20, 15), (1, 1))
    assert np.allclose(warp(RAMP, still, Size(40, 30), cv2.BORDER_REPLICATE), RAMP)


def test_halving_is_the_mean_of_four_pixels() -> None:
    halved = warp(RAMP, WarpPlacement((20, 15), (10, 7.5), (0.5, 0.5)), Size(20, 15), 0)
    assert np.allclose(halved, RAMP.reshape(15, 2, 20, 2).mean((1, 3)), atol=1e-6)


@table("angle", [0.0, 20.0, -50.0])
@table("scale", [(0.4, 0.4), (1.3, 0.7), (2.0, 1.8)])
def test_the_point_lands_on_its_target(angle: float, scale: tuple[float, float]) -> None:
    dot = disc((60, 80), 6).astype(np.float32)
    placed = warp(dot, WarpPlacement((40, 30), (25, 45), scale, angle), Size(70, 90), 0)
    y, x = np.mgrid[:90, :70] + 0.5
    assert (x * placed).sum() / placed.sum() == pytest.approx(25, abs=0.15)
    assert (y * placed).sum() / placed.sum() == pytest.approx(45, abs=0.15)
    assert placed.sum() == pytest.approx(dot.sum() * scale[0] * scale[1], rel=0.05)


def test_a_cut_subject_goes_on_and_stray_hairs_end() -> None:
    alpha = np.zeros((100, 100), np.uint16)
    alpha[50:, 40:60] = 65535
    alpha[:50, 50] = 65535
    grey = np.full((100, 100, 3), 128, np.uint8)
    middle = WarpPlacement((50, 50), (100, 100), (1, 1))
    cut = (False, False, False, True)
    layer = place_cutout(Cutout(grey, alpha, grey, None), cut, middle, Size(200, 200))
    assert (layer.alpha[150:, 95:105] == 1).all()
    assert (layer.alpha[:50] == 0).all()
    assert layer.alpha[60, 100] == 1


def test_nothing_lies_outside_a_layer() -> None:
    layer = layer_from_straight(np.ones((20, 20, 3), np.float32), np.ones((20, 20), np.float32))
    placed = place_layer(layer, WarpPlacement((10, 10), (30, 30), (1, 1)), Size(60, 60))
    assert placed.alpha.sum() == pytest.approx(400)
    assert (placed.alpha[:15] == 0).all()


def test_the_share_counts_touched_pixels() -> None:
    assert measure_share(np.float32([[0, 0.05, 0.2, 1]])) == 0.5
