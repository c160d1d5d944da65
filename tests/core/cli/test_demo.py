from __future__ import annotations

import json

import cv2
import pytest

from matting_core.cli import commands
from matting_core.cli.main import main
from matting_core.document.prompt_file import read_prompts
from matting_core.media.opening import open_source
from matting_core.resources import resource_path
from tests.core.cli.helpers import names
from tests.core.factories import FAKE


@pytest.fixture
def small_demo(clip, prompts, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo with a small clip and the quick models."""
    files = {commands.DEMO_CLIP: clip, commands.DEMO_PROMPTS: prompts}
    monkeypatch.setattr(commands, "resource_path", files.__getitem__)
    monkeypatch.setattr(commands, "Settings", lambda: FAKE)


def test_the_demo_writes_alphas_and_a_contact_sheet(small_demo, out, capsys) -> None:
    assert main(["demo", "--out", str(out)]) == 0
    assert names(out) == [*(f"alpha_{n:06d}.png" for n in range(12)), "contact_sheet.png"]
    said = capsys.readouterr()
    assert str(out) in said.out
    assert "12 frames" in said.err
    sheet = cv2.imread(str(out / "contact_sheet.png"))
    assert sheet.shape == (3 * 360, 4 * 480, 3)


def test_the_contact_sheet_shows_the_object_on_a_colour(small_demo, out) -> None:
    main(["demo", "--out", str(out)])
    cell = cv2.imread(str(out / "contact_sheet.png"))[:360, :480, ::-1]
    assert cell[330, 450].tolist() == [214, 40, 140]
    middle = cell[150:250, 120:260].reshape(-1, 3)
    assert (middle.max(1) - middle.min(1)).max() <= 8


def test_json_prints_one_object_alone(small_demo, out, capsys) -> None:
    assert main(["demo", "--out", str(out), "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["computed"] == 12
    assert said.err == ""


def test_the_bundled_prompts_fit_the_bundled_clip() -> None:
    source = open_source(resource_path(commands.DEMO_CLIP))
    path = str(resource_path(commands.DEMO_CLIP))
    empty = commands._new_project(source, path, FAKE)
    source.close()
    project = read_prompts(resource_path(commands.DEMO_PROMPTS), empty)
    assert [obj.name for obj in project] == ["rabbit"]
