from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from matting_core.spans import contains, intersect, subtract, union
from matting_core.types import FrameRange

FRAMES = range(24)
ranges = st.tuples(st.integers(0, 20), st.integers(1, 4)).map(lambda t: FrameRange(t[0], sum(t)))
several = st.lists(ranges, max_size=5)


def _frames(spans) -> set[int]:
    return {frame for span in spans for frame in span}


def _apart(spans) -> bool:
    return all(a.stop < b.start for a, b in pairwise(spans))


@given(several, several)
def test_spans_are_sets_of_frames(one, other) -> None:
    for result, expected in (
        (union(one), _frames(one)),
        (subtract(one, other), _frames(one) - _frames(other)),
        (intersect(one, other), _frames(one) & _frames(other)),
    ):
        assert _frames(result) == expected
        assert _apart(result)
    assert {frame for frame in FRAMES if contains(one, frame)} == _frames(one)
