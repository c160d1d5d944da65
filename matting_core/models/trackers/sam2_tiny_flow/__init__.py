"""The embedded tracker: SAM 2's image half re-decodes what optical flow and memory predict."""

from __future__ import annotations

from matting_core.models.trackers.base import Tracker, TrackerSpec
from matting_core.types import DeviceChoice, Quality

EMBEDDED_ENCODER = "sam2-hiera-tiny-image"
"""The shipped weights: this tracker's, and the encoder that Wisp's own heads were trained on."""

DOUBTFUL_BELOW = 0.7
"""Confidence below which a frame deserves a look (decision 16)."""


def _build(device: DeviceChoice, quality: Quality) -> Tracker:
    from matting_core.models.devices import choose_device
    from matting_core.models.trackers.sam2_tiny_flow.tracker import Sam2TinyFlow

    return Sam2TinyFlow(choose_device(device), quality)


SPEC = TrackerSpec(
    id="sam2-tiny-flow",
    title="SAM 2 Tiny + flow",
    version="6",
    build=_build,
    weights=(EMBEDDED_ENCODER, "wisp-follower"),
    influence="earlier",
    encoder=EMBEDDED_ENCODER,
    doubtful_below=DOUBTFUL_BELOW,
)
