"""What the models lane does: long work on model files, step by step."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.shell.jobs import Work
from matting_core.errors import WeightsError
from matting_core.jobs import CancelToken, Progress
from matting_core.models import weights
from matting_core.models.catalogue import Weights
from matting_core.models.files import store
from matting_core.models.files.downloading import download
from matting_core.models.files.importing import import_file
from matting_core.models.files.probes import check_probe, start_probe
from matting_core.types import DeviceChoice

_LOOK_AGAIN = 0.1


@dataclass(frozen=True, slots=True)
class Verified:
    """Ids of weights that are whole."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Removed:
    """Ids of weights that are gone."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Probed:
    """Key ("kind:id") of a model that was tried; what was found is kept."""

    key: str


def download_weights(entries: Sequence[Weights]) -> Work:
    """Work that fetches and installs; yields `Progress`, and `Imported` for each file."""

    def work(token: CancelToken) -> Iterator[object]:
        for entry in entries:
            yield from download(entry, token)

    return work


def import_checkpoint(path: Path) -> Work:
    """Work that installs a file; yields `Progress`, then `Imported`."""

    def work(_token: CancelToken) -> Iterator[object]:
        yield from import_file(path)

    return work


def verify_weights(entries: Sequence[Weights]) -> Work:
    """Work that hashes all files; yields `Progress`, then `Verified`, or else fails."""

    def work(_token: CancelToken) -> Iterator[object]:
        damaged = []
        for number, entry in enumerate(entries):
            yield Progress(entry.id, number, len(entries))
            try:
                weights.verify(entry)
            except WeightsError as error:
                damaged.append(str(error))
        if damaged:
            raise WeightsError(" ".join(damaged))
        yield Verified(tuple(entry.id for entry in entries))

    return work


def remove_weights(entries: Sequence[Weights]) -> Work:
    """Work that deletes files; yields `Removed`."""

    def work(_token: CancelToken) -> Iterator[object]:
        for entry in entries:
            store.remove(entry)
        yield Removed(tuple(entry.id for entry in entries))

    return work


def probe_model(key: str, device: DeviceChoice) -> Work:
    """Work that tries a model in a process of its own, which keeps what it finds; yields `Probed`.

    Args:
        key: "kind:id" of a tracker or head.
        device: where it runs.
    """

    def work(_token: CancelToken) -> Iterator[object]:
        yield Progress(key, 0, 0)
        with start_probe(key, device) as process:
            try:
                while _runs(process):
                    yield None
            finally:
                process.kill()
            check_probe(process)
        yield Probed(key)

    return work


def _runs(process: subprocess.Popen[str]) -> bool:
    try:
        process.wait(_LOOK_AGAIN)
    except subprocess.TimeoutExpired:
        return True
    return False
