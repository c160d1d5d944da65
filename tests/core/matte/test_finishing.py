from __future__ import annotations

import cv2
import numpy as np
import pytest

from matting_core.document.finishing import Finishing, Parameter
from matting_core.document.shapes import Shape, ShapeKey, ShapeRole
from matting_core.document.tracks import Key, Track
from matting_core.matte.finishing import apply_levels, finish, share_alpha
from matting_core.types import Size
from tests.tables import table

SIZE = Size(120, 80)
SQUARE = ((20.0, 10.0), (60.0, 10.0), (60.0, 50.0), (20.0, 50.0))
RNG = np.random.default_rng(0)


@pytest.fixture
def noise():
    return RNG.random(SIZE.hw, np.float32)


@pytest.fixture
def disc():
    plane = np.zeros(SIZE.hw, np.float32)
    cv2.circle(plane, (60, 40), 25, 1, -1)
    return cv2.GaussianBlur(plane, (0, 0), 1.5)


def a_finishing(*shapes: Shape, **values: float) -> Finishing:
    finishing = Finishing(shapes=shapes)
    for name, value in values.items():
        finishing = finishing.with_track(Parameter(name), Track(value))
    return finishing


def a_shape(role: ShapeRole, **values) -> Shape:
    return Shape(1, role, **{"keys": (ShapeKey(0, SQUARE),), **values})


def test_a_neutral_finishing_returns_the_matte_itself(noise) -> None:
    assert finish(noise, Finishing(), 3) is noise


@table(
    "values",
    [
        *({"black": 0.2}, {"white": 0.7}, {"gamma": 2}, {"grow": 1.5}, {"grow": -2}),
        *({"feather": 3}, {"dots": 500}, {"holes": 500}),
    ],
)
def test_each_parameter_does_something_and_leaves_its_input_alone(noise, values) -> None:
    before = noise.copy()
    result = finish(noise, a_finishing(**values), 0)
    assert not np.array_equal(result, noise)
    assert np.array_equal(noise, before)
    assert result.dtype == np.float32
    assert result.min() >= 0
    assert result.max() <= 1


def test_levels_stretch_what_lies_between_black_and_white() -> None:
    ramp = np.array([[0.0, 0.1, 0.2, 0.5, 0.8, 0.9, 1.0]], np.float32)
    assert apply_levels(ramp, 0.2, 0.8, 1)[0] == pytest.approx([0, 0, 0, 0.5, 1, 1, 1], abs=1e-6)
    assert apply_levels(ramp, 0, 1, 2)[0] == pytest.approx(ramp[0] ** 0.5)


def test_a_white_below_the_black_cuts_at_the_black() -> None:
    ramp = np.array([[0.0, 0.3, 0.59, 0.61, 1.0]], np.float32)
    assert apply_levels(ramp, 0.6, 0.4, 1)[0].tolist() == [0, 0, 0, 1, 1]


def test_keyframed_values_count_on_their_frames(disc) -> None:
    track = Track(0.0, (Key(0, 0.0), Key(10, 10.0)))
    finishing = Finishing().with_track(Parameter.GROW, track)
    areas = [finish(disc, finishing, frame).sum() for frame in (0, 5, 10, 20)]
    radii = np.sqrt(np.array(areas) / np.pi)
    assert radii == pytest.approx(radii[0] + np.array([0, 5, 10, 10]), abs=0.3)


def test_a_garbage_shape_removes_and_a_holdout_keeps(noise) -> None:
    inside = np.zeros(SIZE.hw, bool)
    inside[12:48, 22:58] = True
    outside = np.ones(SIZE.hw, bool)
    outside[8:52, 18:62] = False
    for role, value in ((ShapeRole.GARBAGE, 0), (ShapeRole.HOLDOUT, 1)):
        result = finish(noise, a_finishing(a_shape(role)), 0)
        assert (result[inside] == value).all()
        assert np.array_equal(result[outside], noise[outside])
        turned = finish(noise, a_finishing(a_shape(role, inverted=True)), 0)
        assert (turned[outside] == value).all()
        assert np.array_equal(turned[inside], noise[inside])


def test_a_shapes_edge_is_where_it_was_drawn_to_fractions_of_a_pixel() -> None:
    corners = ((20.25, 10.0), (60.25, 10.0), (60.25, 50.0), (20.25, 50.0))
    shape = a_shape(ShapeRole.HOLDOUT, keys=(ShapeKey(0, corners),))
    row = finish(np.zeros(SIZE.hw, np.float32), a_finishing(shape), 0)[30]
    assert row[19:22] == pytest.approx([0, 0.75, 1], abs=0.13)
    assert row[59:62] == pytest.approx([1, 0.25, 0], abs=0.26)


def test_a_feathered_shape_ends_softly_around_its_outline() -> None:
    shape = a_shape(ShapeRole.HOLDOUT, feather=3.0)
    row = finish(np.zeros(SIZE.hw, np.float32), a_finishing(shape), 0)[30]
    assert np.interp(-0.5, -row[40:80], np.arange(40, 80) + 0.5) == pytest.approx(60, abs=0.26)
    assert row[57] == pytest.approx(0.8, abs=0.03)  # the normal distribution at 2.5 of 3 px


def test_of_two_overlapping_shapes_the_later_counts(noise) -> None:
    garbage = Shape(1, ShapeRole.GARBAGE, (ShapeKey(0, SQUARE),))
    holdout = Shape(2, ShapeRole.HOLDOUT, (ShapeKey(0, SQUARE),))
    assert finish(noise, a_finishing(garbage, holdout), 0)[30, 40] == 1
    assert finish(noise, a_finishing(holdout, garbage), 0)[30, 40] == 0


def test_a_shape_that_left_the_frame_covers_nothing(noise) -> None:
    away = tuple((x + 500, y) for x, y in SQUARE)
    shape = a_shape(ShapeRole.GARBAGE, keys=(ShapeKey(0, away),))
    assert np.array_equal(finish(noise, a_finishing(shape), 0), noise)
    huge = tuple((x * 1e5, y * 1e5) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)))
    shape = a_shape(ShapeRole.GARBAGE, keys=(ShapeKey(0, huge),))
    assert finish(noise, a_finishing(shape), 0).max() == 0


def test_a_shape_that_is_off_changes_nothing(noise) -> None:
    shape = a_shape(ShapeRole.GARBAGE, enabled=False)
    assert finish(noise, a_finishing(shape), 0) is noise


def test_shapes_come_after_feathering() -> None:
    shape = a_shape(ShapeRole.HOLDOUT)
    plane = np.zeros(SIZE.hw, np.float32)
    assert finish(plane, a_finishing(shape, feather=5), 0)[30, 18] == 0


def test_shared_mattes_never_sum_to_more_than_1_and_keep_their_ratio(noise, disc) -> None:
    third = np.full(SIZE.hw, 0.2, np.float32)
    given = [noise, disc, third]
    total = noise + disc + third
    results = share_alpha(given)
    assert np.sum(results, axis=0).max() <= 1 + 1e-6
    over = total > 1
    for before, after in zip(given, results, strict=True):
        assert np.array_equal(after[~over], before[~over])
        assert after[over] == pytest.approx((before / total)[over], rel=1e-5)


def test_mattes_that_do_not_meet_are_returned_themselves(disc) -> None:
    empty = np.zeros(SIZE.hw, np.float32)
    assert [a is b for a, b in zip(share_alpha([disc, empty]), [disc, empty], strict=True)] == [
        True
    ] * 2
    assert share_alpha([disc])[0] is disc


def test_locked_mattes_stay_and_the_others_get_what_they_leave(noise, disc) -> None:
    third = np.full(SIZE.hw, 0.6, np.float32)
    first, kept, last = share_alpha([noise, disc, third], locked={1})
    assert kept is disc
    room = 1 - disc
    over = noise + third > room
    assert (first + last)[over] == pytest.approx(room[over], abs=1e-6)
    assert np.array_equal(first[~over], noise[~over])
    assert np.array_equal(last[~over], third[~over])


def test_locked_mattes_that_exceed_1_by_themselves_are_scaled_and_leave_nothing() -> None:
    wide, half = (np.full(SIZE.hw, value, np.float32) for value in (0.9, 0.3))
    results = share_alpha([wide, half, half], locked={0, 1})
    assert [float(each.max()) for each in results] == pytest.approx([0.75, 0.25, 0], abs=1e-6)


@table("top", [255, 65535])
def test_in_levels_no_sum_of_what_is_written_exceeds_full_scale(noise, top) -> None:
    halves = [np.full(SIZE.hw, 0.5, np.float32)] * 2
    four = [noise, noise[::-1], noise[:, ::-1], 1 - noise]
    for alphas, locked in ((halves, ()), (four, ()), (four, (1, 3))):
        results = share_alpha(alphas, locked, top)
        written = [np.rint(each * np.float32(top)).astype(int) for each in results]
        assert sum(written).max() == top
        exact = share_alpha(alphas, locked)
        for integers, alpha in zip(written, exact, strict=True):
            assert np.abs(integers - alpha * top).max() < len(alphas) / 2 + 0.01


def test_in_levels_a_locked_matte_is_what_it_would_be_alone(noise) -> None:
    kept, _ = share_alpha([noise, noise], {0}, 255)
    assert np.array_equal(np.rint(kept * 255), np.rint(noise * 255))
