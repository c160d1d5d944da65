"""Scores of a run, added up over steps and cases."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matting_core.evaluation.quality.cases import CaseSet
from matting_core.evaluation.quality.methods import REFERENCE, Method
from matting_core.evaluation.quality.runner import StageSeconds, Step
from matting_core.metrics.names import Metric
from matting_core.metrics.names import MetricValues as Values
from matting_core.metrics.video import mean_of

_SPOILED = 4 / 3


@dataclass(frozen=True, slots=True)
class CaseScore:
    """Score of one method on one case.

    Attributes:
        values: means over the frames.
        seconds: means over the frames.
        frames: values by frame.
    """

    values: Values
    seconds: StageSeconds
    frames: tuple[Values, ...]


@dataclass(frozen=True, slots=True)
class MethodScore:
    """Score of one method on a set.

    Attributes:
        title: the row's.
        cases: by name.
        spoiled: on how many cases its MAD is more than a third above the closed form's; None if
            that was not run.
    """

    title: str
    cases: Mapping[str, CaseScore]
    spoiled: int | None

    @property
    def mean(self) -> Values:
        """Each measure's mean over the cases."""
        return mean_of(score.values for score in self.cases.values())

    @property
    def median(self) -> Values:
        """Each measure's median over the cases."""
        return {name: _median(self._values(name)) for name in self.mean}

    @property
    def worst(self) -> float:
        """The largest MAD."""
        return max(mad_of(score) for score in self.cases.values())

    @property
    def seconds(self) -> StageSeconds:
        """Means over the cases."""
        return _mean_seconds([score.seconds for score in self.cases.values()])

    def as_json(self) -> dict[str, Any]:
        """All numbers; null where nothing could be measured."""
        return {
            "title": self.title,
            "mean": dict(self.mean),
            "median": dict(self.median),
            "worst": self.worst,
            "spoiled": self.spoiled,
            "seconds": _seconds_json(self.seconds),
            "cases": {name: _case_json(score) for name, score in self.cases.items()},
        }

    def _values(self, name: str) -> list[float]:
        found = (score.values[name] for score in self.cases.values())
        return [value for value in found if value is not None]


@dataclass(frozen=True, slots=True)
class SetScore:
    """Scores of all methods on a set.

    Attributes:
        name: the set's.
        title: the set's.
        rows: by the rows' names.
    """

    name: str
    title: str
    rows: Mapping[str, MethodScore]

    def as_json(self) -> dict[str, Any]:
        """All numbers; null where nothing could be measured."""
        rows = {name: row.as_json() for name, row in self.rows.items()}
        return {"title": self.title, "rows": rows}


class ScoreCollector:
    """Collector of a set's steps.

    Args:
        rows: what is run.
    """

    def __init__(self, rows: Sequence[Method]) -> None:
        self._rows = tuple(rows)
        self._steps: dict[str, dict[str, list[tuple[Values, StageSeconds]]]] = {
            row.name: {} for row in rows
        }

    def add(self, step: Step) -> None:
        """Take a step's numbers; its pictures are not kept."""
        found = self._steps[step.row].setdefault(step.case, [])
        found.append((step.values, step.seconds))

    def compute(self, case_set: CaseSet) -> SetScore:
        """Add up; at least one case has been added."""
        cases = {
            row: {name: _case_score(steps) for name, steps in of_row.items()}
            for row, of_row in self._steps.items()
        }
        reference = cases.get(REFERENCE)
        rows = {
            row.name: MethodScore(
                row.title, cases[row.name], _count_spoiled(cases[row.name], reference)
            )
            for row in self._rows
        }
        return SetScore(case_set.name, case_set.title, rows)


def mad_of(score: CaseScore) -> float:
    """The case's MAD."""
    return score.values[Metric.MAD] or 0.0


def _case_score(steps: Sequence[tuple[Values, StageSeconds]]) -> CaseScore:
    frames = tuple(values for values, _ in steps)
    return CaseScore(mean_of(frames), _mean_seconds([took for _, took in steps]), frames)


def _count_spoiled(
    cases: Mapping[str, CaseScore], reference: Mapping[str, CaseScore] | None
) -> int | None:
    if reference is None:
        return None
    return sum(mad_of(score) > _SPOILED * mad_of(reference[name]) for name, score in cases.items())


def _mean_seconds(all_took: Sequence[StageSeconds]) -> StageSeconds:
    return StageSeconds(
        head=statistics.fmean(took.head for took in all_took),
        encode=statistics.fmean(took.encode for took in all_took),
        track=statistics.fmean(took.track for took in all_took),
    )


def _median(values: Iterable[float]) -> float | None:
    known = list(values)
    return statistics.median(known) if known else None


def _case_json(score: CaseScore) -> dict[str, Any]:
    found: dict[str, Any] = {**score.values, "seconds": _seconds_json(score.seconds)}
    if len(score.frames) > 1:
        found["frames"] = [dict(values) for values in score.frames]
    return found


def _seconds_json(took: StageSeconds) -> dict[str, float]:
    parts = {"head": took.head, "encode": took.encode, "track": took.track}
    return {name: round(seconds, 4) for name, seconds in parts.items()}
