from __future__ import annotations

import numpy as np

from matting_core.matte.trimap import Band, pseudo_trimap, pull_to_mask, unknown_region
from tests.clips import Disc, disc_alpha
from tests.core.factories import Size
from tests.tables import table

SIZE = Size(120, 90)
DISC = disc_alpha(Disc(60, 45, 25), SIZE)
DISTANCE = np.abs(np.hypot(*(np.mgrid[0:90, 0:120] + 0.5 - [[[45]], [[60]]])) - 25)


def test_the_band_is_as_wide_as_the_area_asks() -> None:
    band = Band(relative=0.2, narrowest=1, widest=50)
    half_width = 0.2 * np.sqrt((DISC > 0.5).sum())
    unknown = unknown_region(DISC, band)
    assert unknown[half_width - 1.5 > DISTANCE].all()
    assert not unknown[half_width + 1.5 < DISTANCE].any()


@table(("limits", "half_width"), [((6, 50), 6), ((1, 3), 3)])
def test_the_bands_width_has_limits(limits, half_width) -> None:
    relative = 0.001 if half_width == 6 else 0.5
    unknown = unknown_region(DISC, Band(relative, *limits))
    assert unknown[half_width - 1.5 > DISTANCE].all()
    assert not unknown[half_width + 1.5 < DISTANCE].any()


def test_doubt_widens_the_band_only_where_it_hangs_together_with_it() -> None:
    doubtful = DISC.copy()
    doubtful[40:50, 82:112] = 0.3
    doubtful[5:10, 5:10] = 0.3
    unknown = unknown_region(doubtful, Band(relative=0.02, narrowest=4))
    assert unknown[42:48, 86:110].all()
    assert not unknown[5:10, 5:10].any()


@table("value", [0.0, 0.3, 1.0])
def test_masks_without_an_edge_have_no_band(value) -> None:
    assert not unknown_region(np.full((9, 9), value, np.float32), Band()).any()


@table("value", [0.0, 1.0])
def test_masks_without_an_edge_have_a_finite_pull(value) -> None:
    pull = pull_to_mask(np.full((9, 9), value, np.float32), Band())
    assert np.isfinite(pull).all()
    assert (pull > 0).all()


def test_a_line_one_pixel_thin_has_a_band() -> None:
    mask = np.zeros((40, 40), np.float32)
    mask[20] = 1
    unknown = unknown_region(mask, Band())
    assert unknown[18:23].all()
    assert not unknown[:10].any()


def test_trimap_is_the_mask_outside_the_band() -> None:
    probability = np.array([[0.0, 0.4, 0.6, 1.0]], np.float32)
    unknown = np.array([[False, True, False, False]])
    trimap = pseudo_trimap(probability, unknown)
    assert trimap.dtype == np.float32
    assert trimap.tolist() == [[0.0, 0.5, 1.0, 1.0]]


def test_the_pull_is_least_at_the_edge_and_grows_with_the_distance() -> None:
    band = Band()
    pull = pull_to_mask(DISC, band)
    free = max(3, band.near * np.sqrt((DISC > 0.5).sum()))
    assert pull.dtype == np.float32
    assert np.allclose(pull[free - 1.5 > DISTANCE], band.pull)
    outwards = pull[45, 88:118]
    assert (np.diff(outwards) >= 0).all()
    assert outwards[-1] > 10 * band.pull
