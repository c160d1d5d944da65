"""Propagation model: the trained propagation network on one device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from matting_core.errors import WeightsError
from matting_core.models.devices import forbid_nested_threads, half_precision
from matting_core.models.trackers.sam2_tiny_flow.image_model import EncodedPicture
from matting_core.models.trackers.sam2_tiny_flow.memory import Encode, MemoryFrame, ObjectMemory
from matting_core.models.trackers.sam2_tiny_flow.network import (
    MemoryInput,
    NetworkInput,
    PropagationNet,
)
from matting_core.models.weights import load
from matting_core.types import Plane
from matting_core.windows import cut_out

_WEIGHTS = "wisp-follower"
_LIMIT = 15.0
SIDE = 512
"""S, the encoder's input that the network was trained on."""


@dataclass(frozen=True, slots=True)
class NetworkAnswer:
    """Answer of the network for a window.

    Attributes:
        logits: (S/4, S/4) float32.
        expected_iou: [0, 1], the region IoU with the object that is to be expected.
        right: [0, 1], the probability that this is above a half.
    """

    logits: Plane
    expected_iou: float
    right: float


class PropagationModel:
    """Propagation network with its weights on one device.

    Args:
        weights: its parameters by name.
        device: where it runs.

    Raises:
        WeightsError: the parameters are not this network's.
    """

    def __init__(self, weights: Mapping[str, torch.Tensor], device: torch.device) -> None:
        self._device = device
        net = PropagationNet()
        try:
            net.load_state_dict(dict(weights))
        except RuntimeError as error:
            raise WeightsError(
                "These weights are not of the tracker's network; train it with `wisp train`."
            ) from error
        self._net = net.to(device).to(memory_format=torch.channels_last).eval()

    @classmethod
    def load_shipped(cls, device: torch.device) -> PropagationModel:
        """Load the network that comes with Wisp.

        Raises:
            WeightsError: its weights are missing or damaged.
        """
        return cls(load(_WEIGHTS), device)

    @torch.inference_mode()
    def predict(
        self, encoded: EncodedPicture, cues: Plane, memory: ObjectMemory, encode: Encode
    ) -> NetworkAnswer:
        """Predict the mask of a frame.

        Args:
            encoded: the frame through its window.
            cues: (7, S/4, S/4) float32, see `network.NetworkInput`.
            memory: what the object looked like.
            encode: gives the features of memory frames.
        """
        forbid_nested_threads()
        image = np.asarray(encoded.thumbnail.transpose(2, 0, 1) / 255 - 0.5, np.float32)
        inputs = NetworkInput(
            encoded.stride4,
            encoded.stride8,
            encoded.stride16,
            self._tensor(image),
            self._tensor(cues),
        )
        anchor = self._encode_memory(memory.prompted, encode, encoded.side)
        later = self._encode_memory(memory.frames, encode, encoded.side) or anchor
        with half_precision(self._device):
            logits, belief = self._net(inputs, anchor, later)
        expected, right = torch.sigmoid(belief[0].float()).tolist()
        plane = logits[0, 0].float().clamp(-_LIMIT, _LIMIT).cpu().numpy()
        return NetworkAnswer(np.asarray(plane, np.float32), expected, right)

    def _encode_memory(
        self, frames: Sequence[MemoryFrame], encode: Encode, side: int
    ) -> list[MemoryInput]:
        return [
            MemoryInput(
                encode(frame.frame, frame.window).stride16,
                self._tensor(cut_out(frame.mask, frame.window, side // 4)[None]),
            )
            for frame in frames
        ]

    def _tensor(self, planes: Plane) -> torch.Tensor:
        return torch.from_numpy(np.ascontiguousarray(planes))[None].to(self._device)
