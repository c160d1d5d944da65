from __future__ import annotations

import io
from pathlib import Path

import pytest

from matting_core.cli.licences import agree_to_licences
from matting_core.cli.main import main
from matting_core.cli.matting import clip_of
from matting_core.document import edits, storage
from matting_core.document.project import Project
from matting_core.errors import LicenceError
from matting_core.media.opening import open_source
from matting_core.models.licences import is_accepted
from tests.core.cli.helpers import FAST, matte, nothing_written, refused
from tests.core.factories import FAKE, ONE, a_box
from tests.core.licensed import HEADS, TRACKER, restrict_head, restrict_tracker

QUESTION = """Mask only is licensed under CC-BY-NC-SA-4.0: not for commercial use.
You may use, share and change it, but not for commercial purposes.
Name its authors, and share what you make of it under the same licence.
https://creativecommons.org/licenses/by-nc-sa/4.0/
Accept it? [y/N] """
REFUSAL = "not for commercial use; run `wisp models accept mask` if you accept that, or choose"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def restricted(monkeypatch) -> None:
    """The mask head may not be used commercially."""
    restrict_head(monkeypatch)


@pytest.fixture
def answering(monkeypatch):
    """A user who types this."""
    return lambda text: monkeypatch.setattr("sys.stdin", Terminal(text))


def test_where_nobody_can_be_asked_it_is_refused(clip, prompts, out, capsys, monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    refused(capsys, matte(clip, prompts, out), REFUSAL)
    nothing_written(out)
    assert not is_accepted([HEADS])


def test_an_accepted_licence_is_asked_for_once(clip, prompts, out, capsys, answering) -> None:
    answering("y\n")
    assert matte(clip, prompts, out) == 0
    assert capsys.readouterr().err == QUESTION
    answering("")
    assert matte(clip, prompts, out, "--overwrite") == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_another_answer_is_a_refusal(clip, prompts, out, capsys, answering, answer) -> None:
    answering(answer)
    assert matte(clip, prompts, out) == 1
    assert REFUSAL in capsys.readouterr().err
    nothing_written(out)


def test_who_declines_gets_no_further_even_without_a_session(answering) -> None:
    answering("n\n")
    with pytest.raises(LicenceError):
        agree_to_licences(FAKE)


def test_tracker_and_head_are_both_asked_for(
    clip, prompts, out, capsys, answering, monkeypatch
) -> None:
    restrict_tracker(monkeypatch)
    answering("y\nn\n")
    assert matte(clip, prompts, out) == 1
    assert capsys.readouterr().err.count("Accept it?") == 2
    assert (is_accepted([TRACKER]), is_accepted([HEADS])) == (True, False)


def test_what_a_project_names_is_used_after_it_was_accepted(
    clip, out, tmp_path: Path, capsys
) -> None:
    source = open_source(clip)
    project = edits.set_clip(Project(settings=FAKE), clip_of(source, str(clip)))
    source.close()
    path = tmp_path / "a.wisp"
    storage.save(edits.add_prompts(edits.add_object(project), ONE, [a_box(0)]), path)
    before = path.read_bytes()
    command = ["export", str(path), "--out", str(out), "--frames", ":1"]
    refused(capsys, main(command), REFUSAL)
    assert path.read_bytes() == before
    nothing_written(out)
    assert main(["models", "accept", HEADS]) == 0
    assert main(command) == 0


def test_measuring_is_use_too(tmp_path: Path, capsys, monkeypatch) -> None:
    import cv2
    import numpy as np

    for folder in ("image", "alpha"):
        (tmp_path / folder).mkdir()
        cv2.imwrite(str(tmp_path / folder / "a.png"), np.full((8, 8), 255, np.uint8))
    refused(capsys, main(["bench", "photos", "--data", str(tmp_path), *FAST]), REFUSAL)
    restrict_tracker(monkeypatch)
    command = ["bench", "quality", "--data", str(tmp_path), "--rows", "mask", "--tracker", "fake"]
    refused(capsys, main(command), "run `wisp models accept fake`")
