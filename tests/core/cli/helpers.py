"""Running `wisp` commands inside the test's process and outside of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from matting_core.cli.main import main

ALPHAS = [f"alpha_{frame:06d}.png" for frame in range(12)]
ROOT = Path(__file__).resolve().parents[3]
FAST = ("--tracker", "fake", "--head", "mask")
BOX = {"frame": 0, "type": "box", "xyxy": [10, 12, 40, 36]}
_PATIENCE = 240.0


def write_prompts(path: Path, *prompts: object, **objects: object) -> Path:
    """A prompt file with one object `dog`, or with the objects given by name."""
    named = objects or {"dog": list(prompts or [BOX])}
    entries = [
        {"id": number, "name": name, "prompts": given}
        for number, (name, given) in enumerate(named.items(), 1)
    ]
    path.write_text(json.dumps({"objects": entries}))
    return path


def matte(clip: Path | str, prompts: Path, out: Path, *more: str) -> int:
    """`wisp matte` with the quick models."""
    return main(["matte", str(clip), "--prompts", str(prompts), "--out", str(out), *FAST, *more])


def start(*arguments: str, code: str | None = None) -> subprocess.Popen[str]:
    """Start `wisp ARGUMENTS` (or Python code with them) as a process of its own."""
    program = ["-m", "matting_core.cli.main"] if code is None else ["-c", code]
    return subprocess.Popen(
        [sys.executable, *program, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def names(folder: Path) -> list[str]:
    """Files below a folder, hidden ones too."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def times(folder: Path) -> dict[str, int]:
    """When each file was written."""
    return {name: (folder / name).stat().st_mtime_ns for name in names(folder)}


def wait_until(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Wait for what another process does; fails when that ends or takes minutes."""
    limit = time.monotonic() + _PATIENCE
    while not condition():
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < limit
        time.sleep(0.002)


def report(capsys) -> dict:
    """What a command with `--json` printed."""
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    return json.loads(lines[0])


def pixels(path: Path) -> np.ndarray:
    """A PNG as it is stored."""
    return cv2.imread(str(path), cv2.IMREAD_UNCHANGED)


def refused(capsys, code: int, part: str) -> None:
    """Exit code 1, nothing on stdout, one line on stderr that says `part`."""
    assert code == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("wisp: ")
    assert said.err.count("\n") == 1
    assert said.err.endswith("\n")
    assert part in said.err


def nothing_written(out: Path) -> None:
    """The folder for results is absent or empty."""
    assert not out.exists() or names(out) == []
