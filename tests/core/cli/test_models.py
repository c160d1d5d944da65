from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from matting_core.cli import models
from matting_core.cli.main import main
from matting_core.models import licences, registry, weights
from matting_core.models.catalogue import CATALOGUE
from matting_core.models.files.notes import note_path
from matting_core.models.trackers.fake import SPEC as FAKE
from tests.core.cli.helpers import refused, report
from tests.core.licensed import HEADS, TRACKER, install
from tests.core.models.files.offers import offer, small_file
from tests.core.models.files.server import Site, serving
from tests.core.models.files.small import sam2matting, sam21, small_networks
from tests.tables import table

__all__ = ["small_networks"]
SHIPPED = [key for key, entry in CATALOGUE.items() if entry.shipped]


def _said(capsys) -> list[str]:
    return capsys.readouterr().out.splitlines()


def _file(path: Path, tensors) -> str:
    torch.save({"model": tensors}, path)
    return str(path)


def test_models_are_listed_without_the_hidden_ones(capsys) -> None:
    assert main(["models"]) == 0
    lines = _said(capsys)
    first = [tuple(line.split()[:2]) for line in lines]
    assert ("tracker", "sam2-tiny-flow") in first
    assert ("head", "closed-form") in first
    assert ("head", "mask") in first
    assert ("head", "sam2matting-tiny") in first
    assert not any("fake" in line for line in lines)
    (published,) = [line for line in lines if line.startswith("head     sam2matting-tiny ")]
    assert "not installed" in published
    assert "CC-BY-NC-SA-4.0 (non-commercial)" in published
    assert main(["models", "list"]) == 0
    assert _said(capsys) == lines


def test_the_list_is_json_if_asked(capsys) -> None:
    assert main(["models", "--json"]) == 0
    (line,) = _said(capsys)
    found = {(row["kind"], row["id"]): row for row in json.loads(line)}
    flow = found["tracker", "sam2-tiny-flow"]
    assert flow["state"] == "shipped"
    assert flow["size_bytes"] == 31675160 + 1107632
    assert flow["weights"] == ["sam2-hiera-tiny-image", "wisp-follower"]
    assert flow["probe"] is None
    assert all(row["licence"] and row["origin"] for row in found.values())


def test_whole_weights_are_verified(capsys) -> None:
    assert main(["models", "verify"]) == 0
    assert _said(capsys) == [f"{name}: whole" for name in SHIPPED]
    assert main(["models", "verify", "wisp"]) == 0
    assert _said(capsys) == ["wisp-head: whole", "wisp-judge: whole"]


def test_damaged_weights_are_told(monkeypatch, capsys) -> None:
    damaged = ["sam2-hiera-tiny-image", "wisp-head"]
    entries = {key: replace(CATALOGUE[key], sha256="0" * 64) for key in damaged}
    monkeypatch.setattr(weights, "CATALOGUE", {**CATALOGUE, **entries})
    assert main(["models", "verify"]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines() == [f"{key}: whole" for key in SHIPPED if key not in damaged]
    first, second = said.err.splitlines()
    assert "'sam2-hiera-tiny-image'" in first
    assert "'wisp-head'" in second
    assert "are damaged; get a whole copy of Wisp" in second


def test_a_file_without_its_note_is_mentioned(capsys) -> None:
    install(HEADS)
    note_path(weights.find(HEADS).path).unlink()
    assert main(["models", "verify"]) == 1
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == len(SHIPPED)
    assert f"'{HEADS}' at " in said.err
    assert "have no note beside them to check them by; bring its file and import it" in said.err


@table("action", ["verify", "remove"])
def test_a_model_without_files_says_so(capsys, action) -> None:
    said = f"'mask' is a part of Wisp without files; there is nothing to {action}."
    refused(capsys, main(["models", action, "mask"]), said)


def test_a_tracker_is_removed_with_its_head(capsys) -> None:
    install(HEADS)
    install(TRACKER)
    note_path(weights.find(HEADS).path).unlink()
    assert main(["models", "remove", "sam2matting-tiny"]) == 0
    assert _said(capsys) == [f"{TRACKER}: removed", f"{HEADS}: removed"]
    assert not weights.find(HEADS).path.exists()


@pytest.mark.usefixtures("small_networks")
def test_a_file_is_imported_verified_and_removed(tmp_path: Path, capsys) -> None:
    path = _file(tmp_path / "mine.pt", sam21())
    assert main(["models", "import", path]) == 0
    assert _said(capsys) == ["SAM 2.1 tiny: installed as sam2.1-tiny"]
    assert main(["models", "verify"]) == 0
    assert _said(capsys) == [f"{name}: whole" for name in [*SHIPPED, "sam2.1-tiny"]]
    assert main(["models", "remove", "sam2.1-tiny"]) == 0
    assert _said(capsys) == ["sam2.1-tiny: removed"]
    refused(capsys, main(["models", "remove", "sam2.1-tiny"]), "nothing to remove")
    refused(capsys, main(["models", "verify", "sam2.1-tiny"]), "wisp models download sam2.1-tiny")


@pytest.mark.usefixtures("small_networks")
def test_importing_sam2matting_names_its_licence(tmp_path: Path, capsys) -> None:
    assert main(["models", "import", _file(tmp_path / "mine.pt", sam2matting())]) == 0
    said = capsys.readouterr()
    assert "CC-BY-NC-SA-4.0: not for commercial use" in said.err
    assert "Name its authors" in said.err
    assert "https://creativecommons.org/licenses/by-nc-sa/4.0/" in said.err
    assert "sam2matting-tiny-tracker, sam2matting-tiny-heads" in said.out


def test_what_cannot_be_done_is_one_sentence(tmp_path: Path, capsys) -> None:
    for arguments, part in (
        (["import"], "Say which: `wisp models import FILE`"),
        (["import", str(tmp_path / "no.pt")], "check the name"),
        (["remove", "wisp"], "is a part of Wisp and stays"),
        (["download", "wisp"], "ships with Wisp"),
        (["download", "nope"], "no model called 'nope'"),
        (["download", "sam2matting-tiny-heads"], "not offered for download"),
        (["download", "sam2.1-tiny"], "add --yes if you want that"),
        (["probe", "nope"], "no tracker or head called 'nope'"),
        (["probe", "sam2matting-tiny"], "are not installed"),
        (["list", "wisp"], "leave 'wisp' out"),
    ):
        refused(capsys, main(["models", *arguments]), part)


@pytest.mark.usefixtures("small_networks")
def test_a_model_is_downloaded_once(monkeypatch, capsys) -> None:
    with serving(Site(small_file())) as site:
        offer(monkeypatch, site)
        assert main(["models", "download", "sam2.1-tiny", "--yes"]) == 0
        assert _said(capsys) == ["SAM 2.1 tiny: installed as sam2.1-tiny"]
        assert main(["models", "download", "sam2.1-tiny", "--yes"]) == 0
        assert _said(capsys) == ["sam2.1-tiny: installed already"]
    assert site.asked == [None]


@pytest.mark.usefixtures("small_networks")
@table("damaged", [lambda data: data[:-9], lambda data: data[:-1] + b"?"])
def test_a_damaged_model_is_downloaded_again(monkeypatch, capsys, damaged) -> None:
    with serving(Site(small_file())) as site:
        entry = offer(monkeypatch, site)
        assert main(["models", "download", "sam2.1-tiny", "--yes"]) == 0
        whole = entry.path.read_bytes()
        entry.path.write_bytes(damaged(whole))
        capsys.readouterr()
        refused(
            capsys,
            main(["models", "verify", "sam2.1-tiny"]),
            "download it again under Edit > Models, or with `wisp models download sam2.1-tiny`",
        )
        assert main(["models"]) == 0
        (row,) = [line for line in _said(capsys) if line.startswith("tracker  sam2.1-tiny ")]
        assert "  damaged  " in row
        assert main(["models", "download", "sam2.1-tiny", "--yes"]) == 0
    said = capsys.readouterr()
    assert said.out == "SAM 2.1 tiny: installed as sam2.1-tiny\n"
    assert "sam2.1-tiny: what is there is damaged and is fetched again" in said.err
    assert entry.path.read_bytes() == whole


@pytest.mark.usefixtures("small_networks")
def test_what_was_done_is_one_json_object_if_asked(tmp_path: Path, capsys) -> None:
    ids = [TRACKER, HEADS]
    path = _file(tmp_path / "mine.pt", sam2matting())
    assert main(["models", "import", path, "--json"]) == 0
    licence = "CC-BY-NC-SA-4.0"
    assert report(capsys) == {
        "title": "SAM2Matting tiny",
        "weights": ids,
        "non_commercial_licence": licence,
    }
    assert main(["models", "accept", "sam2matting-tiny", "--json"]) == 0
    assert report(capsys) == {"accepted": [{"id": key, "licence": licence} for key in ids]}
    weights.find(HEADS).path.write_bytes(b"x")
    assert main(["models", "verify", "sam2matting-tiny", "--json"]) == 1
    found = report(capsys)
    assert found["whole"] is False
    assert found["files"][0] == {"id": TRACKER, "whole": True, "message": None}
    assert found["files"][1]["whole"] is False
    assert "damaged; bring its file" in found["files"][1]["message"]
    assert main(["models", "remove", "sam2matting-tiny", "--json"]) == 0
    assert report(capsys) == {"removed": ids}
    assert main(["models", "verify", "wisp-head", "--json"]) == 0
    assert report(capsys)["whole"] is True


@pytest.mark.usefixtures("small_networks")
def test_a_download_is_one_json_object_if_asked(monkeypatch, capsys) -> None:
    with serving(Site(small_file())) as site:
        offer(monkeypatch, site)
        for _ in range(2):
            assert main(["models", "download", "sam2.1-tiny", "--yes", "--json"]) == 0
    first, second = map(json.loads, _said(capsys))
    assert [each["weights"] for each in first["downloaded"]] == [["sam2.1-tiny"]]
    assert first["installed_already"] == []
    assert second == {"downloaded": [], "installed_already": ["sam2.1-tiny"]}


@pytest.mark.usefixtures("small_networks")
def test_a_download_that_stopped_is_listed(monkeypatch, capsys) -> None:
    with serving(Site(small_file(), cut=400_000)) as site:
        offer(monkeypatch, site)
        refused(capsys, main(["models", "download", "sam2.1-tiny", "--yes"]), "start it again")
    assert main(["models"]) == 0
    (row,) = [line for line in _said(capsys) if line.startswith("tracker  sam2.1-tiny ")]
    assert f"  {400_000 * 100 // len(site.data)} % downloaded  " in row
    assert main(["models", "--json"]) == 0
    (found,) = [row for row in report(capsys) if row["id"] == "sam2.1-tiny"]
    assert (found["state"], found["fetched_bytes"]) == ("not installed", 400_000)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("small_networks")
@table(("answer", "installed"), [("y\n", True), ("n\n", False), ("", False)])
def test_a_terminal_is_asked_first(monkeypatch, capsys, answer, installed) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    with serving(Site(small_file())) as site:
        offer(monkeypatch, site)
        assert main(["models", "download", "sam2.1-tiny"]) == 0
    assert f"from {site.address} (Apache-2.0)? [y/N]" in capsys.readouterr().err
    assert weights.is_installed("sam2.1-tiny") == installed
    assert bool(site.asked) == installed


def test_a_probe_is_shown_and_remembered(capsys) -> None:
    assert main(["models", "probe", "mask", "--device", "cpu"]) == 0
    (line,) = _said(capsys)
    assert line.startswith("head mask: 0.")
    assert "s/frame" in line
    assert main(["models", "--json"]) == 0
    (mask,) = [row for row in json.loads(_said(capsys)[0]) if row["id"] == "mask"]
    assert mask["probe"]["device"].startswith("CPU")


def test_a_tracker_and_a_head_of_one_name_are_probed_apart(monkeypatch, capsys) -> None:
    trackers = {"mask": replace(FAKE, id="mask", hidden=False)}
    monkeypatch.setattr(registry, "tracker_specs", lambda: trackers)
    tried = []

    def start(key, _device) -> subprocess.Popen[str]:
        tried.append(key)
        return subprocess.Popen([sys.executable, "-c", ""], stderr=subprocess.PIPE, text=True)

    monkeypatch.setattr(models, "start_probe", start)
    assert main(["models", "probe", "mask"]) == 0
    assert tried == ["tracker:mask", "head:mask"]
    assert len(_said(capsys)) == 2


def test_the_list_may_try_each_usable_model_in_a_process_of_its_own(monkeypatch, capsys) -> None:
    tried = []

    def start(key, _device) -> subprocess.Popen[str]:
        tried.append(key)
        return subprocess.Popen([sys.executable, "-c", ""], stderr=subprocess.PIPE, text=True)

    monkeypatch.setattr(models, "start_probe", start)
    assert main(["models", "--probe"]) == 0
    assert _said(capsys)
    assert {"tracker:sam2-tiny-flow", "head:mask", "head:wisp"} <= set(tried)
    assert "head:sam2matting-tiny" not in tried


def test_a_restricted_licence_is_accepted_by_a_command(capsys) -> None:
    assert main(["models", "accept", "sam2matting-tiny"]) == 0
    said = capsys.readouterr()
    assert "https://creativecommons.org/licenses/by-nc-sa/4.0/" in said.err
    assert said.out.splitlines() == [
        f"{weights_id}: CC-BY-NC-SA-4.0 accepted, not for commercial use"
        for weights_id in ("sam2matting-tiny-tracker", "sam2matting-tiny-heads")
    ]
    assert licences.is_accepted(["sam2matting-tiny-tracker", "sam2matting-tiny-heads"])


@table("model", ["mask", "sam2.1-tiny"])
def test_what_needs_no_acceptance_is_told(capsys, model) -> None:
    refused(capsys, main(["models", "accept", model]), f"'{model}' need not be accepted; use it")
