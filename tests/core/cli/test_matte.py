from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from matting_core.cli.main import main
from matting_core.document.prompts import TextPrompt
from matting_core.files import cache_folder
from matting_core.media.stills import read_mask_image
from matting_core.models import registry
from matting_core.models.trackers.fake import SPEC, FakeTracker
from matting_core.types import Segmentation, TrackState
from tests.clips import numbered_picture
from tests.core.cli.helpers import (
    ALPHAS,
    BOX,
    FAST,
    matte,
    names,
    pixels,
    refused,
    report,
    times,
    write_prompts,
)
from tests.images import write_image
from tests.tables import table

KEYS = {"frames", "objects", "computed", "reused", "lost", "doubtful", "seconds", "load_seconds"}
KEYS |= {"seconds_per_frame", "peak_memory_bytes"}


def test_a_clip_gives_one_alpha_a_frame(clip, prompts, out, capsys) -> None:
    assert matte(clip, prompts, out) == 0
    assert names(out) == ALPHAS
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.startswith("12 frames in ")
    assert len(said.out.splitlines()) == 1


def test_a_text_names_the_object_on_the_first_frame(clip, out, monkeypatch) -> None:
    asked = []

    class Finding(FakeTracker):
        def track(self, prompts, frames, known):
            asked.extend(prompts.values())
            return super().track(prompts, frames, known)

    understanding = replace(
        SPEC, accepts=SPEC.accepts | {"text"}, build=lambda *_: Finding(), version="finding"
    )
    monkeypatch.setattr(registry, "tracker_specs", lambda: {"fake": understanding})
    more = ("--text", " the dog ", "--frames", "2:5")
    assert main(["matte", str(clip), "--out", str(out), *FAST, *more]) == 0
    assert names(out) == ALPHAS[2:5]
    assert set(asked) == {(TextPrompt(2, "the dog"),)}


@table(("more", "top"), [((), 65535), (("--bit-depth", "8"), 255)])
def test_alpha_is_opaque_inside_and_clear_outside(clip, prompts, out, more, top) -> None:
    matte(clip, prompts, out, *more)
    for name in ALPHAS:
        stored = pixels(out / name)
        assert stored.dtype == (np.uint8 if top == 255 else np.uint16)
        assert stored.shape == (48, 64)
        assert (stored[15:33, 13:37] == top).all()
        assert (stored[:9] == 0).all()


def test_several_objects_get_a_folder_each(clip, tmp_path, out) -> None:
    prompts = write_prompts(tmp_path / "p.json", dog=[BOX], cat=[{**BOX, "frame": 5}])
    assert matte(clip, prompts, out) == 0
    assert names(out) == [f"{name}/{alpha}" for name in ("cat", "dog") for alpha in ALPHAS]


def test_more_can_be_saved(clip, prompts, out) -> None:
    assert matte(clip, prompts, out, "--save", "masks, roi,trimap", "--frames", "3:4") == 0
    assert names(out) == [f"{p}_000003.png" for p in ("alpha", "mask", "roi", "trimap")]


def test_a_range_keeps_the_clips_indexes_and_prompts_outside_count(clip, tmp_path, out) -> None:
    late = {**BOX, "frame": 11, "xyxy": [1, 1, 20, 20]}
    prompts = write_prompts(tmp_path / "p.json", BOX, late)
    assert matte(clip, prompts, out, "--frames", "4:8") == 0
    assert names(out) == ALPHAS[4:8]
    governed = [bool(read_mask_image(out / name)[5, 5] > 0.5) for name in ALPHAS[4:8]]
    assert governed == [False, False, True, True]


def test_json_says_what_was_done(clip, prompts, out, capsys) -> None:
    assert matte(clip, prompts, out, "--json", "--frames", ":5") == 0
    told = report(capsys)
    assert set(told) == KEYS
    counts = [told[key] for key in ("frames", "objects", "computed", "reused", "lost", "doubtful")]
    assert counts == [5, 1, 5, 0, {}, {}]
    assert set(told["seconds_per_frame"]) == {"track", "decode", "matte", "write"}
    assert told["seconds"] > 0
    assert told["peak_memory_bytes"] > 1 << 20


@pytest.fixture
def unsure(monkeypatch) -> None:
    """Makes "fake" a tracker that doubts frame 2, has lost its object on 3 and 4, and says so."""

    class Unsure(FakeTracker):
        def track(self, prompts, frames, known):
            for step in super().track(prompts, frames, known):
                found = step.segmentation
                if step.frame == 2:
                    found = replace(found, confidence=0.69)
                if step.frame in (3, 4):
                    empty = np.full_like(found.logits, -10)
                    found = Segmentation(empty, 0.0, TrackState.LOST)
                yield replace(step, segmentation=found)

    spec = replace(SPEC, build=lambda *_: Unsure(), version="unsure", doubtful_below=0.7)
    monkeypatch.setattr(registry, "tracker_specs", lambda: {"fake": spec})


def test_lost_and_doubtful_frames_are_named(clip, prompts, out, capsys, unsure) -> None:
    assert matte(clip, prompts, out, "--json") == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert (told["lost"], told["doubtful"]) == ({"dog": [3, 4]}, {"dog": [2]})
    assert "dog was not found on 2 frames (first: 3)" in said.err
    assert "the tracker doubts dog on 1 frames (first: 2); look at them" in said.err


def test_the_closing_line_counts_them(clip, prompts, out, capsys, unsure) -> None:
    assert matte(clip, prompts, out) == 0
    assert "(12 computed, 0 reused, 2 lost, 1 doubtful)" in capsys.readouterr().out


def test_a_tracker_whose_confidence_is_not_calibrated_doubts_nothing(
    clip, prompts, out, capsys, unsure, monkeypatch
) -> None:
    spec = replace(registry.tracker_specs()["fake"], doubtful_below=None)
    monkeypatch.setattr(registry, "tracker_specs", lambda: {"fake": spec})
    assert matte(clip, prompts, out, "--json") == 0
    told = report(capsys)
    assert (told["lost"], told["doubtful"]) == ({"dog": [3, 4]}, {})


def test_a_folder_of_stills(prompts, tmp_path, out) -> None:
    plates = tmp_path / "plates"
    plates.mkdir()
    for number in (7, 8, 9):
        write_image(plates / f"plate_{number}.png", numbered_picture(number, (64, 48)))
    assert matte(plates, prompts, out) == 0
    assert names(out) == ALPHAS[:3]


def test_an_image_pattern(prompts, tmp_path, out) -> None:
    for number in (1001, 1002):
        write_image(tmp_path / f"shot.{number}.tif", numbered_picture(1, (64, 48)))
    assert matte(tmp_path / "shot.%04d.tif", prompts, out) == 0
    assert names(out) == ALPHAS[:2]


def test_a_single_image(prompts, tmp_path, out) -> None:
    picture = write_image(tmp_path / "photo.png", numbered_picture(1, (64, 48)))
    assert matte(picture, prompts, out) == 0
    assert names(out) == ALPHAS[:1]


def test_running_again_does_nothing(clip, prompts, out, capsys) -> None:
    matte(clip, prompts, out)
    before = times(out)
    capsys.readouterr()
    assert matte(clip, prompts, out, "--json") == 0
    told = report(capsys)
    assert (told["computed"], told["reused"]) == (0, 12)
    assert times(out) == before


@pytest.mark.parametrize("cached", [True, False])
def test_deleted_files_and_only_those_are_written_again(clip, prompts, out, capsys, cached) -> None:
    matte(clip, prompts, out)
    before = times(out)
    for name in (ALPHAS[2], ALPHAS[9]):
        (out / name).unlink()
    if not cached:
        cache_folder().rename(cache_folder().with_name("away"))
    capsys.readouterr()
    assert matte(clip, prompts, out, "--json") == 0
    assert report(capsys)["computed"] == (0 if cached else 2)
    after = times(out)
    assert [n for n in ALPHAS if after[n] != before[n]] == [ALPHAS[2], ALPHAS[9]]


def test_changed_prompts_write_the_frames_they_govern(clip, tmp_path, out, capsys) -> None:
    matte(clip, write_prompts(tmp_path / "p.json", BOX), out)
    before = times(out)
    capsys.readouterr()
    more = write_prompts(tmp_path / "p.json", BOX, {**BOX, "frame": 11, "xyxy": [1, 1, 20, 20]})
    assert matte(clip, more, out, "--json") == 0
    assert report(capsys)["computed"] == 6
    after = times(out)
    assert [name for name in ALPHAS if after[name] != before[name]] == ALPHAS[6:]


def test_another_head_writes_everything_again(clip, prompts, out) -> None:
    matte(clip, prompts, out, "--frames", "0:2")
    before = times(out)
    assert matte(clip, prompts, out, "--frames", "0:2", "--head", "closed-form") == 0
    after = times(out)
    assert all(after[name] != before[name] for name in before)


def test_files_of_others_are_kept_until_overwriting_is_allowed(clip, prompts, out, capsys) -> None:
    out.mkdir()
    foreign = out / ALPHAS[5]
    foreign.write_text("mine")
    refused(capsys, matte(clip, prompts, out), "not written by Wisp")
    assert foreign.read_text() == "mine"
    assert matte(clip, prompts, out, "--overwrite") == 0
    assert pixels(foreign).shape == (48, 64)
