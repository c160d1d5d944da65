from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from matting_core.spans import SpanMap, align, contains, intersect, subtract, union
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


maps = st.lists(st.tuples(ranges, st.sampled_from("abc")), max_size=6).map(
    lambda items: _laid([], items)
)


def _laid(below, items) -> SpanMap:
    """Ranges laid over one another, the first on top."""
    laid = SpanMap.of(below)
    for item in items:
        laid = laid.over(SpanMap.of([item]))
    return laid


def _values(spans: SpanMap) -> dict[int, str]:
    return {frame: value for span, value in spans for frame in span}


@given(maps, maps, ranges, st.integers(-4, 4))
def test_span_maps_are_maps_of_frames(one, other, span, by) -> None:
    values, others = _values(one), _values(other)
    assert {frame: one.get(frame) for frame in FRAMES} == {f: values.get(f) for f in FRAMES}
    assert _values(one.over(other)) == {**others, **values}
    assert _values(SpanMap.of(one.within(span))) == {f: v for f, v in values.items() if f in span}
    assert _frames(one.gaps(span)) == set(span) - set(values)
    both = {frame: (values[frame], others[frame]) for frame in values.keys() & others.keys()}
    assert _values(one.joined(other)) == both
    clip = FrameRange(0, 20)
    moved = {f: values[f + by] for f in clip if f + by in values}
    assert _values(one.moved(by, clip)) == (moved if by else values)
    aligned = {f: found for part, found in align([one, other], span) for f in part}
    assert aligned == {f: (values.get(f), others.get(f)) for f in span}
    assert _frames(one.where(lambda value: value == "a")) == {f for f in values if values[f] == "a"}


@given(maps, maps)
def test_touching_spans_of_equal_values_are_one(one, other) -> None:
    for spans in (one.over(other), one.joined(other), one.moved(1, FrameRange(0, 20))):
        pairs = pairwise(spans)
        assert all(a[0].stop < b[0].start or a[1] != b[1] for a, b in pairs)
        assert all(a[0].stop <= b[0].start for a, b in pairwise(spans))
