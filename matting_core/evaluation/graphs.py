"""Graphs over time as inline SVG; colours come from the page's style sheet."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_WIDTH, _HEIGHT = 420, 150
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 10, 10, 24

LINE_COLOURS = 6
"""Line colours of the style sheet: classes c0 to c5."""

Series = Sequence[float | None]
"""One value for each frame; None leaves a gap."""


@dataclass(frozen=True, slots=True)
class _Scale:
    """Scale of a graph: the values at its lower and upper edge."""

    bottom: float
    top: float

    def y(self, value: float) -> float:
        """Height of a value in the picture."""
        share = (value - self.bottom) / (self.top - self.bottom)
        return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * share


def line_graph(
    lines: Mapping[str, Series], frames: Sequence[str], *, from_zero: bool = True
) -> str:
    """Draw lines over the same frames.

    Args:
        lines: by name; one that is shorter than `frames` ends early.
        frames: names of the frames; the first and the last stand on the axis.
        from_zero: start the axis at 0, else below the smallest value.

    Returns:
        An `<svg>` element; line k has the class `line c<k % 6>`.
    """
    known = [value for line in lines.values() for value in line if value is not None]
    scale = _scale(known, from_zero=from_zero)
    parts = [_axis(scale, frames)]
    for k, (name, line) in enumerate(lines.items()):
        points = [(_x(i, len(frames)), value) for i, value in enumerate(line)]
        parts.append(_line(points, scale, f"c{k % LINE_COLOURS}", name))
    body = "".join(parts)
    return f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">{body}</svg>'


def nice_ceiling(value: float) -> float:
    """Return the next of 1, 2, 2.5, 5, 10 times a power of ten; 1 for 0.

    >>> [nice_ceiling(value) for value in (0.0, 0.3, 1.0, 21.0)]
    [1.0, 0.5, 1.0, 25.0]
    """
    if value <= 0 or not math.isfinite(value):
        return 1.0
    scale = 10.0 ** math.floor(math.log10(value))
    return next(step * scale for step in (1, 2, 2.5, 5, 10) if value <= step * scale * (1 + 1e-9))


def _scale(known: Sequence[float], *, from_zero: bool) -> _Scale:
    top = nice_ceiling(max(known, default=0.0))
    if from_zero or not known:
        return _Scale(0.0, top)
    return _Scale(max(0.0, top - nice_ceiling(top - min(known))), top)


def _axis(scale: _Scale, frames: Sequence[str]) -> str:
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    parts = []
    for share in (0.0, 0.5, 1.0):
        value = scale.bottom + share * (scale.top - scale.bottom)
        y = scale.y(value)
        parts.append(f'<line class="grid" x1="{_LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}"/>')
        place = f'x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end"'
        parts.append(f"<text {place}>{value:.4g}</text>")
    ends = [("start", _LEFT, frames[0])] if frames else []
    if len(frames) > 1:
        ends.append(("end", right, frames[-1]))
    parts += [
        f'<text x="{x}" y="{bottom + 17}" text-anchor="{anchor}">{html.escape(name)}</text>'
        for anchor, x, name in ends
    ]
    return "".join(parts)


def _line(
    points: Sequence[tuple[float, float | None]], scale: _Scale, colour: str, name: str
) -> str:
    """Draw runs of known values; a run of one value is a dot."""
    runs: list[list[str]] = [[]]
    for x, value in points:
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{x:.1f},{scale.y(value):.1f}")
    parts = [f"<title>{html.escape(name)}</title>"]
    for run in filter(None, runs):
        if len(run) == 1:
            left, height = run[0].split(",")
            parts.append(f'<circle cx="{left}" cy="{height}" r="3"/>')
        else:
            parts.append(f'<polyline points="{" ".join(run)}"/>')
    return f'<g class="line {colour}">{"".join(parts)}</g>'


def _x(k: int, count: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (k / (count - 1) if count > 1 else 0.5)
