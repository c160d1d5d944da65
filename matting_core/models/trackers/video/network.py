"""Video networks: their precision and guard, and the assignment of weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch

from matting_core.errors import ModelError
from matting_core.models.devices import forbid_nested_threads, has_bfloat16, memory_guard


class VideoNetwork:
    """Network at one input side, run in the right precision under a memory guard.

    Args:
        side: S, pixels of its input.
        device: where it runs.
        decoder: its mask decoder, whose second output are predicted IoUs.
        half: whether to compute in bfloat16; None where the device is made for it.
    """

    def __init__(
        self, side: int, device: torch.device, decoder: torch.nn.Module, *, half: bool | None
    ) -> None:
        self.side = side
        self.device = device
        self._half = has_bfloat16(device) if half is None else half
        self._predicted_iou = 0.0
        decoder.register_forward_hook(self._note)

    @property
    def predicted_iou(self) -> float:
        """IoU that the mask decoder predicted for its last chosen mask, [0, 1]."""
        return self._predicted_iou

    @contextmanager
    def running(self) -> Iterator[None]:
        """Compute in the right precision, and turn a full memory into the error for it.

        Raises:
            OutOfMemoryError: the device's memory is full.
        """
        forbid_nested_threads()
        precision = torch.autocast(self.device.type, torch.bfloat16, enabled=self._half)
        remedies = ("quality 'fast'", "a smaller tracker")
        guard = memory_guard(self.device, f"at input {self.side}", *remedies)
        with guard, torch.inference_mode(), precision:
            yield

    def _note(self, _module: object, _inputs: object, output: tuple[torch.Tensor, ...]) -> None:
        self._predicted_iou = float(output[1].max())


def assign_weights(
    network: torch.nn.Module, weights: Mapping[str, torch.Tensor], weights_id: str
) -> None:
    """Assign weights to a network, without copying them.

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
