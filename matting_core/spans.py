"""Sets of frames as tuples of ranges, ascending and with a gap between any two; maps over them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Generic, TypeVar

from matting_core.types import FrameRange

Spans = tuple[FrameRange, ...]
Value = TypeVar("Value")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class SpanMap(Generic[Value]):
    """Map from frames to values that stay the same over ranges; frames in gaps have none.

    Attributes:
        spans: ascending, none inside another.
        values: one of each span.
    """

    spans: tuple[FrameRange, ...] = ()
    values: tuple[Value, ...] = ()
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", tuple(span.start for span in self.spans))

    @classmethod
    def of(cls, items: Iterable[tuple[FrameRange, Value]]) -> SpanMap[Value]:
        """Map of ascending ranges; touching ranges with equal values become one.

        >>> SpanMap.of([(FrameRange(0, 2), "a"), (FrameRange(2, 5), "a")]).spans
        (FrameRange(start=0, stop=5),)
        """
        spans: list[FrameRange] = []
        values: list[Value] = []
        for span, value in items:
            if spans and spans[-1].stop == span.start and values[-1] == value:
                spans[-1] = FrameRange(spans[-1].start, span.stop)
            else:
                spans.append(span)
                values.append(value)
        return cls(tuple(spans), tuple(values))

    def __iter__(self) -> Iterator[tuple[FrameRange, Value]]:
        return zip(self.spans, self.values, strict=True)

    def get(self, frame: int) -> Value | None:
        """Value of a frame, or None in a gap."""
        at = bisect_right(self._starts, frame) - 1
        return self.values[at] if at >= 0 and frame < self.spans[at].stop else None

    def within(self, span: FrameRange) -> Iterator[tuple[FrameRange, Value]]:
        """Yield what lies in a range, cut to it."""
        at = max(bisect_right(self._starts, span.start) - 1, 0)
        while at < len(self.spans) and self.spans[at].start < span.stop:
            own = self.spans[at]
            start, stop = max(own.start, span.start), min(own.stop, span.stop)
            if start < stop:
                whole = start == own.start and stop == own.stop
                yield (own if whole else FrameRange(start, stop)), self.values[at]
            at += 1

    def gaps(self, span: FrameRange) -> Iterator[FrameRange]:
        """Yield the parts of a range that have no value."""
        at = span.start
        for part, _ in self.within(span):
            if at < part.start:
                yield FrameRange(at, part.start)
            at = part.stop
        if at < span.stop:
            yield FrameRange(at, span.stop)

    def over(self, under: SpanMap[Value]) -> SpanMap[Value]:
        """This map, and in its gaps another one."""
        filled = ((gap, value) for span, value in under for gap in self.gaps(span))
        return SpanMap.of(sorted((*self, *filled), key=lambda item: item[0].start))

    def joined(self, other: SpanMap[Other]) -> SpanMap[tuple[Value, Other]]:
        """Pairs of values where both maps have one."""
        return SpanMap.of(
            (part, (value, found)) for span, value in self for part, found in other.within(span)
        )

    def moved(self, by: int, frames: FrameRange) -> SpanMap[Value]:
        """Map whose value on a frame is that of the frame `by` later, inside some frames."""
        if not by:
            return self
        places = (
            (max(span.start - by, frames.start), min(span.stop - by, frames.stop), value)
            for span, value in self
        )
        return SpanMap.of(
            (FrameRange(start, stop), value) for start, stop, value in places if start < stop
        )

    def where(self, wanted: Callable[[Value], bool]) -> Spans:
        """The frames whose values are wanted."""
        return union(span for span, value in self if wanted(value))


def align(
    maps: Sequence[SpanMap[Value]], span: FrameRange
) -> Iterator[tuple[FrameRange, tuple[Value | None, ...]]]:
    """Cut a range where one of several maps changes, and yield the values on each part."""
    cuts = {span.start, span.stop}
    for each in maps:
        for part, _ in each.within(span):
            cuts |= {part.start, part.stop}
    for start, stop in pairwise(sorted(cuts)):
        yield FrameRange(start, stop), tuple(each.get(start) for each in maps)


def union(spans: Iterable[FrameRange]) -> Spans:
    """Return the union of some ranges.

    >>> union([FrameRange(4, 6), FrameRange(0, 2), FrameRange(2, 3)])
    (FrameRange(start=0, stop=3), FrameRange(start=4, stop=6))
    """
    result: list[FrameRange] = []
    for span in sorted(spans, key=lambda span: span.start):
        if result and span.start <= result[-1].stop:
            last = result.pop()
            span = FrameRange(last.start, max(last.stop, span.stop))
        result.append(span)
    return tuple(result)


def subtract(spans: Iterable[FrameRange], holes: Iterable[FrameRange]) -> Spans:
    """Return what the holes leave of some ranges.

    >>> subtract([FrameRange(0, 9)], [FrameRange(2, 4), FrameRange(8, 12)])
    (FrameRange(start=0, stop=2), FrameRange(start=4, stop=8))
    """
    left = list(union(spans))
    for hole in holes:
        left = [part for span in left for part in _cut(span, hole)]
    return tuple(left)


def intersect(spans: Iterable[FrameRange], others: Iterable[FrameRange]) -> Spans:
    """Return the frames that are in both.

    >>> intersect([FrameRange(0, 5)], [FrameRange(3, 9)])
    (FrameRange(start=3, stop=5),)
    """
    spans = union(spans)
    return subtract(spans, subtract(spans, others))


def contains(spans: Iterable[FrameRange], frame: int) -> bool:
    """Whether a frame is in one of the ranges."""
    return any(frame in span for span in spans)


def _cut(span: FrameRange, hole: FrameRange) -> list[FrameRange]:
    ends = (span.start, min(span.stop, hole.start)), (max(span.start, hole.stop), span.stop)
    return [FrameRange(start, stop) for start, stop in ends if start < stop]
