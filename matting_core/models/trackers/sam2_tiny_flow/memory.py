"""Memory of the object and its surroundings, read by feature affinity.

After space-time memory networks (Oh et al. 2019, eq. 1-2) with top-k reading (Cheng et al. 2021),
on SAM 2's neck features, without any trained memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from matting_core.models.trackers.sam2_tiny_flow.image_model import EncodedPicture
from matting_core.types import Plane
from matting_core.windows import Window, cut_out

_TOP = 16
_TEMPERATURE = 0.04
_RECENT = 4
_SPREAD = 4
Encode = Callable[[int, Window], EncodedPicture]


@dataclass(frozen=True, slots=True)
class MemoryFrame:
    """Frame in memory.

    Attributes:
        frame: frame index.
        window: the part of the raster that was looked at.
        mask: (h, w) float32 in [0, 1] over the whole raster.
    """

    frame: int
    window: Window
    mask: Plane

    def values(self, grid: int) -> torch.Tensor:
        """Mask on the key grid, (grid * grid) float32."""
        return torch.from_numpy(cut_out(self.mask, self.window, grid)).flatten()


@dataclass(frozen=True, slots=True)
class ObjectMemory:
    """Memory of an object: prompted frames, frames spread over the pass, and recent ones.

    Only frame indexes and masks are held; keys are encoded again when they have left the encoder's
    own cache, so a resumed run has exactly the memory of the interrupted one.

    Attributes:
        anchor: the prompted frame that the pass starts from.
        earlier_prompts: prompted frames that the anchor's box refers to.
        spread: answered frames, further apart the longer the pass.
        recent: the answered frames of which the tracker was sure last.
        count: how many frames were added so far.
    """

    anchor: MemoryFrame
    earlier_prompts: tuple[MemoryFrame, ...] = ()
    spread: tuple[MemoryFrame, ...] = ()
    recent: tuple[MemoryFrame, ...] = ()
    count: int = 0

    def add(self, frame: MemoryFrame) -> ObjectMemory:
        """Add a frame of which the tracker is sure."""
        recent = (*self.recent, frame)[-_RECENT:]
        every = _SPREAD * (1 + len(self.spread) // 2)
        spread = self.spread
        if self.count % every == every - 1:
            spread = (*spread, frame)
            if len(spread) > _SPREAD:
                spread = spread[1:]
        return replace(self, spread=spread, recent=recent, count=self.count + 1)

    def add_prompt(self, frame: MemoryFrame, count: int) -> ObjectMemory:
        """Add a prompted frame that the pass goes through; the nearest `count` of them stay."""
        return replace(self, earlier_prompts=(frame, *self.earlier_prompts)[:count])

    @property
    def prompted(self) -> tuple[MemoryFrame, ...]:
        """Prompted frames, the one that the pass starts from first."""
        return (self.anchor, *self.earlier_prompts)

    @property
    def frames(self) -> tuple[MemoryFrame, ...]:
        """Answered frames in memory, each once."""
        frames = {frame.frame: frame for frame in (*self.spread, *self.recent)}
        return tuple(frames.values())


@dataclass(frozen=True, slots=True)
class MemoryReading:
    """Reading of memory for a picture.

    Attributes:
        inside: (g, g) float32 in [0, 1], how much each cell looks like the object.
        likeness: (g, g) float32 in [-1, 1], mean cosine to the best places in memory.
    """

    inside: Plane
    likeness: Plane


@torch.inference_mode()
def read_memory(
    query: EncodedPicture, frames: Sequence[MemoryFrame], encode: Encode
) -> MemoryReading:
    """Look the cells of `query` up in memory frames.

    Each cell takes the mask values of its 16 most similar cells in memory, weighed by
    softmax(cosine / 0.04).
    """
    keys = torch.cat([encode(frame.frame, frame.window).keys for frame in frames], dim=1)
    values = torch.cat([frame.values(query.grid) for frame in frames]).to(keys.device)
    cosine, places = (query.keys.T @ keys).topk(_TOP, dim=1)
    weights = (cosine / _TEMPERATURE).softmax(dim=1)
    shape = (query.grid, query.grid)
    inside = (weights * values[places]).sum(1).view(shape)
    likeness = cosine.mean(1).view(shape)
    return MemoryReading(
        np.asarray(inside.cpu().numpy(), np.float32), np.asarray(likeness.cpu().numpy(), np.float32)
    )
