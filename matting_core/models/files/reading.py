"""Reading of checkpoints: torch's files without running what is in them, and safetensors."""

from __future__ import annotations

import pickle
import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from matting_core.errors import WeightsError
from matting_core.models.devices import is_out_of_memory

_WRAPPERS = ("model", "state_dict")
_ZIP = b"PK"
_PICKLE = b"\x80"
_UNSAFE = re.compile(r"unsupported (global|class)\b", re.IGNORECASE)
_HEADER = 8
_LONGEST_HEADER = 100_000_000


def read_checkpoint(path: Path) -> dict[str, Tensor]:
    """Return a file's tensors by name; what else it holds, or has no name, is passed over.

    The kind is seen from the contents, not from the name. What lies in an entry `model` or
    `state_dict` is taken out. The numbers stay in the file until they are needed, but for files of
    torch before 1.6.

    Raises:
        WeightsError: the file is missing, is no checkpoint, is cut short, holds program code, or a
            tensor's numbers do not lie there one after the other.
    """
    try:
        with path.open("rb") as file:
            start = file.read(_HEADER + 1)
    except OSError as error:
        raise WeightsError(f"{path} cannot be read ({error.strerror}); check the name.") from error
    if _may_be_safetensors(start):
        found = _safetensors(path)
    elif start.startswith((_ZIP, _PICKLE)):
        found = _unwrap(_torch_file(path, mapped=start.startswith(_ZIP)))
    else:
        raise _make_foreign_error(path)
    tensors = {
        name: value
        for name, value in found.items()
        if isinstance(name, str) and isinstance(value, Tensor)
    }
    if not tensors:
        raise _make_foreign_error(path)
    for name, tensor in tensors.items():
        if not _is_plain(tensor):
            raise WeightsError(
                f"'{name}' of {path} is not a plain tensor (it is sparse, quantised or empty); "
                "save it as a dense one, or get the published file."
            )
    return tensors


def _is_plain(tensor: Tensor) -> bool:
    if tensor.is_nested or tensor.is_meta or tensor.is_quantized:
        return False
    return tensor.layout is torch.strided


def _torch_file(path: Path, *, mapped: bool) -> object:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what it says is for programmers
            return torch.load(path, map_location="cpu", weights_only=True, mmap=mapped)
    except MemoryError:
        raise
    except pickle.UnpicklingError as error:
        if _UNSAFE.search(str(error)):
            raise _make_code_error(path) from error
        raise _make_foreign_error(path) from error
    except (RuntimeError, EOFError, OSError) as error:
        if is_out_of_memory(error):
            raise
        if "TorchScript" in str(error):
            raise _make_code_error(path) from error
        raise _make_cut_short_error(path) from error
    except Exception as error:  # a damaged pickle may raise anything
        raise _make_foreign_error(path) from error


def _may_be_safetensors(start: bytes) -> bool:
    length = int.from_bytes(start[:_HEADER], "little")
    return start[_HEADER:] == b"{" and length < _LONGEST_HEADER


def _safetensors(path: Path) -> Mapping[str, object]:
    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        raise _make_cut_short_error(path) from error


def _unwrap(contents: object) -> Mapping[Any, object]:
    if not isinstance(contents, Mapping):
        return {}
    for wrapper in _WRAPPERS:
        inner = contents.get(wrapper)
        if isinstance(inner, Mapping):
            return inner
    return contents


def _make_code_error(path: Path) -> WeightsError:
    return WeightsError(
        f"{path} holds program code, which Wisp never runs; get the published file."
    )


def _make_foreign_error(path: Path) -> WeightsError:
    return WeightsError(f"{path} is not a checkpoint; choose a .pt or .safetensors file.")


def _make_cut_short_error(path: Path) -> WeightsError:
    return WeightsError(f"{path} is cut short or damaged; get it again.")
