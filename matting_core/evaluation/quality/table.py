"""Tables of a set's scores, in plain text and in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matting_core.evaluation.quality.results import MethodScore, SetScore
from matting_core.metrics.names import BAND_SUFFIX, title_of

_NONE = "–"
_GAP = "  "

LEGEND = (
    "Mean / median over the cases; smaller is better. worst: the largest MAD. spoiled: on how many "
    "cases MAD is more than a third above the closed form's. s/frame: the head alone; encode: the "
    "features that it asks for."
)
"""Legend of the columns."""


@dataclass(frozen=True, slots=True)
class Table:
    """Table of texts under a heading.

    Attributes:
        heading: the line above.
        columns: their names; the first column is the rows' names.
        rows: as many texts each.
    """

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def as_text(self) -> str:
        """Table as text, aligned with spaces."""
        lines = [self.columns, *self.rows]
        widths = [max(len(line[k]) for line in lines) for k in range(len(self.columns))]
        return "\n".join([self.heading, *(_align(line, widths) for line in lines)])

    def as_markdown(self) -> str:
        """Table as GitHub's Markdown."""
        rule = ("---", *("--:" for _ in self.columns[1:]))
        lines = [_join_cells(line) for line in (self.columns, rule, *self.rows)]
        return "\n".join([f"**{self.heading}**", "", *lines])


def make_tables(score: SetScore) -> tuple[Table, ...]:
    """Make the set's table, and one of the values inside the band if there are any."""
    first = next(iter(score.rows.values()))
    whole = [name for name in first.mean if not name.endswith(BAND_SUFFIX)]
    band = [name for name in first.mean if name.endswith(BAND_SUFFIX)]
    cases = "1 case" if len(first.cases) == 1 else f"{len(first.cases)} cases"
    heading = f"{score.title}: {cases}, tracking {first.seconds.track:.2f} s a frame"
    tables = [
        Table(
            heading,
            ("row", *map(title_of, whole), "worst", "spoiled", "s/frame", "encode"),
            tuple((row.title, *_cells(row, whole), *_ending(row)) for row in score.rows.values()),
        )
    ]
    if band:
        columns = ("row", *(title_of(name.removesuffix(BAND_SUFFIX)) for name in band))
        rows = tuple((row.title, *_cells(row, band)) for row in score.rows.values())
        tables.append(Table(f"{score.title}: inside the unknown band", columns, rows))
    return tuple(tables)


def _cells(row: MethodScore, names: Sequence[str]) -> tuple[str, ...]:
    mean, median = row.mean, row.median
    return tuple(f"{_number(mean[name])} / {_number(median[name])}" for name in names)


def _ending(row: MethodScore) -> tuple[str, ...]:
    spoiled = _NONE if row.spoiled is None else str(row.spoiled)
    took = row.seconds
    return _number(row.worst), spoiled, f"{took.head:.3f}", f"{took.encode:.3f}"


def _number(value: float | None) -> str:
    return _NONE if value is None else f"{value:.2f}"


def _align(line: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (
        text.rjust(width) if k else text.ljust(width)
        for k, (text, width) in enumerate(zip(line, widths, strict=True))
    )
    return _GAP.join([first, *rest])


def _join_cells(line: Sequence[str]) -> str:
    return f"| {' | '.join(line)} |"
