from __future__ import annotations

import math

import pytest

from matting_core.document.tracks import Key, Track
from matting_core.errors import InputError
from tests.tables import table

TRACK = Track(7.0, (Key(10, 1.0), Key(20, 3.0), Key(24, -1.0)))


def test_without_keyframes_a_track_is_constant() -> None:
    assert [Track(7.0).at(frame) for frame in (0, 10, 1000)] == [7.0, 7.0, 7.0]


def test_between_keyframes_it_goes_straight_and_outside_it_stays() -> None:
    frames = (0, 10, 15, 20, 22, 24, 99)
    assert [TRACK.at(frame) for frame in frames] == [1.0, 1.0, 2.0, 3.0, 1.0, -1.0, -1.0]


def test_an_edit_changes_the_constant_until_there_is_a_keyframe() -> None:
    assert Track(0.0).with_value(5, 2.0) == Track(2.0)
    keyed = Track(0.0).with_value(5, 2.0, auto_key=True)
    assert keyed.keys == (Key(5, 2.0),)
    assert keyed.with_value(9, 4.0).keys == (Key(5, 2.0), Key(9, 4.0))
    assert keyed.with_value(5, 4.0).keys == (Key(5, 4.0),)


def test_a_keyframe_that_is_set_changes_nothing_yet() -> None:
    keyed = TRACK.with_key(13)
    assert keyed.frames == (10, 13, 20, 24)
    assert [keyed.at(f) for f in range(30)] == pytest.approx([TRACK.at(f) for f in range(30)])


def test_the_last_keyframe_leaves_its_value_behind() -> None:
    assert TRACK.without_key(20).keys == (Key(10, 1.0), Key(24, -1.0))
    assert Track(7.0, (Key(4, 2.0),)).without_key(4) == Track(2.0)
    assert TRACK.without_key(11) == TRACK


@table("keys", [((3, 0.0), (3, 1.0)), ((5, 0.0), (3, 1.0)), ((-1, 0.0),)])
def test_keyframes_out_of_order_are_refused(keys) -> None:
    with pytest.raises(InputError, match="order"):
        Track(0.0, tuple(Key(*key) for key in keys))


def test_a_value_that_is_no_number_is_refused() -> None:
    for track in ((math.nan, ()), (0.0, (Key(0, math.inf),))):
        with pytest.raises(InputError, match="not a number"):
            Track(*track)
