from __future__ import annotations

import numpy as np
import pytest

from matting_core.errors import InputError
from matting_core.types import FrameRange, Matte, Size
from tests.tables import table


@table(
    ("text", "wanted"),
    [("2:5", (2, 5)), (":5", (0, 5)), ("7:", (7, 10)), (":", (0, 10)), ("0:10", (0, 10))],
)
def test_ranges_are_read(text, wanted) -> None:
    assert FrameRange.parse(text, 10) == FrameRange(*wanted)


@table("text", ["", "5", "a:b", "1:2:3", "1.5:3", "5:5", "6:2", "0:11", "-1:5"])
def test_bad_ranges_are_refused(text) -> None:
    with pytest.raises(InputError):
        FrameRange.parse(text, 10)


def test_a_range_that_leaves_the_clip_says_how_long_it_is() -> None:
    with pytest.raises(InputError, match="0:10"):
        FrameRange.parse("3:11", 10)


@table(("start", "stop"), [(3, 3), (4, 3), (-1, 2)])
def test_an_empty_range_cannot_be_made(start, stop) -> None:
    with pytest.raises(InputError):
        FrameRange(start, stop)


def test_range_is_half_open() -> None:
    span = FrameRange(2, 5)
    assert list(span) == [2, 3, 4]
    assert len(span) == 3
    assert [frame in span for frame in (1, 2, 4, 5)] == [False, True, True, False]


def test_size_gives_the_order_of_arrays() -> None:
    assert Size(640, 480).hw == (480, 640)


def test_a_matte_has_planes_of_one_shape() -> None:
    plane = np.zeros((4, 5), np.float32)
    with pytest.raises(ValueError, match="one shape"):
        Matte(plane, plane, np.zeros((5, 4), np.float32))
