from __future__ import annotations

import math

import pytest

from matting_core.document.finishing import LIMITS, Finishing, Parameter
from matting_core.document.shapes import Shape, ShapeKey, ShapeRole, sample_spline
from matting_core.document.tracks import Key, Track
from matting_core.errors import InputError
from tests.tables import table

SQUARE = ((10.0, 10.0), (30.0, 10.0), (30.0, 30.0), (10.0, 30.0))
MOVED = tuple((x + 8, y + 4) for x, y in SQUARE)


def a_shape(number: int = 1, **values) -> Shape:
    return Shape(number, ShapeRole.GARBAGE, **{"keys": (ShapeKey(4, SQUARE),), **values})


def test_a_new_finishing_is_neutral_on_every_frame() -> None:
    assert all(Finishing().values_on(frame).neutral for frame in (0, 5))
    assert Finishing().key_frames == ()


def test_each_parameter_is_read_on_its_frame() -> None:
    track = Track(0.0, (Key(0, 0.0), Key(10, 5.0)))
    finishing = Finishing().with_track(Parameter.GROW, track)
    assert finishing.values_on(4)[Parameter.GROW] == 2.0
    assert finishing.values_on(0).neutral
    assert finishing.values_on(4)[Parameter.WHITE] == 1.0
    assert finishing.key_frames == (0, 10)


@table("parameter", Parameter)
def test_values_outside_their_limits_are_refused(parameter) -> None:
    limits = LIMITS[parameter]
    for value in (limits.least - 0.01, limits.most + 0.01):
        with pytest.raises(InputError, match=parameter.value):
            Finishing().with_track(parameter, Track(value))
        with pytest.raises(InputError, match=parameter.value):
            Finishing().with_track(parameter, Track(limits.neutral, (Key(3, value),)))


def test_a_shapes_points_move_straight_between_keyframes() -> None:
    shape = a_shape().with_points(8, MOVED)
    assert shape.frames == (4, 8)
    assert shape.points_at(0) == shape.points_at(4) == SQUARE
    assert shape.points_at(6) == tuple((x + 4, y + 2) for x, y in SQUARE)
    assert shape.points_at(99) == MOVED


def test_only_a_shape_that_moves_has_keyframes_to_show() -> None:
    assert Finishing(shapes=(a_shape(),)).key_frames == ()
    assert Finishing(shapes=(a_shape().with_points(8, MOVED),)).key_frames == (4, 8)


def test_a_shape_that_is_off_does_nothing() -> None:
    assert Finishing(shapes=(a_shape(enabled=False),)).values_on(4).neutral
    assert not Finishing(shapes=(a_shape(),)).values_on(4).neutral


def test_a_curve_goes_through_its_points_and_is_round_between_them() -> None:
    circle = tuple((math.cos(math.tau * i / 8), math.sin(math.tau * i / 8)) for i in range(8))
    curve = sample_spline(circle)
    assert set(circle) <= {(x, y) for x, y in curve}
    radii = [math.hypot(x, y) for x, y in curve]
    assert min(radii) > 0.99
    assert max(radii) < 1.01


@table(
    "values",
    [
        {"keys": ()},
        {"keys": (ShapeKey(0, SQUARE[:2]),)},
        {"keys": (ShapeKey(0, SQUARE), ShapeKey(3, SQUARE[:3]))},
        {"keys": (ShapeKey(3, SQUARE), ShapeKey(0, SQUARE))},
        {"keys": (ShapeKey(0, (*SQUARE[:2], (math.nan, 0.0))),)},
        {"feather": -1.0},
        {"feather": 51.0},
    ],
)
def test_shapes_that_cannot_be_are_refused(values) -> None:
    with pytest.raises(InputError):
        a_shape(**values)


def test_two_shapes_of_one_id_are_refused() -> None:
    with pytest.raises(InputError, match="same id"):
        Finishing(shapes=(a_shape(), a_shape()))
