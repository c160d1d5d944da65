"""What the object and its surroundings looked like: read by feature affinity.

After space-time memory networks (Oh et al. 2019, eq. 1-2) with top-k reading (Cheng et al. 2021),
on SAM 2's neck features, without any trained memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from matting_core.models.trackers.sam2_tiny_flow.image_model import Encoded
from matting_core.types import Plane
from matting_core.windows import Window, cut_out

_TOP = 16
_TEMPERATURE = 0.04
_RECENT = 4
_SPREAD = 4
Encode = Callable[[int, Window], Encoded]


@dataclass(frozen=True, slots=True)
class Page:
    """One remembered frame.

    Attributes:
        frame: frame index.
        window: the part of the raster that was looked at.
        mask: (h, w) float32 in [0, 1] over the whole raster.
    """

    frame: int
    window: Window
    mask: Plane

    def values(self, grid: int) -> torch.Tensor:
        """The mask on the key grid, (grid * grid) float32."""
        return torch.from_numpy(cut_out(self.mask, self.window, grid)).flatten()


@dataclass(frozen=True, slots=True)
class Memory:
    """The prompted frames, frames spread over the way from the nearest, and the most recent ones.

    Only frame indexes and masks are held; keys are encoded again when they have left the encoder's
    own cache, so a resumed run remembers exactly what the interrupted one did.

    Attributes:
        anchor: the prompted frame that the pass starts from.
        elders: prompted frames that it leans on.
        spread: answered frames, further apart the longer the pass.
        recent: the answered frames of which the tracker was sure last.
        taken: how many were remembered so far.
    """

    anchor: Page
    elders: tuple[Page, ...] = ()
    spread: tuple[Page, ...] = ()
    recent: tuple[Page, ...] = ()
    taken: int = 0

    def remember(self, page: Page) -> Memory:
        """Add a frame of which the tracker is sure."""
        recent = (*self.recent, page)[-_RECENT:]
        every = _SPREAD * (1 + len(self.spread) // 2)
        spread = self.spread
        if self.taken % every == every - 1:
            spread = (*spread, page)
            if len(spread) > _SPREAD:
                spread = spread[1:]
        return replace(self, spread=spread, recent=recent, taken=self.taken + 1)

    def prompt(self, page: Page, count: int) -> Memory:
        """Add a prompted frame that the pass goes through; of the elders `count` stay."""
        return replace(self, elders=(page, *self.elders)[:count])

    @property
    def prompted(self) -> tuple[Page, ...]:
        """The prompted frames; the one that the pass starts from first."""
        return (self.anchor, *self.elders)

    @property
    def pages(self) -> tuple[Page, ...]:
        """All remembered frames but the prompted ones, each once."""
        frames = {page.frame: page for page in (*self.spread, *self.recent)}
        return tuple(frames.values())


@dataclass(frozen=True, slots=True)
class Reading:
    """What memory says about a picture.

    Attributes:
        inside: (g, g) float32 in [0, 1], how much each cell looks like the object.
        likeness: (g, g) float32 in [-1, 1], mean cosine to the best remembered places.
    """

    inside: Plane
    likeness: Plane


@torch.inference_mode()
def read(query: Encoded, pages: Sequence[Page], encode: Encode) -> Reading:
    """Look the cells of `query` up in remembered frames.

    Each cell takes the mask values of its 16 most similar remembered cells, weighed by
    softmax(cosine / 0.04).
    """
    keys = torch.cat([encode(page.frame, page.window).keys for page in pages], dim=1)
    values = torch.cat([page.values(query.grid) for page in pages]).to(keys.device)
    cosine, places = (query.keys.T @ keys).topk(_TOP, dim=1)
    weights = (cosine / _TEMPERATURE).softmax(dim=1)
    shape = (query.grid, query.grid)
    inside = (weights * values[places]).sum(1).view(shape)
    likeness = cosine.mean(1).view(shape)
    return Reading(
        np.asarray(inside.cpu().numpy(), np.float32), np.asarray(likeness.cpu().numpy(), np.float32)
    )
