from __future__ import annotations

import json

import pytest

from matting_core.evaluation.quality.results import ScoreCollector, SetScore
from matting_core.evaluation.quality.runner import Runner, StageSeconds, Step
from matting_core.models.trackers.fake import FakeTracker
from matting_core.types import DeviceChoice
from tests.core.evaluation.quality.helpers import even_row, grey, still_set

CLOSED_FORM = even_row("closed-form", 0.4)


def _score(*rows, levels=(1.0, 0.5, 0.7)) -> SetScore:
    case_set = still_set(*(grey(level) for level in levels))
    heads = {row.name: row.build(DeviceChoice.CPU, None) for row in rows}
    tally = ScoreCollector(rows)
    for step in Runner(heads, FakeTracker()).run(case_set):
        tally.add(step)
    return tally.compute(case_set)


def test_means_medians_and_the_worst_are_over_cases() -> None:
    row = _score(CLOSED_FORM).rows["closed-form"]
    assert row.mean["mad"] == pytest.approx((600 + 100 + 300) / 3, rel=1e-6)
    assert row.median["mad"] == pytest.approx(300, rel=1e-6)
    assert row.worst == pytest.approx(600, rel=1e-6)
    assert list(row.cases) == ["a", "b", "c"]


def test_spoiled_cases_are_worse_than_the_closed_form_by_more_than_a_third() -> None:
    # closed form is off by 600, 100 and 300
    score = _score(CLOSED_FORM, even_row("low", 0.21), even_row("lower", 0.29))
    # 790, 290 and 490
    assert score.rows["low"].spoiled == 2
    # 710, 210 and 410
    assert score.rows["lower"].spoiled == 2
    assert score.rows["closed-form"].spoiled == 0
    assert _score(CLOSED_FORM, even_row("little", 0.38)).rows["little"].spoiled == 0


def test_nothing_is_spoiled_without_the_closed_form() -> None:
    assert _score(even_row("low", 0.2)).rows["low"].spoiled is None


def test_a_clip_counts_as_one_case() -> None:
    tally = ScoreCollector([CLOSED_FORM])
    case_set = still_set(grey(1))
    for frame, (mad, dtssd) in enumerate([(10.0, None), (30.0, 4.0), (80.0, 6.0)]):
        values = {"mad": mad, "dtssd": dtssd}
        took = StageSeconds(head=frame, encode=2 * frame, track=4)
        step = Step("a", frame, "closed-form", values, took, *[grey(0)] * 3)
        tally.add(step)
    row = tally.compute(case_set).rows["closed-form"]
    assert row.mean == {"mad": 40, "dtssd": 5}
    assert row.worst == 40
    assert row.seconds == StageSeconds(head=1, encode=2, track=4)
    assert row.as_json()["cases"]["a"]["frames"][0] == {"mad": 10, "dtssd": None}


def test_what_was_never_measured_stays_empty() -> None:
    tally = ScoreCollector([CLOSED_FORM])
    step = Step(
        "a", 0, "closed-form", {"mad": 1.0, "dtssd": None}, StageSeconds(0, 0, 0), *[grey(0)] * 3
    )
    tally.add(step)
    row = tally.compute(still_set(grey(1))).rows["closed-form"]
    assert row.mean["dtssd"] is None
    assert row.median["dtssd"] is None


def test_everything_is_in_the_json() -> None:
    found = json.loads(json.dumps(_score(CLOSED_FORM, even_row("low", 0.2)).as_json()))
    assert found["title"] == "Some"
    assert list(found["rows"]) == ["closed-form", "low"]
    low = found["rows"]["low"]
    assert low.keys() == {"title", "mean", "median", "worst", "spoiled", "seconds", "cases"}
    assert low["seconds"].keys() == {"head", "encode", "track"}
    assert low["cases"]["b"]["mad"] == pytest.approx(300, rel=1e-6)
    assert low["cases"]["b"].keys() == {"mad", "mse", "sad", "grad", "conn", "seconds"}
