"""What every matting head does, whatever method is behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from matting_core.matte.refining import Refinement
from matting_core.models.trackers.base import Features
from matting_core.types import DeviceChoice, Frame8, Matte, Plane, Segmentation
from matting_core.windows import Window

Look = Callable[[Window, int], Features]
"""Looks at a window of the frame to be matted with the head's encoder, at input side S."""


@dataclass(frozen=True, slots=True)
class Guide:
    """What the tracker knows about the object on the frame to be matted.

    Attributes:
        segmentation: mask logits over the whole frame, with the tracker's confidence.
        look: gives image features of the spec's encoder, for heads whose spec asks for them.
        trimap: a person's (H, W) float32 of 0, 1 and 0.5 for unknown; it overrules mask and ROI.
        refinement: a person's strokes that say where to look, and what is solid or clear.
    """

    segmentation: Segmentation
    look: Look | None = None
    trimap: Plane | None = None
    refinement: Refinement | None = None

    def refined(self, trimap: Plane, window: Window) -> Plane:
        """The trimap of a window, at any size, with what the strokes say of it."""
        return (
            trimap if self.refinement is None else self.refinement.apply_to_trimap(trimap, window)
        )

    def loosen_pull(self, pull: Plane, window: Window) -> Plane:
        """How hard alpha is held to the mask: hardly where the strokes say unknown."""
        return pull if self.refinement is None else self.refinement.loosen_pull(pull, window)


class MattingHead(Protocol):
    """Turns a mask into a matte. Used by one thread; holds no state between frames."""

    def matte(self, rgb: Frame8, guide: Guide) -> Matte:
        """Return alpha, ROI map and confidence of one frame.

        Args:
            rgb: (H, W, 3) uint8, sRGB.
            guide: the tracker's answer for this frame; an empty mask gives an empty matte.
        """
        ...


@dataclass(frozen=True, slots=True)
class HeadSpec:
    """How a head appears in the registry; the fields are those of `TrackerSpec`.

    Attributes:
        needs_features: whether `Guide.look` must be given.
        encoder: the network whose features the head was trained on, by the id of its weights (see
            `TrackerSpec.encoder`); None if it needs none.
    """

    id: str
    title: str
    version: str
    build: Callable[[DeviceChoice], MattingHead]
    weights: tuple[str, ...] = ()
    needs_features: bool = False
    encoder: str | None = None
    hidden: bool = False


def matte_with(head: MattingHead, rgb: Frame8, guide: Guide) -> Matte:
    """The head's matte, with alpha forced where the guide's strokes say solid or clear."""
    matte = head.matte(rgb, guide)
    return matte if guide.refinement is None else guide.refinement.apply_to_matte(matte)
