"""Probes of models on this machine, kept between runs."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from matting_core.files import cache_folder, make_folder, write_bytes_atomically

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
