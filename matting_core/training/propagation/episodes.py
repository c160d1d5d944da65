"""Episodes: the tracker's features and cues on every frame of a clip, kept on disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from matting_core.models.trackers.sam2_tiny_flow.network import MemoryInput, NetworkInput

_Join = Callable[[Sequence[Tensor]], Tensor]
MEMORY_FRAMES = 3
"""Earlier frames that the network is shown besides the prompted one."""


@dataclass(frozen=True, slots=True)
class Episode:
    """Features and truth of N frames, each in the tracker's window. S is the encoder's input.

    Attributes:
        stride4: (N, 32, S/4, S/4) float16.
        stride8: (N, 64, S/8, S/8) float16.
        stride16: (N, 256, S/16, S/16) float16.
        thumbnail: (N, S/4, S/4, 3) uint8 sRGB.
        cues: (N, 7, S/4, S/4) float16, see `NetworkInput`; all 0 on the prompted frame, the first.
        truth: (N, S/4, S/4) uint8, the object's share of each cell times 255.
        mask: (N, S/4, S/4) uint8, the mask that the tracker went on with, times 255.
    """

    stride4: Tensor
    stride8: Tensor
    stride16: Tensor
    thumbnail: Tensor
    cues: Tensor
    truth: Tensor
    mask: Tensor

    def write(self, path: Path) -> None:
        """Save to a file, whole or not at all."""
        part = path.with_suffix(".part")
        names = [field.name for field in fields(self)]
        save_file({name: getattr(self, name).contiguous() for name in names}, part)
        part.replace(path)

    @classmethod
    def read(cls, path: Path) -> Episode:
        """Load a whole file."""
        with safe_open(path, "pt") as file:
            return cls(*(file.get_tensor(field.name) for field in fields(cls)))


@dataclass(frozen=True, slots=True)
class FrameSample:
    """One frame of an episode with the memory of the frames before, float32.

    Attributes:
        inputs: the frame, each plane with a first axis of 1.
        anchor: the prompted frame.
        later: three frames answered since; the prompted one instead if there are none.
        truth: (1, 1, S/4, S/4) in [0, 1].
    """

    inputs: NetworkInput
    anchor: MemoryInput
    later: tuple[MemoryInput, ...]
    truth: Tensor

    @classmethod
    def read(cls, path: Path, frame: int, later: Sequence[int]) -> FrameSample:
        """Load one frame and the memory frames named in `later`."""
        with safe_open(path, "pt") as file:

            def plane(name: str, at: int) -> Tensor:
                found: Tensor = file.get_slice(name)[at : at + 1]
                return found.float()

            def memory_frame(at: int) -> MemoryInput:
                return MemoryInput(plane("stride16", at), plane("mask", at)[:, None] / 255)

            inputs = NetworkInput(
                plane("stride4", frame),
                plane("stride8", frame),
                plane("stride16", frame),
                plane("thumbnail", frame).permute(0, 3, 1, 2) / 255 - 0.5,
                plane("cues", frame),
            )
            frames = tuple(memory_frame(at) for at in later)
            return cls(inputs, memory_frame(0), frames, plane("truth", frame)[:, None] / 255)

    def mirror(self) -> FrameSample:
        """Mirror left to right; the encoder is near enough to symmetric for features too."""
        return FrameSample(
            _join_inputs([self.inputs], _flip),
            _join_memory([self.anchor], _flip),
            tuple(_join_memory([memory_frame], _flip) for memory_frame in self.later),
            self.truth.flip(-1),
        )

    @classmethod
    def stack(cls, samples: Sequence[FrameSample], device: torch.device) -> FrameSample:
        """Stack samples along the first axis; channels last."""

        def stack(planes: Sequence[Tensor]) -> Tensor:
            return torch.cat(list(planes)).to(device, memory_format=torch.channels_last)

        later = zip(*(sample.later for sample in samples), strict=True)
        return cls(
            _join_inputs([sample.inputs for sample in samples], stack),
            _join_memory([sample.anchor for sample in samples], stack),
            tuple(_join_memory(frames, stack) for frames in later),
            stack([sample.truth for sample in samples]),
        )


def count_frames(path: Path) -> int:
    """Count the frames in an episode's file."""
    with safe_open(path, "pt") as file:
        return int(file.get_slice("truth").get_shape()[0])


def recent_frames(frame: int) -> list[int]:
    """Index the three answered frames before one, the earliest repeated where there are fewer."""
    frames = list(range(max(1, frame - MEMORY_FRAMES), frame)) or [0]
    return [frames[0]] * (MEMORY_FRAMES - len(frames)) + frames


def _join_inputs(sights: Sequence[NetworkInput], join: _Join) -> NetworkInput:
    return NetworkInput(
        *(join([getattr(one, field.name) for one in sights]) for field in fields(NetworkInput))
    )


def _join_memory(frames: Sequence[MemoryInput], join: _Join) -> MemoryInput:
    return MemoryInput(join([one.stride16 for one in frames]), join([one.mask for one in frames]))


def _flip(planes: Sequence[Tensor]) -> Tensor:
    return planes[0].flip(-1)
