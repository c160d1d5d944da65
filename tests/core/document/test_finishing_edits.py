from __future__ import annotations

from dataclasses import replace

import pytest

from matting_core.document import edits, finishing_edits
from matting_core.document.finishing import Finishing, Parameter
from matting_core.document.shapes import ShapeRole
from matting_core.document.tracks import Key
from matting_core.errors import InputError
from tests.core.factories import ONE, TWO, a_project

CORNERS = ((1.0, 1.0), (9.0, 1.0), (5.0, 8.0))


@pytest.fixture
def project():
    return a_project(objects=2)


def grow(project, object_id=ONE):
    return project.find(object_id).finishing[Parameter.GROW]


def test_a_parameter_is_set_for_one_object_alone(project) -> None:
    after = finishing_edits.set_parameter(project, ONE, Parameter.GROW, 3, 2.5)
    assert grow(after).at(0) == 2.5
    assert after.find(TWO) == project.find(TWO)


def test_a_value_is_held_to_its_limits(project) -> None:
    for value, held in ((99, 50), (-99, -50)):
        after = finishing_edits.set_parameter(project, ONE, Parameter.GROW, 3, value)
        assert grow(after).at(0) == held


def test_keyframes_are_set_and_taken_away(project) -> None:
    keyed = finishing_edits.toggle_key(project, ONE, Parameter.GROW, 3)
    keyed = finishing_edits.set_parameter(keyed, ONE, Parameter.GROW, 9, 6)
    assert grow(keyed).keys == (Key(3, 0.0), Key(9, 6.0))
    assert grow(finishing_edits.toggle_key(keyed, ONE, Parameter.GROW, 9)).keys == (Key(3, 0.0),)
    auto = finishing_edits.set_parameter(project, ONE, Parameter.GROW, 4, 2, auto_key=True)
    assert grow(auto).keys == (Key(4, 2.0),)


def test_reset_takes_value_and_keyframes_back(project) -> None:
    keyed = finishing_edits.set_parameter(project, ONE, Parameter.GROW, 9, 6, auto_key=True)
    assert finishing_edits.reset_parameter(keyed, ONE, Parameter.GROW) == project


def test_shapes_are_drawn_changed_and_removed(project) -> None:
    drawn = finishing_edits.add_shape(project, ONE, ShapeRole.GARBAGE, 3, CORNERS)
    drawn = finishing_edits.add_shape(drawn, ONE, ShapeRole.HOLDOUT, 3, CORNERS)
    first, second = drawn.find(ONE).finishing.shapes
    assert (first.id, first.role) == (1, ShapeRole.GARBAGE)
    assert (second.id, second.role) == (2, ShapeRole.HOLDOUT)
    changed = finishing_edits.change_shape(drawn, ONE, replace(first, inverted=True))
    assert changed.find(ONE).finishing.shapes == (replace(first, inverted=True), second)
    assert finishing_edits.remove_shape(drawn, ONE, 1).find(ONE).finishing.shapes == (second,)
    with pytest.raises(InputError, match="not there any more"):
        finishing_edits.remove_shape(drawn, ONE, 7)


def test_a_locked_object_refuses_every_edit_of_its_finishing(project) -> None:
    drawn = finishing_edits.add_shape(project, ONE, ShapeRole.GARBAGE, 3, CORNERS)
    locked = edits.set_locked(drawn, ONE, True)
    shape = locked.find(ONE).finishing.shapes[0]
    for edit in (
        lambda p: finishing_edits.set_parameter(p, ONE, Parameter.GROW, 3, 2),
        lambda p: finishing_edits.toggle_key(p, ONE, Parameter.GROW, 3),
        lambda p: finishing_edits.reset_parameter(p, ONE, Parameter.GROW),
        lambda p: finishing_edits.add_shape(p, ONE, ShapeRole.GARBAGE, 3, CORNERS),
        lambda p: finishing_edits.change_shape(p, ONE, replace(shape, inverted=True)),
        lambda p: finishing_edits.remove_shape(p, ONE, 1),
    ):
        with pytest.raises(InputError, match=r"object 1 is locked; unlock it"):
            edit(locked)


def test_a_duplicate_has_the_finishing_too(project) -> None:
    finished = finishing_edits.set_parameter(project, ONE, Parameter.GROW, 3, 2)
    copy = edits.duplicate_object(finished, ONE).objects[1]
    assert copy.finishing == finished.find(ONE).finishing != Finishing()


def a_moving_shape(project, *, curved=False):
    drawn = finishing_edits.add_shape(project, ONE, ShapeRole.GARBAGE, 3, CORNERS)
    shape = replace(drawn.find(ONE).finishing.shapes[0], curved=curved)
    drawn = finishing_edits.change_shape(drawn, ONE, shape)
    later = tuple((x + 10, y) for x, y in CORNERS)
    return finishing_edits.move_shape(drawn, ONE, 1, 7, later)


def shape_of(project):
    return project.find(ONE).finishing.shapes[0]


def test_a_shapes_keyframe_holds_what_it_was_and_its_last_one_stays(project) -> None:
    moving = a_moving_shape(project)
    keyed = finishing_edits.toggle_shape_key(moving, ONE, 1, 5)
    assert shape_of(keyed).frames == (3, 5, 7)
    for frame in range(9):
        assert shape_of(keyed).points_at(frame) == shape_of(moving).points_at(frame)
    assert finishing_edits.toggle_shape_key(keyed, ONE, 1, 5) == moving
    single = finishing_edits.toggle_shape_key(moving, ONE, 1, 7)
    with pytest.raises(InputError, match="keeps one keyframe"):
        finishing_edits.toggle_shape_key(single, ONE, 1, 3)


def test_a_point_more_leaves_a_polygon_as_it_is_on_every_frame(project) -> None:
    moving = a_moving_shape(project)
    after = finishing_edits.add_shape_point(moving, ONE, 1, 2, 0.25)
    assert shape_of(after).points_at(3)[3] == (4.0, 6.25)
    assert shape_of(after).points_at(7)[3] == (14.0, 6.25)
    assert finishing_edits.remove_shape_point(after, ONE, 1, 3) == moving


def test_a_point_more_is_on_the_curve(project) -> None:
    moving = a_moving_shape(project, curved=True)
    after = finishing_edits.add_shape_point(moving, ONE, 1, 1, 0.5)
    assert shape_of(after).points_at(3)[2] in shape_of(moving).outline_at(3)


def test_three_points_stay(project) -> None:
    with pytest.raises(InputError, match="keeps three points"):
        finishing_edits.remove_shape_point(a_moving_shape(project), ONE, 1, 0)
