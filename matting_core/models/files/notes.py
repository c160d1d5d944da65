"""Note beside an installed file: its hash, and where it came from."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from matting_core.errors import WeightsError
from matting_core.files import write_bytes_atomically

SUFFIX = ".json"


@dataclass(frozen=True, slots=True)
class InstallNote:
    """Note of an installed file.

    Attributes:
        sha256: hash of the installed file, hex.
        size: its bytes.
        source: address or name of the file that it was made from.
        source_sha256: that file's hash, hex.
        installed: when, ISO 8601 with its time zone.
    """

    sha256: str
    size: int
    source: str
    source_sha256: str
    installed: str


def note_path(weights: Path) -> Path:
    """Path of an installed file's note."""
    return weights.with_name(weights.name + SUFFIX)


def write_note(weights: Path, note: InstallNote) -> None:
    """Write the note of an installed file.

    Raises:
        ExportError: it cannot be written.
    """
    text = json.dumps(asdict(note), indent=2)
    write_bytes_atomically(note_path(weights), f"{text}\n".encode())


def read_note(weights: Path) -> InstallNote:
    """Read the note of an installed file.

    Raises:
        FileNotFoundError: there is none.
        WeightsError: it cannot be read.
    """
    path = note_path(weights)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return InstallNote(**found)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, TypeError) as error:
        raise WeightsError(f"{path} is damaged; download or import the model again.") from error
