"""Wisp's own head; see `network` for the net and `head` for how its answer becomes a matte."""

from __future__ import annotations

from matting_core.heads.base import HeadSpec, MattingHead
from matting_core.types import DeviceChoice

WEIGHTS = "wisp-head"


def _build(device: DeviceChoice) -> MattingHead:
    from matting_core.devices import choose_device
    from matting_core.heads.wisp.detector import Detector
    from matting_core.heads.wisp.head import WispHead
    from matting_core.weights import load

    return WispHead(Detector(load(WEIGHTS), choose_device(device)))


SPEC = HeadSpec(
    id="wisp", title="Wisp", version="2", build=_build, weights=(WEIGHTS,), needs_features=True
)
"""The default head."""
