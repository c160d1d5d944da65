from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from matting_core.cli.main import main
from matting_core.models import registry
from matting_core.models.trackers.fake import SPEC
from tests.core.cli.helpers import FAST
from tests.tables import table

HW = (48, 64)


def _mask(x0: int, x1: int) -> np.ndarray:
    mask = np.zeros(HW, np.uint8)
    mask[10:30, x0:x1] = 255
    return mask


def _write(path: Path, pixels: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), pixels)


@pytest.fixture
def davis(tmp_path: Path) -> Path:
    """One sequence stands still, the other jumps by half its width after the first frame."""
    for name, places in (("still", [20, 20, 20]), ("jump", [20, 30, 30])):
        for number, x in enumerate(places):
            _write(tmp_path / "JPEGImages" / name / f"{number:05d}.jpg", np.zeros((*HW, 3)))
            _write(tmp_path / "Annotations" / name / f"{number:05d}.png", _mask(x, x + 20))
    return tmp_path


def test_tracking_is_measured_without_the_given_frame(davis, capsys) -> None:
    assert main(["bench", "tracking", "--data", str(davis), *FAST, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    scores = {name: row["J"] for name, row in result["rows"].items()}
    assert scores["still"] == pytest.approx(1, abs=0.02)
    assert scores["jump"] == pytest.approx(1 / 3, abs=0.02)
    assert result["mean"]["J"] == pytest.approx(2 / 3, abs=0.02)


def test_mean_and_median_are_over_sequences(davis, capsys) -> None:
    for kind in ("JPEGImages", "Annotations"):
        shutil.copytree(davis / kind / "still", davis / kind / "again")
    assert main(["bench", "tracking", "--data", str(davis), *FAST, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["mean"]["J"] == pytest.approx(7 / 9, abs=0.02)
    assert result["median"]["J"] == pytest.approx(1, abs=0.02)


def test_doubt_is_counted_over_all_frames(davis, capsys) -> None:
    assert main(["bench", "tracking", "--data", str(davis), *FAST, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert {name: row["bad"] for name, row in result["rows"].items()} == {"still": 0, "jump": 2}
    assert result["doubt"] == {
        "bad": 2,
        "doubted": 0,
        "both": 0,
        "recall": 0,
        "precision": 1,  # the fake tracker doubts nothing
    }


@pytest.mark.parametrize(
    ("doubtful_below", "recall", "precision"),
    [
        (0.95, "1.000 (2 of 2 frames", "0.500 (2 of 4 doubted"),
        (0.5, "0.000 (0 of 2 frames", "1.000 (0 of 0 doubted"),
    ],
)
def test_the_doubt_of_all_clips_is_one_line(
    davis, capsys, monkeypatch, doubtful_below, recall, precision
) -> None:
    spec = replace(SPEC, doubtful_below=doubtful_below)  # the fake tracker says 0.9
    monkeypatch.setattr(registry, "tracker_specs", lambda: {"fake": spec})
    assert main(["bench", "tracking", "--data", str(davis), *FAST]) == 0
    *_, last = capsys.readouterr().out.splitlines()
    assert last.split(maxsplit=1) == [
        "doubt",
        f"recall {recall} with J < 0.5 are doubted)  precision {precision} frames have J < 0.5)",
    ]


def test_counts_and_frame_numbers_have_no_mean(davis, capsys) -> None:
    assert main(["bench", "tracking", "--data", str(davis), *FAST, "--correct", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    counts = {"bad", "doubted", "both", "at"}
    measured = {"J", "s/frame", "corrected", "left", "right"}
    assert set(result["rows"]["jump"]) == counts | measured
    assert set(result["mean"]) == set(result["median"]) == measured


def test_a_correction_is_measured_on_both_sides(davis, capsys) -> None:
    assert main(["bench", "tracking", "--data", str(davis), *FAST, "--correct"]) == 0
    jump, still, mean, *_ = (line.split() for line in capsys.readouterr().out.splitlines())
    assert (jump[0], still[0], mean[0]) == ("jump", "still", "mean")
    row = {name: float(value) for name, value in zip(jump[1::2], jump[2::2], strict=True)}
    assert (jump[jump.index("bad") + 1], jump[jump.index("at") + 1]) == ("2", "1")
    assert row["J"] == pytest.approx(1 / 3, abs=0.02)
    assert row["corrected"] > 0.9
    assert row["right"] == pytest.approx(2 / 3, abs=0.02)


def test_photos_are_measured(tmp_path: Path, capsys) -> None:
    _write(tmp_path / "image" / "a.png", np.zeros((*HW, 3)))
    _write(tmp_path / "alpha" / "a.png", _mask(20, 40))
    assert main(["bench", "photos", "--data", str(tmp_path), *FAST]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["a", "mean", "median"]
    assert float(lines[0].split()[2]) < 20


@table("what", ["tracking", "photos"])
def test_a_folder_without_data_is_told(tmp_path: Path, capsys, what) -> None:
    assert main(["bench", what, "--data", str(tmp_path), *FAST]) == 1
    said = capsys.readouterr().err
    assert said.startswith("wisp: ")
    assert "no test data" in said
