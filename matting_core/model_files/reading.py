"""Reads checkpoints: torch's files without running what is in them, and safetensors."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from matting_core.errors import WeightsError

_WRAPPERS = ("model", "state_dict")
_ZIP = b"PK"
_PICKLE = b"\x80"
_UNSAFE = "nsupported"
_HEADER = 8
_LONGEST_HEADER = 100_000_000


def read_checkpoint(path: Path) -> dict[str, Tensor]:
    """Return a file's tensors by name; what else it holds is passed over.

    The kind is seen from the contents, not from the name. What lies in an entry `model` or
    `state_dict` is taken out.

    Raises:
        WeightsError: the file is missing, is no checkpoint, is cut short, or holds program code.
    """
    try:
        with path.open("rb") as file:
            start = file.read(_HEADER + 1)
    except OSError as error:
        raise WeightsError(f"{path} cannot be read ({error.strerror}); check the name.") from error
    if _may_be_safetensors(start):
        found = _safetensors(path)
    elif start.startswith((_ZIP, _PICKLE)):
        found = _unwrapped(_torch_file(path))
    else:
        raise _foreign(path)
    tensors = {name: value for name, value in found.items() if isinstance(value, Tensor)}
    if not tensors:
        raise _foreign(path)
    return tensors


def _torch_file(path: Path) -> object:
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except MemoryError:
        raise
    except pickle.UnpicklingError as error:
        if _UNSAFE in str(error):
            raise WeightsError(
                f"{path} holds program code, which Wisp never runs; get the published file."
            ) from error
        raise _foreign(path) from error
    except (RuntimeError, EOFError, OSError) as error:
        raise _cut_short(path) from error
    except Exception as error:  # a damaged pickle may raise anything
        raise _foreign(path) from error


def _may_be_safetensors(start: bytes) -> bool:
    length = int.from_bytes(start[:_HEADER], "little")
    return start[_HEADER:] == b"{" and length < _LONGEST_HEADER


def _safetensors(path: Path) -> Mapping[str, object]:
    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        raise _cut_short(path) from error


def _unwrapped(contents: object) -> Mapping[str, object]:
    if not isinstance(contents, Mapping):
        return {}
    for wrapper in _WRAPPERS:
        inner = contents.get(wrapper)
        if isinstance(inner, Mapping):
            return inner
    return contents


def _foreign(path: Path) -> WeightsError:
    return WeightsError(f"{path} is not a checkpoint; choose a .pt or .safetensors file.")


def _cut_short(path: Path) -> WeightsError:
    return WeightsError(f"{path} is cut short or damaged; get it again.")
