from __future__ import annotations

import json
import signal
from contextlib import redirect_stdout
from pathlib import Path

import cv2
import pytest

from matting_core.cli.main import main
from matting_core.media.stills import read_mask_image
from matting_core.models.trackers.fake import FakeTracker
from matting_core.resources import resource_path
from tests.core.cli.helpers import (
    ALPHAS,
    FAST,
    matte,
    names,
    pixels,
    refused,
    report,
    start,
    times,
    wait_until,
    write_prompts,
)

DEMO = str(resource_path("demo/bigbuckbunny.mp4"))
DEMO_PROMPTS = str(resource_path("demo/prompts.json"))

WAITING = """
import signal, sys, threading
# Tests that were started in the background inherit that it is ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
from matting_core.cli.main import main
from matting_core.models.trackers.fake import FakeTracker
track = FakeTracker.track
def slow(*args):
    for number, step in enumerate(track(*args)):
        if number == 3:
            print("ready", flush=True)
            threading.Event().wait()
        yield step
FakeTracker.track = slow
sys.exit(main(sys.argv[1:]))
"""


def test_ctrl_c_ends_with_a_message_and_keeps_what_is_done(clip, prompts, out, capsys) -> None:
    arguments = ["matte", str(clip), "--prompts", str(prompts), "--out", str(out), *FAST]
    process = start(*arguments, code=WAITING)
    with process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said == "wisp: interrupted; run the same command again to go on.\n"
    assert names(out) == ALPHAS[:3]
    before = times(out)
    assert main([*arguments, "--json"]) == 0
    assert report(capsys)["computed"] == 9
    assert {name: times(out)[name] for name in before} == before


def test_the_command_runs_as_a_program(clip, tmp_path, out) -> None:
    prompts = write_prompts(tmp_path / "p.json")
    arguments = ["matte", str(clip), "--prompts", str(prompts), "--out", str(out), *FAST]
    with start(*arguments, "--json") as process:
        said, complaints = process.communicate(timeout=60)
    assert (process.returncode, complaints) == (0, "")
    assert json.loads(said)["computed"] == 12
    with start(*arguments[:4], "--out", str(prompts)) as process:
        said, complaints = process.communicate(timeout=60)
    assert (process.returncode, said) == (1, "")
    assert complaints.startswith("wisp: ")
    assert complaints.count("\n") == 1


DEMO_FRAMES = range(39, 43)
FEW_FRAMES = range(40, 42)


def _demo(out: Path, frames: range = DEMO_FRAMES) -> list[str]:
    span = f"{frames.start}:{frames.stop}"
    clip = ["matte", DEMO, "--prompts", DEMO_PROMPTS, "--frames", span]
    return [*clip, "--out", str(out), "--device", "cpu", "--json"]


def _run(arguments: list[str]) -> dict:
    with start(*arguments) as process:
        said, complaints = process.communicate(timeout=200)
    assert (process.returncode, complaints) == (0, "")
    return json.loads(said)


@pytest.fixture(scope="module")
def rabbit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The mattes of two frames of the demo clip, in a run of this process."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WISP_CACHE", str(folder / "cache"))
        with (folder / "report.json").open("w") as told, redirect_stdout(told):
            assert main(_demo(folder / "out", FEW_FRAMES)) == 0
    return folder


@pytest.mark.weights
def test_the_demo_clips_rabbit_is_matted(rabbit) -> None:
    told = json.loads((rabbit / "report.json").read_text())
    assert (told["computed"], told["lost"]) == (2, {})
    assert names(rabbit / "out") == [f"alpha_0000{frame}.png" for frame in FEW_FRAMES]
    for path in (rabbit / "out").iterdir():
        alpha = read_mask_image(path)
        assert alpha.shape == (720, 1280)
        assert 0.08 < alpha.mean() < 0.30, path.name
        assert ((alpha > 0.1) & (alpha < 0.9)).mean() > 0.002, path.name


@pytest.mark.weights
def test_the_rabbit_is_inside_its_box_on_the_prompted_frame(rabbit) -> None:
    prompt = json.loads(Path(DEMO_PROMPTS).read_text())["objects"][0]["prompts"][0]
    inside = read_mask_image(rabbit / "out" / f"alpha_{prompt['frame']:06d}.png") > 0.5
    x0, y0, x1, y1 = (int(edge) for edge in prompt["xyxy"])
    room = 30
    assert inside[y0:y1, x0:x1].sum() > 0.95 * inside.sum()
    top, left = max(0, y0 - room), max(0, x0 - room)
    assert inside[top : y1 + room, left : x1 + room].sum() == inside.sum()
    assert inside[y0:y1, x0:x1].mean() > 0.3


@pytest.mark.slow
@pytest.mark.weights
def test_a_killed_run_is_gone_on_with_and_ends_the_same(tmp_path, out, monkeypatch) -> None:
    whole = tmp_path / "whole"
    with monkeypatch.context() as patch:
        patch.setenv("WISP_CACHE", str(tmp_path / "another-cache"))
        told = _run(_demo(whole))
    assert (told["computed"], told["lost"]) == (4, {})
    process = start(*_demo(out))
    with process:
        wait_until(lambda: len(list(out.glob("alpha_*.png"))) >= 2, process)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    left = list(out.glob("alpha_*.png"))
    assert 2 <= len(left) < 4
    assert all(pixels(path) is not None for path in left)
    told = _run(_demo(out))
    assert 0 < told["computed"] <= 2
    assert told["computed"] + told["reused"] == 4
    assert sorted(path.name for path in out.glob("alpha_*.png")) == names(whole)
    for name in names(whole):
        difference = cv2.absdiff(pixels(out / name), pixels(whole / name))
        # Two processes may round differently; a run that forgot its memory differs by far more.
        assert difference.mean() < 65535 * 1e-4, name
        assert (difference > 65535 * 0.02).mean() < 1e-4, name


def test_a_full_memory_is_one_sentence_and_keeps_what_is_done(
    clip, prompts, out, capsys, monkeypatch
) -> None:
    track = FakeTracker.track

    def full(self, object_ids, frames, known):
        for number, step in enumerate(track(self, object_ids, frames, known)):
            if number == 3:
                raise RuntimeError("DefaultCPUAllocator: not enough memory")
            yield step

    with monkeypatch.context() as patch:
        patch.setattr(FakeTracker, "track", full)
        refused(capsys, matte(clip, prompts, out), "out of memory in the tracker; choose quality")
    assert names(out) == ALPHAS[:3]
    assert matte(clip, prompts, out, "--json") == 0
    assert report(capsys)["computed"] == 9
