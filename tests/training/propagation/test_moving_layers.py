"""Actors: drawn where they are, with their exact cover."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from matting_core.training.propagation.motion import Motion
from matting_core.training.propagation.moving_layers import (
    Bend,
    MovingLayer,
    keep_part,
    make_opaque,
    tint,
)
from matting_core.types import Size
from tests.training.propagation.films import BrightProps, a_block, still

CANVAS = Size(40, 30)


def test_a_block_covers_exactly_its_pixels() -> None:
    layer = a_block(Size(10, 6), 200, [(20, 15), (23, 15)]).draw(1, CANVAS)
    wanted = np.zeros(CANVAS.hw, np.float32)
    wanted[12:18, 18:28] = 1
    np.testing.assert_array_equal(layer.alpha, wanted)
    grey = np.repeat(wanted[..., None] * 200 / 255, 3, 2)
    np.testing.assert_allclose(layer.premultiplied, grey, atol=1e-6)


def test_what_is_shown_much_smaller_is_averaged_and_stays_in_place() -> None:
    rgba = make_opaque(np.full((60, 80, 3), 255, np.uint8))
    small = Motion(np.array([[20.0, 15.0]]), np.zeros(1), np.full(1, 0.25), np.ones(1))
    actor = MovingLayer.from_cutout(rgba, small, Bend.none())
    assert max(actor.picture.shape) == 30
    alpha = actor.draw(0, CANVAS).alpha
    assert alpha.sum() == pytest.approx(20 * 15, rel=0.05)
    ys, xs = np.nonzero(alpha > 0.5)
    assert ((xs.mean() + 0.5), (ys.mean() + 0.5)) == pytest.approx((20, 15), abs=0.6)


def test_motion_blurs_along_its_way_and_keeps_the_sum() -> None:
    block = a_block(Size(8, 8), 255, [(12, 15), (28, 15)])
    sharp = block.draw(1, CANVAS).alpha
    blurred = dataclasses.replace(block, blurred=True).draw(1, CANVAS).alpha
    assert blurred.sum() == pytest.approx(sharp.sum(), rel=0.01)
    assert np.array_equal(np.flatnonzero(blurred.any(1)), np.flatnonzero(sharp.any(1)))
    assert len(np.flatnonzero(blurred.any(0))) >= 14
    first = dataclasses.replace(block, blurred=True).draw(0, CANVAS).alpha
    assert set(np.unique(first)) == {0, 1}


def test_a_bend_moves_the_outline_and_changes_over_time() -> None:
    bend = Bend.draw(np.random.default_rng(2), 0.06)
    rgba = make_opaque(np.full((20, 20, 3), 255, np.uint8))
    actor = MovingLayer.from_cutout(rgba, still([(20, 15)] * 4), bend)
    alphas = [actor.draw(frame, CANVAS).alpha for frame in (0, 3)]
    assert not np.array_equal(*alphas)
    assert 200 < alphas[0].sum() < 600


def test_an_endless_layer_fills_the_frame() -> None:
    block = dataclasses.replace(a_block(Size(10, 6), 90, [(20, 15)]), endless=True)
    assert block.draw(0, CANVAS).alpha.min() == 1


def test_colours_change_but_never_the_cover_unless_it_is_cut() -> None:
    rng = np.random.default_rng(1)
    rgba = BrightProps().cutout(rng)
    other = tint(rgba, rng)
    assert np.array_equal(other[..., 3], rgba[..., 3])
    assert not np.array_equal(other[..., :3], rgba[..., :3])
    part = keep_part(rgba, rng)
    left = (part[..., 3] > 0).sum() / (rgba[..., 3] > 0).sum()
    assert 0.4 < left < 0.95
