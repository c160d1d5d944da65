from __future__ import annotations

import cv2
import numpy as np

from matting_core.matte.cleaning import fill_holes, remove_dots
from tests.tables import table


def a_matte(*squares: tuple[int, int, int], sigma: float = 0):
    """White squares (x, y, side) on black."""
    alpha = np.zeros((80, 120), np.float32)
    for x, y, side in squares:
        alpha[y : y + side, x : x + side] = 1
    return cv2.GaussianBlur(alpha, (0, 0), sigma) if sigma else alpha


BODY, DOT = (20, 20, 40), (90, 30, 5)


def test_a_dot_goes_when_its_area_is_reached() -> None:
    alpha = a_matte(BODY, DOT)
    assert np.array_equal(remove_dots(alpha, 25), a_matte(BODY))
    assert remove_dots(alpha, 24) is alpha
    assert remove_dots(alpha, 0) is alpha


def test_the_soft_edge_of_a_dot_goes_with_it_and_that_of_the_body_stays() -> None:
    result = remove_dots(a_matte(BODY, DOT, sigma=1.5), 40)
    assert np.allclose(result, a_matte(BODY, sigma=1.5), atol=1e-6)


def test_a_dot_close_to_the_body_leaves_the_bodys_edge() -> None:
    alpha = a_matte(BODY, (66, 30, 4))
    assert np.array_equal(remove_dots(alpha, 16), a_matte(BODY))


def test_what_is_nowhere_above_a_half_is_no_dot() -> None:
    alpha = a_matte(BODY)
    alpha[30:34, 90:94] = 0.4
    assert remove_dots(alpha, 100) is alpha


def test_a_hole_is_filled_when_its_area_is_reached() -> None:
    alpha = a_matte(BODY)
    alpha[35:40, 35:40] = 0.2
    assert np.array_equal(fill_holes(alpha, 25), a_matte(BODY))
    assert fill_holes(alpha, 24) is alpha


def test_a_soft_hole_is_filled_with_its_edge() -> None:
    alpha = a_matte(BODY)
    hole = 1 - a_matte((36, 36, 6), sigma=1.2)
    assert np.allclose(fill_holes(alpha * hole, 60), alpha, atol=1e-5)


def test_what_is_open_to_the_border_is_no_hole() -> None:
    alpha = np.ones((40, 40), np.float32)
    alpha[0:4, 10:14] = 0
    assert fill_holes(alpha, 100) is alpha


def test_background_that_touches_only_at_a_corner_is_two_holes() -> None:
    alpha = np.ones((40, 40), np.float32)
    alpha[10:14, 10:14] = alpha[14:18, 14:18] = 0
    assert (fill_holes(alpha, 16) == 1).all()


@table("clean", [remove_dots, fill_holes])
@table("value", [0.0, 1.0])
def test_flat_mattes_stay_as_they_are(clean, value) -> None:
    alpha = np.full((20, 30), value, np.float32)
    assert np.array_equal(clean(alpha, 10), alpha)
