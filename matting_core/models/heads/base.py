"""Protocol, guide and spec of matting heads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from matting_core.matte.refining import Refinement
from matting_core.models.trackers.base import Features
from matting_core.types import DeviceChoice, Frame8, Matte, Plane, Segmentation
from matting_core.windows import Window

FeatureGetter = Callable[[Window, int], Features]
"""Gets features of a window of the frame from the head's encoder, at input side S."""


@dataclass(frozen=True, slots=True)
class Guide:
    """Guide of a head: mask, features and corrections for the frame to be matted.

    Attributes:
        segmentation: mask logits over the whole frame, with the tracker's confidence.
        get_features: gives features of the spec's encoder, for heads whose spec asks for them.
        trimap: a person's (H, W) float32 of 0, 1 and 0.5 for unknown; it overrules mask and ROI.
        refinement: a person's strokes that say where to look, and what is solid or clear.
    """

    segmentation: Segmentation
    get_features: FeatureGetter | None = None
    trimap: Plane | None = None
    refinement: Refinement | None = None

    def refine_trimap(self, trimap: Plane, window: Window) -> Plane:
        """Return a window's trimap, at any size, with the strokes applied."""
        return (
            trimap if self.refinement is None else self.refinement.apply_to_trimap(trimap, window)
        )

    def loosen_pull(self, pull: Plane, window: Window) -> Plane:
        """Return the pull to the mask, loosened where the strokes say unknown."""
        return pull if self.refinement is None else self.refinement.loosen_pull(pull, window)


class MattingHead(Protocol):
    """Matting head: turns a mask into a matte. Used by one thread, without state between frames."""

    def matte(self, rgb: Frame8, guide: Guide) -> Matte:
        """Return alpha, ROI map and confidence of one frame.

        Args:
            rgb: (H, W, 3) uint8, sRGB.
            guide: the tracker's answer for this frame; an empty mask gives an empty matte.
        """
        ...


@dataclass(frozen=True, slots=True)
class HeadSpec:
    """Spec of a head in the registry; the other fields are as in `TrackerSpec`.

    Attributes:
        needs_features: whether `Guide.get_features` must be given.
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


def run_head(head: MattingHead, rgb: Frame8, guide: Guide) -> Matte:
    """Run a head; alpha is forced where the guide's strokes say solid or clear."""
    matte = head.matte(rgb, guide)
    return matte if guide.refinement is None else guide.refinement.apply_to_matte(matte)
