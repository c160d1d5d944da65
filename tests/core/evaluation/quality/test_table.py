from __future__ import annotations

from matting_core.evaluation.quality.results import CaseScore, MethodScore, SetScore
from matting_core.evaluation.quality.runner import StageSeconds
from matting_core.evaluation.quality.table import Conditions, as_json, as_markdown, make_tables


def _row(title: str, spoiled: int | None, *values: dict[str, float | None]) -> MethodScore:
    cases = {str(k): CaseScore(v, StageSeconds(0.5, 0.25, 2), (v,)) for k, v in enumerate(values)}
    return MethodScore(title, cases, spoiled)


SCORE = SetScore(
    "video",
    "Clips",
    {
        "mask": _row("mask", None, {"mad": 1.0, "dtssd": None}, {"mad": 2.0, "dtssd": None}),
        "closed-form": _row("closed form", 1, {"mad": 10, "dtssd": 3}, {"mad": 30, "dtssd": 4}),
    },
)
BAND = SetScore("trimaps", "Photos", {"mask": _row("mask", 0, {"mad": 1.0, "mad_band": 8.0})})


def test_a_table_has_a_line_for_each_row() -> None:
    (table,) = make_tables(SCORE)
    lines = table.as_text().splitlines()
    assert lines[0] == "Clips: 2 cases, tracking 2.00 s a frame"
    assert lines[1].split()[:3] == ["row", "MAD", "×10³"]
    assert lines[2].split()[:7] == ["mask", "1.50", "/", "1.50", "–", "/", "–"]
    assert lines[2].split()[7:] == ["2.00", "–", "0.500", "0.250"]
    assert lines[3].split()[2:5] == ["20.00", "/", "20.00"]
    assert lines[3].split()[-4:] == ["30.00", "1", "0.500", "0.250"]
    assert len({len(line) for line in lines[1:]}) == 1


def test_the_band_has_a_table_of_its_own() -> None:
    whole, band = make_tables(BAND)
    assert "8.00" not in whole.as_text()
    assert whole.heading.startswith("Photos: 1 case, ")
    assert band.columns == ("row", "MAD ×10³")
    assert band.rows == (("mask", "8.00 / 8.00"),)
    assert "inside the unknown band" in band.heading


def test_markdown_says_under_which_conditions() -> None:
    conditions = Conditions("data", "fake", "fast", "cpu", {"w.safetensors": "abc"})
    page = as_markdown(conditions, [SCORE, BAND])
    assert "tracker fake (fast), device cpu, data data." in page
    assert "- `w.safetensors` abc\n" in page
    assert "| mask | 1.50 / 1.50 | – / – | 2.00 | – | 0.500 | 0.250 |" in page
    assert page.count("| --- |") == 3
    found = as_json(conditions, [SCORE, BAND])
    assert found["weights"] == {"w.safetensors": "abc"}
    assert list(found["sets"]) == ["video", "trimaps"]
