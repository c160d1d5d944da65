from __future__ import annotations

import json
from pathlib import Path

import cv2
import pytest

from matting_core.cli.main import main
from matting_core.evaluation.quality import methods
from tests.core.cli.helpers import names, refused, report
from tests.core.evaluation.quality.helpers import even_row, write_photos, write_videos
from tests.tables import table

ROWS = (methods.METHODS[0], even_row("closed-form", 0.2), even_row("wisp", 0.4))


@pytest.fixture(autouse=True)
def _quick_rows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The mask, and two heads that need no network; no ablations."""
    monkeypatch.setattr(methods, "METHODS", ROWS)
    monkeypatch.setattr("matting_core.cli.quality.resource_path", lambda name: tmp_path / name)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_videos(write_photos(tmp_path / "data", "a", "b"))


def _bench(data: Path, *more: str) -> int:
    return main(
        ["bench", "quality", "--data", str(data), "--tracker", "fake", "--device", "cpu", *more]
    )


def test_all_numbers_are_printed_as_one_json_object(data, capsys) -> None:
    assert _bench(data, "--sets", "boxes,trimaps,video", "--json") == 0
    found = report(capsys)
    assert found["tracker"] == "fake"
    assert found["device"] == "cpu"
    assert found["weights"] == {}
    assert list(found["sets"]) == ["boxes", "trimaps", "video"]
    boxes, trimaps, video = found["sets"].values()
    assert list(boxes["rows"]) == ["mask", "closed-form", "wisp"]
    mask = boxes["rows"]["mask"]
    assert list(mask["cases"]) == ["a", "b"]
    assert mask["mean"].keys() == {"mad", "mse", "sad", "grad", "conn"}
    assert trimaps["rows"]["mask"]["mean"]["mad"] < mask["mean"]["mad"]
    assert "mad_band" in trimaps["rows"]["mask"]["mean"]
    assert video["rows"]["mask"]["mean"]["dtssd"] > 0
    assert len(video["rows"]["mask"]["cases"]["clip"]["frames"]) == 3


def test_tables_are_printed_and_files_written(data, tmp_path, capsys) -> None:
    out = tmp_path / "new" / "out"
    more = ("--sets", "boxes, video", "--rows", "wisp,mask", "--out", str(out))
    assert _bench(data, *more) == 0
    said = capsys.readouterr()
    assert said.err == ""
    lines = said.out.splitlines()
    assert lines[0].startswith("alphamatting, one box: 2 cases")
    assert [line.split("  ")[0] for line in lines[2:4]] == ["mask alone", "all 0.4"]
    assert "dtSSD" in lines[6]
    assert "spoiled" in lines[-1]
    assert names(out) == ["boxes/a.png", "boxes/b.png", "quality.json", "quality.md"]
    assert cv2.imread(str(out / "boxes" / "a.png")) is not None
    assert json.loads((out / "quality.json").read_text())["sets"].keys() == {"boxes", "video"}
    assert "| all 0.4 |" in (out / "quality.md").read_text()


def test_ablations_are_rows_of_their_own(data, tmp_path, capsys, monkeypatch) -> None:
    folder = tmp_path / "ablations"
    folder.mkdir()
    (folder / "no-smoothness.safetensors").write_bytes(b"weights")
    monkeypatch.setattr(methods, "_make_ablation_method", lambda path: even_row(path.stem, 0.3))
    assert _bench(data, "--sets", "boxes", "--json") == 0
    assert list(report(capsys)["sets"]["boxes"]["rows"])[-1] == "no-smoothness"


def test_weights_are_told_by_their_hash(data, tmp_path, capsys, monkeypatch) -> None:
    import dataclasses
    import hashlib

    from matting_core.models.heads.wisp import MASK_ERROR_WEIGHTS
    from matting_core.models.weights import CATALOGUE

    path = tmp_path / "w.safetensors"
    path.write_bytes(b"weights")
    row = dataclasses.replace(ROWS[2], needs_weights=True)
    monkeypatch.setattr(methods, "METHODS", (row,))
    assert _bench(data, "--sets", "boxes", "--json", "--weights", str(path)) == 0
    judge = CATALOGUE[MASK_ERROR_WEIGHTS]
    assert report(capsys)["weights"] == {
        str(path): hashlib.sha256(b"weights").hexdigest(),
        str(judge.path): judge.sha256,
    }
    path.unlink()
    code = _bench(data, "--sets", "boxes", "--weights", str(path))
    refused(capsys, code, f"{path} cannot be read (No such file")


@table(
    ("more", "part"),
    [
        (("--sets", "boxes,davis"), "no set called 'davis'; choose from boxes, wide-boxes, tri"),
        (("--sets", ","), "No set is named"),
        (("--rows", "mask,magic"), "no row called 'magic'; choose from mask, closed-form, wisp"),
        (("--sets", "rendered"), "train/pairs, which is missing"),
        (("--tracker", "none"), "no tracker called 'none'"),
        (("--ablations", "nowhere"), "nowhere holds no weights"),
        (("--out", __file__), "in the way"),
    ],
)
def test_wrong_arguments_are_refused_before_anything_runs(data, capsys, more, part) -> None:
    refused(capsys, _bench(data, "--sets", "boxes", *more), part)


def test_a_folder_without_the_set_is_named(tmp_path, capsys) -> None:
    code = _bench(tmp_path, "--sets", "boxes")
    refused(capsys, code, f"needs the folder {tmp_path}/eval/alphamatting/image, which is missing")
