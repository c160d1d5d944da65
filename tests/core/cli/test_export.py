from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import pytest

from matting_core.cli.main import main
from matting_core.cli.matting import clip_of
from matting_core.document import edits, finishing_edits, storage
from matting_core.document.finishing import Parameter
from matting_core.document.project import Project
from matting_core.media.opening import open_source
from matting_core.types import FrameRange
from tests.clips import write_numbered_clip
from tests.core.cli.helpers import names, refused, times
from tests.core.factories import FAKE, ONE, TWO, a_box


@pytest.fixture
def project(clip) -> Project:
    source = open_source(clip)
    made = edits.set_clip(Project(settings=FAKE), clip_of(source, str(clip)))
    source.close()
    return edits.add_prompts(edits.add_object(made, "dog"), ONE, [a_box(0)])


@pytest.fixture
def export(tmp_path: Path, out: Path):
    """Saves a project and exports it."""

    def run(project: Project, *more: str) -> int:
        storage.save(project, tmp_path / "a.wisp")
        return main(["export", str(tmp_path / "a.wisp"), "--out", str(out), *more])

    return run


def test_a_project_is_matted_with_its_own_settings(project, export, out, capsys) -> None:
    assert export(project, "--json") == 0
    assert json.loads(capsys.readouterr().out)["computed"] == 12
    assert names(out) == [f"alpha_{frame:06d}.png" for frame in range(12)]


def test_the_work_range_counts_unless_another_is_given(project, export, out) -> None:
    project = edits.set_work_range(project, FrameRange(3, 5))
    assert export(project) == 0
    assert names(out) == ["alpha_000003.png", "alpha_000004.png"]
    assert export(project, "--frames", "7:8") == 0
    assert "alpha_000007.png" in names(out)


def test_hidden_objects_are_left_out(project, export, out) -> None:
    project = edits.add_prompts(edits.add_object(project, "cat"), TWO, [a_box(0)])
    assert export(edits.set_visible(project, TWO, False), "--frames", ":1") == 0
    assert names(out) == ["alpha_000000.png"]


def test_exporting_again_does_nothing(project, export, out, capsys) -> None:
    export(project)
    before = times(out)
    capsys.readouterr()
    assert export(project, "--json") == 0
    assert json.loads(capsys.readouterr().out)["computed"] == 0
    assert times(out) == before


def test_options_win_over_the_projects_settings(project, export, capsys) -> None:
    refused(capsys, export(project, "--tracker", "nope"), "no tracker called 'nope'")
    assert export(project, "--head", "closed-form", "--frames", ":1") == 0


def test_another_clip_in_the_old_place_isrefused(project, export, tmp_path, out, capsys) -> None:
    other = write_numbered_clip(tmp_path / "other.mp4", 12, (64, 48))
    project = replace(project, clip=replace(project.clip, path=str(other)))
    refused(capsys, export(project), "is not the clip")
    assert not out.exists()


def test_what_cannot_be_exported_is_told(project, export, tmp_path, out, capsys) -> None:
    gone = replace(project, clip=replace(project.clip, path=str(tmp_path / "gone.mkv")))
    refused(capsys, export(gone), "gone.mkv")
    refused(capsys, export(Project()), "no clip")
    refused(capsys, export(edits.set_visible(project, ONE, False)), "no visible object")
    (tmp_path / "b.wisp").write_text("{")
    refused(capsys, main(["export", str(tmp_path / "b.wisp"), "--out", str(out)]), "damaged")
    refused(capsys, main(["export", str(tmp_path / "c.wisp"), "--out", str(out)]), "not there")
    assert not out.exists()


def test_objects_without_prompts_are_left_out(project, export, out) -> None:
    project = edits.add_object(project, "cat")
    assert export(project, "--frames", ":2") == 0
    assert names(out) == [f"dog/alpha_00000{frame}.png" for frame in (0, 1)]


def test_mattes_are_finished_and_a_change_of_finishing_computes_nothing(
    project, export, out, capsys
) -> None:
    export(project, "--frames", ":2")
    plain = _sum(out / "alpha_000001.png")
    grown = finishing_edits.set_parameter(project, ONE, Parameter.GROW, 0, 5.0)
    capsys.readouterr()
    assert export(grown, "--frames", ":2", "--json") == 0
    assert json.loads(capsys.readouterr().out)["computed"] == 0
    assert _sum(out / "alpha_000001.png") > plain


def test_what_is_computed_now_is_finished_too(project, export, out) -> None:
    shrunk = finishing_edits.set_parameter(project, ONE, Parameter.BLACK, 0, 1.0)
    assert export(shrunk, "--frames", ":2") == 0
    assert _sum(out / "alpha_000001.png") == 0


def test_objects_that_share_are_written_when_all_of_a_frame_are_there(
    project, export, out, capsys
) -> None:
    project = edits.add_prompts(edits.add_object(project, "cat"), TWO, [a_box(0)])
    assert export(edits.set_share_alpha(project, True), "--frames", ":3", "--json") == 0
    assert json.loads(capsys.readouterr().out)["computed"] == 6
    for frame in range(3):
        dog, cat = (cv2.imread(str(out / f"{n}/alpha_{frame:06d}.png"), -1) for n in ("dog", "cat"))
        assert (dog.astype(int) + cat).max() <= 65535


def _sum(path: Path) -> int:
    return int(cv2.imread(str(path), cv2.IMREAD_UNCHANGED).sum())
