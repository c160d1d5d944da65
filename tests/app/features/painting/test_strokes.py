"""What a brush covers, as pixels."""

import math

import numpy as np
import pytest

from app.features.painting.strokes import Stroke, StrokeCoverage, painted
from app.model.brush import Dab
from matting_core.document.refine import Mark
from matting_core.types import ObjectId, Size
from matting_core.windows import Window, whole
from tests.tables import table

SIZE = Size(120, 90)


def swept(*dabs, hardness=1.0):
    sheet = StrokeCoverage(SIZE)
    for start, end in zip(dabs, dabs[1:] or dabs, strict=False):
        list(sheet.sweep(start, end, hardness))
    return sheet.part(whole(SIZE)).astype(np.float64) / 255


@table("radius", [0.5, 1, 3, 12.5, 30])
def test_a_hard_dab_covers_its_disc_with_an_even_edge(radius):
    covered = swept(Dab(60.3, 45.7, radius))
    assert covered.sum() == pytest.approx(math.pi * radius**2, rel=0.05, abs=0.6)
    y, x = np.mgrid[0 : SIZE.height, 0 : SIZE.width] + 0.5
    distance = np.hypot(x - 60.3, y - 45.7)
    assert (covered[distance < radius - 0.6] == 1).all()
    assert not covered[distance > radius + 0.6].any()
    edge = np.abs(distance - radius) < 0.4
    assert ((covered[edge] > 0) & (covered[edge] < 1)).all()


def test_a_soft_dab_falls_off_from_its_hard_middle():
    covered = swept(Dab(60, 45, 30), hardness=0.4)[45, 60:95]
    assert (np.diff(covered) <= 0).all()
    assert (covered[:11] == 1).all()
    assert covered[20] == pytest.approx(0.5, abs=0.1)
    assert not covered[31:].any()


def test_a_stroke_is_as_broad_all_along_however_far_apart_its_places():
    covered = swept(Dab(10, 45, 6), Dab(110, 45, 6))
    inside = covered[:, 12:108]
    assert np.ptp(inside, axis=1).max() < 0.01
    assert inside.sum(axis=0) == pytest.approx(12, abs=0.2)


def test_a_long_way_is_drawn_in_pieces_and_looks_like_one():
    sheet = StrokeCoverage(SIZE)
    start, end = Dab(5, 5, 4), Dab(115, 85, 8)
    windows = list(sheet.sweep(start, end, 0.5))
    assert len(windows) > 1
    assert sum(window.width * window.height for window in windows) < SIZE.width * SIZE.height
    whole_way = sheet.part(whole(SIZE)).copy()
    one = StrokeCoverage(SIZE)
    for step in range(8):
        dabs = [
            Dab(*(a + (b - a) * at / 8 for a, b in zip(start, end, strict=True)))
            for at in (step, step + 1)
        ]
        list(one.sweep(*dabs, 0.5))
    assert np.abs(whole_way.astype(int) - one.part(whole(SIZE))).max() <= 2


def test_going_over_a_place_again_covers_no_more():
    once = swept(Dab(20, 45, 15), Dab(100, 45, 15), hardness=0)
    twice = swept(Dab(20, 45, 15), Dab(100, 45, 15), Dab(20, 45, 15), hardness=0)
    assert np.abs(once - twice).max() < 0.01


def test_the_radius_goes_over_from_dab_to_dab():
    covered = swept(Dab(10, 45, 2), Dab(110, 45, 20))
    breadth = covered.sum(axis=0)
    assert (np.diff(breadth[12:100]) > -0.05).all()
    assert breadth[60] == pytest.approx(22, abs=1)


@table("place", [(-40, -40), (300, 45), (60, 200)])
def test_a_dab_beside_the_frame_covers_nothing(place):
    sheet = StrokeCoverage(SIZE)
    assert list(sheet.sweep(Dab(*place, 10), Dab(*place, 10), 1)) == []
    assert sheet.window is None


def test_a_dab_at_the_edge_is_cut():
    sheet = StrokeCoverage(SIZE)
    assert list(sheet.sweep(Dab(0, 0, 10), Dab(0, 0, 10), 1)) == [Window(0, 0, 11, 11)]


def test_an_outline_is_filled_inside():
    sheet = StrokeCoverage(SIZE)
    window = sheet.fill([(10, 10), (50, 10), (50, 40), (10, 40)])
    covered = sheet.part(whole(SIZE)) / 255
    assert (covered[11:39, 11:49] == 1).all()
    assert covered.sum() == pytest.approx(40 * 30, rel=0.1)  # the edge is half a pixel out
    assert not covered[45:].any()
    assert window is not None
    assert window.contains(Window(10, 10, 50, 40))
    assert StrokeCoverage(SIZE).fill([(200, 10), (250, 10), (250, 40)]) is None


def plane(*values):
    return np.array([values], np.uint8)


def test_brush_and_eraser_blend_by_their_coverage():
    assert painted(plane(0, 0, 100), plane(0, 128, 255), "mask", Mark.SOLID).tolist() == [
        [0, 128, 255]
    ]
    assert painted(plane(200, 200, 200), plane(0, 128, 255), "mask", Mark.CLEAR).tolist() == [
        [200, 100, 0]
    ]


def test_a_stroke_changes_its_window_of_a_copy():
    before = np.zeros(SIZE.hw, np.uint8)
    coverage = np.full((4, 5), 255, np.uint8)
    stroke = Stroke("mask", Mark.SOLID, ObjectId(1), 0, Window(10, 20, 15, 24), coverage)
    after = stroke.on(before)
    assert not before.any()
    assert after.sum() == 255 * 20
    assert (after[20:24, 10:15] == 255).all()
