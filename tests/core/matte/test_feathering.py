from __future__ import annotations

import cv2
import numpy as np

from matting_core.matte.feathering import feather
from tests.tables import table


def a_disc(hw: tuple[int, int] = (241, 319)):
    plane = np.zeros(hw, np.float32)
    cv2.circle(plane, (150, 120), 60, 1, -1)
    return plane


@table("sigma", [0.4, 3.0, 7.0, 13.0, 50.0])
def test_it_is_the_gaussian_of_that_sigma(sigma) -> None:
    plane = a_disc()
    exact = cv2.GaussianBlur(plane, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
    assert np.abs(feather(plane, sigma) - exact).max() < 0.02


def test_a_flat_plane_stays_flat_up_to_its_border() -> None:
    assert np.allclose(feather(np.ones((50, 70), np.float32), 30), 1, atol=1e-6)


def test_sigma_0_gives_the_plane_itself() -> None:
    plane = a_disc()
    assert feather(plane, 0) is plane
