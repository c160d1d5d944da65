"""Probes of models on this machine: kept between runs, and run in a process of their own."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from matting_core.errors import ModelError
from matting_core.files import cache_folder, make_folder, write_bytes_atomically
from matting_core.types import DeviceChoice

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Probe:
    """Probe of a model: its speed and memory on this machine.

    Attributes:
        version: of the model that was tried.
        device: where it ran, for instance "CPU (2 threads)".
        seconds: per frame.
        memory: bytes that it added at its peak; None where the system does not say.
        when: ISO 8601 with its time zone.
    """

    version: str
    device: str
    seconds: float
    memory: int | None
    when: str


def known_probes() -> dict[str, Probe]:
    """Read the kept probes by "kind:id"; a damaged file counts as none."""
    try:
        stored = json.loads(_path().read_text(encoding="utf-8"))
        return {key: Probe(**value) for key, value in stored.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError):
        _log.info("%s cannot be read; models must be probed again", _path())
        return {}


def keep_probe(key: str, probe: Probe) -> None:
    """Keep a probe.

    Raises:
        ExportError: it cannot be written.
    """
    kept: Mapping[str, Probe] = {**known_probes(), key: probe}
    make_folder(cache_folder())
    text = json.dumps({name: asdict(value) for name, value in kept.items()}, indent=2)
    write_bytes_atomically(_path(), text.encode(), durable=False)


def _path() -> Path:
    return cache_folder() / "probes.json"


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
