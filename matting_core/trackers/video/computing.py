"""How video networks compute, and how they are given their weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch

from matting_core.devices import forbid_nested_threads, memory_guard
from matting_core.errors import ModelError


@contextmanager
def computing(device: torch.device, side: int, *, half: bool) -> Iterator[None]:
    """Compute in the right precision, and turn a full memory into the error for it.

    Args:
        device: where the network runs.
        side: pixels of its input.
        half: whether to compute in bfloat16.

    Raises:
        OutOfMemoryError: the device's memory is full.
    """
    forbid_nested_threads()
    precision = torch.autocast(device.type, torch.bfloat16, enabled=half)
    guard = memory_guard(device, f"at input {side}", "quality 'fast'", "a smaller tracker")
    with guard, torch.inference_mode(), precision:
        yield


def put_weights(
    network: torch.nn.Module, weights: Mapping[str, torch.Tensor], weights_id: str
) -> None:
    """Give a network its weights, without copying them.

    Raises:
        ModelError: some are missing, are too many, or have another shape.
    """
    wanted = {name: tensor.shape for name, tensor in network.state_dict().items()}
    given = {name: tensor.shape for name, tensor in weights.items()}
    wrong = sorted(
        name for name in wanted.keys() | given.keys() if wanted.get(name) != given.get(name)
    )
    if wrong:
        raise ModelError(
            f"The weights '{weights_id}' are not for this tracker (first: {wrong[0]}); import the "
            "file that belongs to it."
        )
    network.load_state_dict(weights, assign=True)
    network.requires_grad_(requires_grad=False)
