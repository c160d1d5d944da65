"""Import of a checkpoint file that the user has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from matting_core.files import hash_file
from matting_core.jobs import Progress
from matting_core.models import weights
from matting_core.models.devices import memory_guard
from matting_core.models.files import store
from matting_core.types import DeviceChoice

_STAGE = "Importing"
_STEPS = 3


@dataclass(frozen=True, slots=True)
class ImportResult:
    """Result of an import.

    Attributes:
        title: what the file was.
        ids: of the weights that are there now.
        non_commercial: the licence that forbids commercial use, if it does.
    """

    title: str
    ids: tuple[str, ...]
    non_commercial: str | None


def import_file(path: Path, source: str | None = None) -> Iterator[Progress | ImportResult]:
    """Recognise, check and install a checkpoint; yields `ImportResult` last.

    Everything is checked before anything is installed.

    Args:
        path: a .pt, .pth or .safetensors file.
        source: where it came from, for the note; its name otherwise.

    Raises:
        WeightsError: it is none, is damaged, is another network, or cannot be installed.
        OutOfMemoryError: the memory is full.
    """
    from matting_core.models.files.reading import read_checkpoint
    from matting_core.models.files.recognise import recognise

    with memory_guard(DeviceChoice.CPU, f"while {path.name} is imported"):
        yield Progress(_STAGE, 0, _STEPS)
        checkpoint = read_checkpoint(path)
        yield Progress(_STAGE, 1, _STEPS)
        found = recognise(checkpoint)
        digest = hash_file(path)
        yield Progress(_STAGE, 2, _STEPS)
        store.install(found.parts, source or path.name, digest)
        yield Progress(_STAGE, _STEPS, _STEPS)
    entries = [weights.find(weights_id) for weights_id in found.parts]
    restricted = next((entry.licence for entry in entries if entry.non_commercial), None)
    yield ImportResult(found.title, tuple(found.parts), restricted)
