"""Motions: where a layer's middle goes, by hand and as drawn."""

from __future__ import annotations

import numpy as np
import pytest

from matting_core.training.propagation.motion import Motion, draw_motion, draw_part_motion
from matting_core.types import Size
from tests.training.propagation.films import still


def drawn(seed: int, speed: float = 0.1, frames: int = 9) -> Motion:
    rng = np.random.default_rng(seed)
    return draw_motion(rng, frames, np.array([30.0, 20.0]), 40.0, speed, 0.5)


def test_the_middle_of_a_picture_lands_on_its_place() -> None:
    motion = Motion(np.array([[30.0, 20.0]]), np.array([33.0]), np.array([0.7]), np.array([1.2]))
    x, y = motion.matrix(0, Size(41, 11)) @ [20, 5, 1]
    # pixel centres are at halves of the canvas, and at whole numbers of the matrix
    assert (x + 0.5, y + 0.5) == pytest.approx((30, 20))


def test_a_turn_is_clockwise_and_a_stretch_is_along_the_picture() -> None:
    motion = Motion(np.array([[0.0, 0.0]]), np.array([90.0]), np.array([2.0]), np.array([3.0]))
    linear = motion.matrix(0, Size(2, 2))[:, :2]
    np.testing.assert_allclose(linear @ [1, 0], [0, 6], atol=1e-9)
    np.testing.assert_allclose(linear @ [0, 1], [-2, 0], atol=1e-9)


def test_a_drawn_motion_starts_where_it_is_told_and_stays_within_bounds() -> None:
    for seed in range(20):
        motion = drawn(seed)
        assert motion.places[0].tolist() == [30, 20]
        assert motion.scales[0] == 0.5
        assert motion.stretches[0] == 1
        assert np.abs(np.log(motion.scales / 0.5)).max() <= 1
        assert motion.velocity(0).tolist() == [0, 0]
        np.testing.assert_allclose(motion.velocity(3), motion.places[3] - motion.places[2])


def test_faster_is_farther_and_the_same_seed_is_the_same_motion() -> None:
    def way(speed: float) -> float:
        ways = [drawn(seed, speed).velocity(1) for seed in range(40)]
        return float(np.median([np.hypot(*way) for way in ways]))

    assert way(0.28) > 4 * way(0.03)
    assert np.array_equal(drawn(3).places, drawn(3).places)
    assert not np.array_equal(drawn(3).places, drawn(4).places)


def test_a_part_goes_with_the_whole() -> None:
    rng = np.random.default_rng(0)
    leader = still([(10.0 * k, 5.0) for k in range(6)])
    part = draw_part_motion(rng, leader, still([(0.0, 0.0)] * 6), 10.0)
    apart = part.places - leader.places
    assert np.ptp(apart, 0).max() < 3
    assert np.ptp(part.places[:, 0]) > 45
