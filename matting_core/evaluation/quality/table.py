"""Tables and reports of a run: plain text, Markdown and JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from matting_core import __version__
from matting_core.errors import InputError
from matting_core.evaluation.quality.results import MethodScore, SetScore
from matting_core.files import hash_file
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


COMMAND = "wisp bench quality"


@dataclass(frozen=True, slots=True)
class Conditions:
    """Conditions of a run.

    Attributes:
        data: the folder.
        tracker: its id.
        quality: of the tracker.
        device: where the models ran.
        weights: SHA-256 of each file of weights that a row took, by its path.
    """

    data: str
    tracker: str
    quality: str
    device: str
    weights: Mapping[str, str]


def as_json(conditions: Conditions, scores: Sequence[SetScore]) -> dict[str, Any]:
    """Numbers of a run by set, row and case."""
    return {
        "version": __version__,
        **asdict(conditions),
        "sets": {score.name: score.as_json() for score in scores},
    }


def as_markdown(conditions: Conditions, scores: Sequence[SetScore]) -> str:
    """Tables of a run, with its conditions."""
    parts = [
        f"# `{COMMAND}`",
        f"Wisp {__version__}, tracker {conditions.tracker} ({conditions.quality}), "
        f"device {conditions.device}, data {conditions.data}.",
        "\n".join(f"- `{path}` {digest}" for path, digest in conditions.weights.items()),
        LEGEND,
        *(table.as_markdown() for score in scores for table in make_tables(score)),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def hash_weights(path: Path) -> str:
    """Hash a file of weights, SHA-256 in hex.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return hash_file(path)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); give another file.") from None
