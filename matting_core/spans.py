"""Sets of frames as tuples of ranges: ascending, and with a gap between any two."""

from __future__ import annotations

from collections.abc import Iterable

from matting_core.types import FrameRange

Spans = tuple[FrameRange, ...]


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
