"""Weights, loaded after a check against the catalogue or the note beside the file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from matting_core.errors import WeightsError
from matting_core.files import hash_file
from matting_core.models.catalogue import CATALOGUE, Weights
from matting_core.models.devices import clear_on_drop
from matting_core.models.files.contents import forget_contents
from matting_core.models.files.damage import keep_check_result
from matting_core.models.files.notes import note_path, read_note

if TYPE_CHECKING:
    import torch

__all__ = ["CATALOGUE", "Weights", "find", "is_installed", "load", "verify"]

_SCALE = ".scale"


def find(weights_id: str) -> Weights:
    """Return one entry of the catalogue.

    Raises:
        WeightsError: there is none of this id.
    """
    if weights_id not in CATALOGUE:
        raise WeightsError(f"There are no weights called '{weights_id}'; see `wisp models`.")
    return CATALOGUE[weights_id]


def is_installed(weights_id: str) -> bool:
    """Whether the file is there, with its note if the user added it; `verify` reads it.

    Raises:
        WeightsError: there is none of this id.
    """
    entry = find(weights_id)
    return entry.path.is_file() and (entry.shipped or note_path(entry.path).is_file())


def verify(weights: Weights) -> None:
    """Check a weights file against its hash.

    Raises:
        WeightsError: it is missing, its contents differ, or there is no note to tell them by.
    """
    try:
        found = hash_file(weights.path)
    except OSError:
        raise WeightsError(_describe_missing(weights)) from None
    try:
        expected = weights.sha256 or read_note(weights.path).sha256
    except OSError:
        raise WeightsError(
            f"The weights '{weights.id}' at {weights.path} have no note beside them to check them "
            f"by; {_describe_remedy(weights, 'again ')}."
        ) from None
    keep_check_result(weights, whole=found == expected)
    if found != expected:
        raise WeightsError(
            f"The weights '{weights.id}' at {weights.path} are damaged; "
            f"{_describe_remedy(weights, 'again ')}."
        )


@clear_on_drop
@cache
def load(weights_id: str) -> Mapping[str, torch.Tensor]:
    """Return checked weights as float32 tensors; int8 ones are multiplied by their scales.

    Loaded once per process: trackers of different sizes share the memory.

    Raises:
        WeightsError: missing, damaged, or not in the catalogue.
    """
    from safetensors.torch import load_file

    entry = find(weights_id)
    verify(entry)
    forget_contents()  # another process may have installed this file
    stored = load_file(entry.path)
    return {
        name: _dequantise(tensor, stored.get(name + _SCALE))
        for name, tensor in stored.items()
        if not _is_scale(name, stored)
    }


def _describe_missing(weights: Weights) -> str:
    where = f"missing at {weights.path}" if weights.shipped else "not installed"
    return f"The weights '{weights.id}' are {where}; {_describe_remedy(weights)}."


def _describe_remedy(weights: Weights, again: str = "") -> str:
    """Describe how to get the weights."""
    if weights.shipped:
        return "get a whole copy of Wisp"
    mine = weights.download is None
    way = "bring its file and import it" if mine else "download it"
    command = "import FILE" if mine else f"download {weights.id}"
    return f"{way} {again}under Edit > Models, or with `wisp models {command}`"


def _is_scale(name: str, stored: Mapping[str, torch.Tensor]) -> bool:
    """Whether it belongs to another tensor; a network may call a parameter `scale` itself."""
    return name.endswith(_SCALE) and name.removesuffix(_SCALE) in stored


def _dequantise(values: torch.Tensor, scale: torch.Tensor | None) -> torch.Tensor:
    if scale is None:
        return values.float()
    return values.float() * scale.view(-1, *[1] * (values.ndim - 1))
