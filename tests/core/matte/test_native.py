from __future__ import annotations

import cv2
import numpy as np

from matting_core.matte.native import Prior, enlarge, small_size, solve
from matting_core.types import Size
from tests.tables import table

FRONT, BACK = np.array([230, 200, 80]), np.array([30, 50, 120])


def _strands(side: int) -> np.ndarray:
    """Lines one pixel wide and eight apart beside a solid half."""
    alpha = np.zeros((side, side), np.float32)
    alpha[:, : side // 2] = 1
    alpha[::8, side // 2 : 3 * side // 4] = 1
    return alpha


def _picture(alpha: np.ndarray) -> np.ndarray:
    cover = alpha[..., None]
    return np.rint(cover * FRONT + (1 - cover) * BACK).astype(np.uint8)


@table(
    ("size", "small"),
    [
        (Size(512, 300), Size(512, 300)),
        (Size(100, 50), Size(100, 50)),
        (Size(2048, 1024), Size(512, 256)),
        (Size(3000, 1), Size(512, 1)),
    ],
)
def test_the_small_copy_is_at_most_512_long(size, small) -> None:
    assert small_size(size) == small


def test_strands_thinner_than_a_pixel_of_the_copy_come_back() -> None:
    truth = _strands(1024)
    rgb = _picture(truth)
    small = cv2.resize(truth, (256, 256), interpolation=cv2.INTER_AREA)
    small_rgb = cv2.resize(rgb, (256, 256), interpolation=cv2.INTER_AREA)
    found = enlarge(rgb, small_rgb, small)
    plain = cv2.resize(small, (1024, 1024), interpolation=cv2.INTER_LINEAR)
    assert np.abs(found - truth).mean() < 0.3 * np.abs(plain - truth).mean()


def test_settled_places_stay_exactly_settled() -> None:
    truth = _strands(512)
    rgb = np.random.default_rng(1).integers(0, 256, (512, 512, 3), dtype=np.uint8)
    small = cv2.resize(truth, (128, 128), interpolation=cv2.INTER_AREA)
    small_rgb = cv2.resize(rgb, (128, 128), interpolation=cv2.INTER_AREA)
    found = enlarge(rgb, small_rgb, small)
    assert (found[:, :200] == 1).all()
    assert (found[:, 420:] == 0).all()


def test_a_picture_that_needs_no_copy_is_left_as_it_is() -> None:
    alpha = _strands(64)
    rgb = _picture(alpha)
    assert enlarge(rgb, rgb, alpha) is alpha


def test_solving_keeps_what_is_known_and_finds_the_rest() -> None:
    truth = cv2.GaussianBlur(_strands(160), (0, 0), 2)
    rgb = _picture(truth)
    trimap = np.where((truth > 0.01) & (truth < 0.99), 0.5, truth > 0.5).astype(np.float32)
    prior = Prior(trimap, np.full_like(truth, 0.5), np.full_like(truth, 1e-5))
    found = solve(rgb, prior)
    assert np.array_equal(found[~prior.unknown], trimap[~prior.unknown])
    assert np.abs(found - truth).mean() < 0.02
