"""Probes in a process of their own, so that memory is counted from nothing and can be stopped."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from matting_core.errors import ModelError
from matting_core.types import DeviceChoice

_CODE = str(Path(__file__).resolve().parents[3])


def start_probe(key: str, device: DeviceChoice) -> subprocess.Popen[str]:
    """Start a process that tries a model, keeps what it finds, and ends.

    Args:
        key: "kind:id" of a tracker or head.
        device: where it runs.
    """
    command = (sys.executable, "-m", "matting_core.cli.main", "models", "probe", key)
    return subprocess.Popen(
        [*command, "--device", device.value, "--json"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=_environment(),
    )


def check_probe(process: subprocess.Popen[str]) -> None:
    """Check how a probe's process ended.

    Raises:
        ModelError: it did not measure; the sentence is its own.
    """
    if process.returncode == 0:
        return
    said = process.stderr.read().strip().splitlines() if process.stderr else []
    if said and said[-1].startswith("wisp: "):
        raise ModelError(said[-1].removeprefix("wisp: "))
    raise ModelError("The probe ended early; close other programs and try again.")


def _environment() -> dict[str, str]:
    """This process's, with the code that runs here found first."""
    paths = [_CODE, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
