"""Report of a run: all numbers as JSON, and the tables as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from matting_core import __version__
from matting_core.errors import InputError
from matting_core.evaluation.quality.results import SetScore
from matting_core.evaluation.quality.table import LEGEND, make_tables
from matting_core.files import hash_file

COMMAND = "wisp bench quality"


@dataclass(frozen=True, slots=True)
class Conditions:
    """Conditions of a run.

    Attributes:
        data: the folder.
        tracker: its id.
        quality: of the tracker.
        device: where the models ran.
        weights: SHA-256 of each file of weights that a row took, by its path.
    """

    data: str
    tracker: str
    quality: str
    device: str
    weights: Mapping[str, str]


def as_json(conditions: Conditions, scores: Sequence[SetScore]) -> dict[str, Any]:
    """Numbers of a run by set, row and case."""
    return {
        "version": __version__,
        **asdict(conditions),
        "sets": {score.name: score.as_json() for score in scores},
    }


def as_markdown(conditions: Conditions, scores: Sequence[SetScore]) -> str:
    """Tables of a run, with its conditions."""
    parts = [
        f"# `{COMMAND}`",
        f"Wisp {__version__}, tracker {conditions.tracker} ({conditions.quality}), "
        f"device {conditions.device}, data {conditions.data}.",
        "\n".join(f"- `{path}` {digest}" for path, digest in conditions.weights.items()),
        LEGEND,
        *(table.as_markdown() for score in scores for table in make_tables(score)),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def hash_weights(path: Path) -> str:
    """Hash a file of weights, SHA-256 in hex.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return hash_file(path)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); give another file.") from None
