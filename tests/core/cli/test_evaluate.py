from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from matting_core.cli.main import main
from tests.core.cli.helpers import matte, names, refused, report, start
from tests.core.evaluation.helpers import disc, write_alpha, write_clip, write_trimap

DEFAULT = ["mad", "mse", "sad", "grad", "conn", "dtssd"]


@pytest.fixture
def pred(tmp_path: Path) -> Path:
    return write_clip(tmp_path / "pred", [10, 12, 15])


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    return write_clip(tmp_path / "truth", [11, 12, 13])


def _eval(pred: Path, truth: Path, *more: object) -> int:
    return main(["eval", "--pred", str(pred), "--gt", str(truth), *map(str, more)])


def test_json_holds_means_and_frames(pred, truth, capsys) -> None:
    assert _eval(pred, truth, "--json") == 0
    result = report(capsys)
    assert list(result) == ["mean", "frames"]
    assert list(result["mean"]) == DEFAULT
    assert list(result["frames"]) == [f"alpha_{k:06d}" for k in range(3)]
    assert all(list(row) == DEFAULT for row in result["frames"].values())
    first, second, third = result["frames"].values()
    assert first["dtssd"] is None
    assert second["mad"] == 0 < first["mad"] < third["mad"]
    assert result["mean"]["mad"] == pytest.approx(np.mean([first["mad"], 0, third["mad"]]))


def test_the_same_folder_twice_is_perfect(pred, capsys) -> None:
    assert _eval(pred, pred, "--json", "--metrics", "mad,dtssd,conn,iou,f,imq") == 0
    assert report(capsys)["mean"] == {
        "mad": 0,
        "dtssd": 0,
        "conn": 0,
        "iou": 1,
        "f": 1,
        **dict.fromkeys(("imq_mad", "imq_mse", "imq_grad", "imq_conn"), 100),
    }


def test_means_are_printed(pred, truth, capsys) -> None:
    assert _eval(pred, truth, "--metrics", "mad,iou") == 0
    line = capsys.readouterr().out.split()
    assert line[:4] == ["mean", "of", "3", "mad"]
    assert line[5] == "iou"


def test_one_frame_is_enough(tmp_path: Path, capsys) -> None:
    pred = write_clip(tmp_path / "one", [10])
    assert _eval(pred, pred, "--report", tmp_path / "r.html") == 0
    assert capsys.readouterr().out.split()[-4:-2] == ["dtssd", "-"]
    assert _eval(pred, pred, "--json") == 0
    assert report(capsys)["mean"]["dtssd"] is None


def test_the_band_has_names_of_its_own(tmp_path: Path, pred, truth, capsys) -> None:
    for k, x in enumerate((11, 12, 13)):
        write_trimap(tmp_path / "trimaps" / f"trimap_{k:06d}.png", disc(x))
    assert _eval(pred, truth, "--json", "--metrics", "mad", "--trimap", tmp_path / "trimaps") == 0
    mean = report(capsys)["mean"]
    assert list(mean) == ["mad", "mad_band"]
    assert mean["mad_band"] > mean["mad"]


def test_objects_get_a_row_each(tmp_path: Path, capsys) -> None:
    for name in ("cat", "dog"):
        write_clip(tmp_path / "pred" / name, [10, 12])
    assert _eval(tmp_path / "pred", tmp_path / "pred", "--metrics", "sad") == 0
    rows = capsys.readouterr().out.splitlines()
    assert [row.split()[0] for row in rows] == ["cat", "dog", "mean"]


def test_the_report_is_written_with_its_folder(tmp_path: Path, pred, truth, clip, capsys) -> None:
    page = tmp_path / "deep" / "report.html"
    assert _eval(pred, truth, "--report", page, "--input", clip) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"report: {page}"
    text = page.read_text(encoding="utf-8")
    for k in range(3):
        for kind in ("input", "alpha", "truth", "error"):
            assert f'alt="{kind} of alpha_{k:06d}"' in text
    assert text.count("<svg") == len(DEFAULT)
    assert names(page.parent) == ["report.html"]


def test_what_wisp_matte_wrote_is_compared(tmp_path: Path, clip, prompts, capsys) -> None:
    assert matte(clip, prompts, tmp_path / "a", "--save", "masks,trimap") == 0
    assert matte(clip, prompts, tmp_path / "b", "--bit-depth", "8") == 0
    capsys.readouterr()
    assert _eval(tmp_path / "a", tmp_path / "b", "--json", "--trimap", tmp_path / "a") == 0
    result = report(capsys)
    assert len(result["frames"]) == 12
    assert result["mean"]["mad"] < 1000 / 255


def test_mismatches_are_named(pred, truth, capsys) -> None:
    (pred / "alpha_000001.png").unlink()
    refused(capsys, _eval(pred, truth), f"{pred} lacks alpha_000001")


def test_sizes_must_agree(pred, truth, capsys) -> None:
    write_alpha(pred / "alpha_000002.png", disc(5, (10, 20)))
    refused(capsys, _eval(pred, truth), "alpha_000002.png is 20 x 10")


def test_unknown_measures_are_named(pred, truth, capsys) -> None:
    refused(capsys, _eval(pred, truth, "--metrics", "mad,psnr"), "'psnr' is no measure")


def test_a_damaged_file_is_named(pred, truth, capsys) -> None:
    file = pred / "alpha_000001.png"
    file.write_bytes(file.read_bytes()[:-30])
    refused(capsys, _eval(pred, truth), "alpha_000001.png is cut short")


def test_input_needs_a_report(pred, truth, clip, capsys) -> None:
    refused(capsys, _eval(pred, truth, "--input", clip), "--report FILE.html")


def test_a_folder_is_no_report(tmp_path: Path, pred, truth, capsys) -> None:
    refused(capsys, _eval(pred, truth, "--report", tmp_path), "is a folder")


def test_an_input_without_the_frame_leaves_no_report(tmp_path: Path, clip, capsys) -> None:
    folder = tmp_path / "late"
    write_alpha(folder / "alpha_000099.png", disc(10))
    page = tmp_path / "r.html"
    refused(
        capsys,
        _eval(folder, folder, "--report", page, "--input", clip),
        "no frame for alpha_000099",
    )
    assert not page.exists()


def test_it_runs_as_a_program(pred, truth) -> None:
    process = start("eval", "--pred", str(pred), "--gt", str(truth), "--json")
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "")
    assert out.startswith('{"mean": {"mad": ')
