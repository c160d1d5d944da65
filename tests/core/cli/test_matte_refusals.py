from __future__ import annotations

import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from matting_core.cli.main import main
from matting_core.models import weights
from tests.core.cli.helpers import (
    ALPHAS,
    BOX,
    FAST,
    matte,
    names,
    nothing_written,
    pixels,
    refused,
    write_prompts,
)
from tests.tables import table


@table(
    ("name", "contents", "part"),
    [
        ("none.mp4", None, "none.mp4"),
        ("none.png", None, "none.png"),
        ("none", None, "none"),
        ("none.%04d.png", None, "none.%04d.png"),
        ("empty.mp4", b"", "empty.mp4"),
        ("text.mp4", b"hello, this is no video\n" * 50, "text.mp4"),
        ("text.png", b"hello", "text.png"),
        ("notes.txt", b"hello", "notes.txt"),
        ("a.wisp", b"{}", "project"),
        ("folder", {}, "folder"),
        ("folder", {"notes.txt": b"hello"}, "folder"),
    ],
)
def test_bad_clips_are_refused(tmp_path, prompts, out, capsys, name, contents, part) -> None:
    clip = tmp_path / "media" / name
    clip.parent.mkdir()
    if isinstance(contents, dict):
        clip.mkdir()
        for inside, data in contents.items():
            (clip / inside).write_bytes(data)
    elif contents is not None:
        clip.write_bytes(contents)
    refused(capsys, matte(clip, prompts, out), part)
    nothing_written(out)


BAD_PROMPTS = {
    "frame outside": ({**BOX, "frame": 12}, "frames 0 to 11"),
    "point outside": ({"frame": 0, "type": "point", "xy": [65, 1], "label": 1}, "outside"),
    "inverted box": ({**BOX, "xyxy": [40, 12, 10, 36]}, "inverted"),
    "NaN": ({**BOX, "xyxy": [float("nan"), 12, 40, 36]}, "nan"),
    "infinity": ({**BOX, "xyxy": [10, 12, float("inf"), 36]}, "inf"),
    "huge": ({**BOX, "xyxy": [10, 12, 10**400, 36]}, "wrong kind"),
    "unknown type": ({**BOX, "type": "lasso"}, "lasso"),
    "missing mask": ({"frame": 0, "type": "mask", "path": "no\nmask.png"}, "mask.png"),
    "small mask": ({"frame": 0, "type": "mask", "path": "small.png"}, "8 x 6"),
    "black mask": ({"frame": 0, "type": "mask", "path": "black.png"}, "all black"),
    "text mask": ({"frame": 0, "type": "mask", "path": "p.json"}, "p.json"),
}


@table("case", BAD_PROMPTS)
def test_bad_prompts_are_refused(clip, tmp_path, out, capsys, case) -> None:
    prompt, part = BAD_PROMPTS[case]
    cv2.imwrite(str(tmp_path / "small.png"), np.full((6, 8), 255, np.uint8))
    cv2.imwrite(str(tmp_path / "black.png"), np.zeros((48, 64), np.uint8))
    refused(capsys, matte(clip, write_prompts(tmp_path / "p.json", prompt), out), part)
    nothing_written(out)


@table(
    ("text", "part"),
    [
        (None, "missing"),
        ("", "JSON"),
        ('{"objects": [', "JSON"),
        ('{"objects": []}', "no objects"),
        ("[]", "no objects"),
        ('{"objects": [{"id": 1, "name": "../x", "prompts": []}]}', "prompts"),
    ],
)
def test_bad_prompt_files_are_refused(clip, tmp_path, out, capsys, text, part) -> None:
    if text is not None:
        (tmp_path / "p.json").write_text(text)
    refused(capsys, matte(clip, tmp_path / "p.json", out), part)
    nothing_written(out)


@table("name", ["../x", "a/b", "", ".", "con", "a\nb"])
def test_names_that_would_leave_the_folder_are_refused(clip, tmp_path, out, capsys, name) -> None:
    prompts = write_prompts(tmp_path / "p.json", **{name: [BOX], "other": [BOX]})
    refused(capsys, matte(clip, prompts, out), "object 1")
    nothing_written(out)


@table(
    ("more", "part"),
    [
        (("--frames", "5:5"), "5:5"),
        (("--frames", "8:3"), "8:3"),
        (("--frames", "0:13"), "0:12"),
        (("--frames", "one:two"), "one:two"),
        (("--frames", "7"), "'7'"),
        (("--tracker", "nope"), "no tracker called 'nope'"),
        (("--head", "nope"), "no head called 'nope'"),
        (("--save", "masks,depth"), "'depth' cannot be saved"),
    ],
)
def test_bad_options_are_refused(clip, prompts, out, capsys, more, part) -> None:
    refused(capsys, matte(clip, prompts, out, *more), part)
    nothing_written(out)


@table(
    ("text", "part"),
    [
        ("the dog", "'fake' does not understand the text on frame 3; choose the tracker sam3, or"),
        (" ", "text on frame 3 is empty"),
    ],
)
def test_texts_that_cannot_be_used_are_refused(clip, out, capsys, text, part) -> None:
    frames = ("--frames", "3:6")
    code = main(["matte", str(clip), "--text", text, "--out", str(out), *FAST, *frames])
    refused(capsys, code, part)
    nothing_written(out)


@table(
    "arguments",
    [
        [],
        ["nope"],
        ["matte"],
        ["matte", "clip.mp4", "--out", "x"],
        ["matte", "clip.mp4", "--prompts", "p.json"],
        ["matte", "c", "--prompts", "p", "--text", "a dog", "--out", "x"],
        ["matte", "c", "--prompts", "p", "--out", "x", "--bit-depth", "12"],
        ["matte", "c", "--prompts", "p", "--out", "x", "--device", "abacus"],
        ["matte", "c", "--prompts", "p", "--out", "x", "--quality", "best"],
    ],
)
def test_wrong_usage_has_its_own_exit_code(arguments, capsys, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: wisp" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_help_and_version_are_there(capsys) -> None:
    for arguments in (["--version"], ["--help"], ["matte", "--help"]):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 0
    assert "--bit-depth" in capsys.readouterr().out


def test_a_device_that_is_absent_is_told(clip, prompts, out, capsys) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a CUDA device here")
    code = matte(clip, prompts, out, "--tracker", "sam2-tiny-flow", "--device", "cuda")
    refused(capsys, code, "no CUDA device")
    nothing_written(out)


def test_a_file_in_the_place_of_the_folder_is_told(clip, prompts, out, capsys) -> None:
    out.write_text("mine")
    refused(capsys, matte(clip, prompts, out), "in the way")
    refused(capsys, matte(clip, prompts, out / "below"), "in the way")
    assert out.read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_told(clip, prompts, out, capsys) -> None:
    out.mkdir(mode=0o500)
    refused(capsys, matte(clip, prompts, out), "may not be written")
    nothing_written(out)


@pytest.fixture
def small_disk(tmp_path: Path):
    """A real file system of 64 KiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("mounting needs root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("left", [0, 1, 3, 6])
def test_a_full_disk_is_told_and_leaves_only_whole_files(
    clip, prompts, small_disk, capsys, left
) -> None:
    page = os.statvfs(small_disk).f_bsize
    (small_disk / "filler").write_bytes(bytes((16 - left) * page - (left == 0)))
    code = matte(clip, prompts, small_disk / "out" if left else small_disk, "--save", "roi")
    refused(capsys, code, "disk is full")
    found = [name for name in names(small_disk) if name != "filler"]
    assert all(re.search(r"(alpha|roi)_\d{6}\.png$", name) for name in found)
    assert all(pixels(small_disk / name) is not None for name in found)
    (small_disk / "filler").unlink()
    assert len(found) <= left


def test_a_full_cache_disk_does_not_matter(
    clip, prompts, small_disk, out, monkeypatch, capsys
) -> None:
    (small_disk / "filler").write_bytes(bytes(64 * 1024))
    monkeypatch.setenv("WISP_CACHE", str(small_disk))
    assert matte(clip, prompts, out) == 0
    assert names(out) == ALPHAS
    assert capsys.readouterr().err == ""


def _with_weights(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    entry = weights.CATALOGUE["sam2-hiera-tiny-image"]
    changed = {entry.id: replace(entry, file=str(path))}
    monkeypatch.setattr(weights, "CATALOGUE", {**weights.CATALOGUE, **changed})
    from matting_core.models.trackers.sam2_tiny_flow import image_model

    # Loaded once per process: an earlier test may have loaded the real ones.
    monkeypatch.setattr(image_model, "load", weights.load.__wrapped__)
    monkeypatch.setattr(image_model, "_build", image_model._build.__wrapped__)


@table(("contents", "part"), [(b"damaged", "damaged"), (None, "missing")])
def test_bad_weights_are_told(
    clip, prompts, out, tmp_path, capsys, monkeypatch, contents, part
) -> None:
    path = tmp_path / "w.safetensors"
    if contents is not None:
        path.write_bytes(contents)
    _with_weights(monkeypatch, path)
    code = matte(clip, prompts, out, "--tracker", "sam2-tiny-flow", "--device", "cpu")
    refused(capsys, code, part)
    nothing_written(out)
