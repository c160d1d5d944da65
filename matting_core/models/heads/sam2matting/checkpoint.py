"""Checkpoint entries of the heads, found and checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import torch
from torch import Tensor

from matting_core.errors import WeightsError

Shapes = Mapping[str, tuple[int, ...]]

_WRAPPERS = ("model", "state_dict")
_COUNTER = ".num_batches_tracked"
_ADVICE = "choose a published SAM2Matting file"


def head_entries(checkpoint: Mapping[str, object], shapes: Shapes) -> dict[str, Tensor]:
    """Return the heads' tensors by their published keys.

    Keys of the tracker are passed over; a prefix that the heads' keys share, as `module.`, is
    taken off, and a checkpoint that lies in an entry `model` or `state_dict` is taken out. The
    counters of BatchNorm may be missing: they count for nothing once training is over.

    Args:
        checkpoint: by key, tensors and whatever else the file holds.
        shapes: what is wanted, by published key.

    Raises:
        WeightsError: a key is missing, has another shape, or is one too many among the heads'; the
            sentence names the first.
    """
    found = _strip_prefix(_unwrap(checkpoint), shapes)
    surplus = next((key for key in found if key not in shapes), None)
    if surplus is not None:
        raise WeightsError(f"The checkpoint has '{surplus}', which no head knows; {_ADVICE}.")
    return {key: _check_entry(found, key, shape) for key, shape in shapes.items()}


def _unwrap(checkpoint: Mapping[str, object]) -> Mapping[str, object]:
    for wrapper in _WRAPPERS:
        inner = checkpoint.get(wrapper)
        if isinstance(inner, Mapping):
            return inner
    return checkpoint


def _strip_prefix(checkpoint: Mapping[str, object], shapes: Shapes) -> dict[str, object]:
    """Strip the prefix that most of the wanted keys have, and keep the heads' entries."""
    groups = {f"{key.split('.', 1)[0]}." for key in shapes}
    prefixes = Counter(_prefixes(checkpoint, shapes, groups))
    prefix = prefixes.most_common(1)[0][0] if prefixes else ""
    return {
        key.removeprefix(prefix): value
        for key, value in checkpoint.items()
        if any(key.startswith(prefix + group) for group in groups)
    }


def _prefixes(keys: Iterable[str], shapes: Shapes, groups: Iterable[str]) -> Iterable[str]:
    for key in keys:
        for group in groups:
            prefix, name, rest = key.partition(group)
            if name + rest in shapes and (not prefix or prefix.endswith(".")):
                yield prefix


def _check_entry(found: Mapping[str, object], key: str, shape: tuple[int, ...]) -> Tensor:
    if key not in found:
        if key.endswith(_COUNTER):
            return torch.zeros(shape, dtype=torch.int64)
        raise WeightsError(f"The checkpoint lacks '{key}'; {_ADVICE}.")
    value = found[key]
    if not isinstance(value, Tensor):
        raise WeightsError(f"'{key}' of the checkpoint is not a tensor; {_ADVICE}.")
    if tuple(value.shape) != shape:
        raise WeightsError(
            f"'{key}' of the checkpoint is {tuple(value.shape)}, not {shape}; {_ADVICE}."
        )
    return value
