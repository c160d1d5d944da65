from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from matting_core.evaluation.folders import match_folders, read_alphas
from matting_core.evaluation.runner import evaluate
from matting_core.metrics.names import DEFAULT_METRICS, Metric
from tests.core.evaluation.helpers import disc, write_alpha, write_clip, write_trimap


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    pred = write_clip(tmp_path / "pred", [10, 12, 14])
    return pred, write_clip(tmp_path / "truth", [11, 12, 13])


def test_numbers_are_those_of_the_files(folders) -> None:
    pairs = match_folders(*folders)
    result = evaluate(pairs, [Metric.MAD])
    for pair in pairs:
        pred, truth = read_alphas(pair)
        wanted = 1000 * np.abs(pred.astype(np.float64) - truth).mean()
        assert result.frames[pair.name] == {"mad": pytest.approx(wanted)}
    assert result.frames["alpha_000001"]["mad"] == 0
    assert result.mean["mad"] == pytest.approx(
        np.mean([row["mad"] for row in result.frames.values()])
    )


def test_one_frame_is_enough(tmp_path: Path) -> None:
    pairs = match_folders(write_clip(tmp_path / "pred", [10]), write_clip(tmp_path / "truth", [12]))
    result = evaluate(pairs, DEFAULT_METRICS)
    assert result.mean["dtssd"] is None
    assert result.mean["mad"] > 0
    assert json.loads(json.dumps(result.as_json()))["frames"]["alpha_000000"]["dtssd"] is None


def test_each_folder_is_a_video_of_its_own(tmp_path: Path) -> None:
    """Between the last frame of one and the first of the next nothing is compared."""
    pred = write_clip(tmp_path / "pred" / "a", [10, 10]).parent
    truth = write_clip(tmp_path / "truth" / "a", [10, 10]).parent
    write_clip(pred / "b", [5, 7])
    write_clip(truth / "b", [9, 11])
    result = evaluate(match_folders(pred, truth), [Metric.DTSSD, Metric.MAD])
    assert result.frames["b/alpha_000000"]["dtssd"] is None
    assert result.objects["a"] == {"dtssd": 0, "mad": 0}
    assert result.mean["mad"] == pytest.approx(result.objects["b"]["mad"] / 2)
    assert list(result.frames) == [f"{o}/alpha_{k:06d}" for o in "ab" for k in (0, 1)]


def test_the_band_is_measured_too(tmp_path: Path, folders) -> None:
    for k, x in enumerate((11, 12, 13)):
        write_trimap(tmp_path / "trimaps" / f"alpha_{k:06d}.png", disc(x))
    pairs = match_folders(*folders, tmp_path / "trimaps")
    mean = evaluate(pairs, [*DEFAULT_METRICS, Metric.J, Metric.F]).mean
    assert set(mean) == {
        name + end for name in (*DEFAULT_METRICS, "j", "f") for end in ("", "_band")
    }
    assert mean["mad_band"] > mean["mad"]
    assert mean["sad_band"] <= mean["sad"]


def test_imq_compares_the_objects_of_a_frame(tmp_path: Path) -> None:
    """The predictions have each other's names; IMQ does not mind."""
    for name, pred_x, truth_x in (("cat", 4, 26), ("dog", 26, 4)):
        write_clip(tmp_path / "pred" / name, [pred_x])
        write_clip(tmp_path / "truth" / name, [truth_x])
    write_alpha(tmp_path / "pred" / "fox" / "alpha_000000.png", disc(15) * 0)
    write_alpha(tmp_path / "truth" / "fox" / "alpha_000000.png", disc(15))
    pairs = match_folders(tmp_path / "pred", tmp_path / "truth")
    result = evaluate(pairs, [Metric.IMQ, Metric.IOU])
    assert result.mean["imq_mad"] == pytest.approx(200 / 2.5)
    assert result.frames["cat/alpha_000000"]["imq_mad"] == pytest.approx(200 / 2.5)
    assert result.frames["cat/alpha_000000"]["iou"] < 0.5
    assert "imq_mad" not in result.objects["cat"]


def test_progress_is_told_for_every_file(folders) -> None:
    seen = []
    evaluate(match_folders(*folders), [Metric.MAD], seen.append)
    assert [(each.done, each.total) for each in seen] == [(1, 3), (2, 3), (3, 3)]


def test_evaluation_does_not_import_torch() -> None:
    code = (
        "import sys, matting_core.evaluation.report, matting_core.evaluation.runner\n"
        "print(sorted(name for name in sys.modules if name in ('torch', 'scipy', 'PySide6')))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.strip() == "[]", result.stderr
