"""Wisp's own head; see `network` for the net and `head` for how its answer becomes a matte."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from matting_core.models.heads.base import HeadSpec, MattingHead
from matting_core.models.trackers.sam2_tiny_flow import EMBEDDED_ENCODER
from matting_core.types import DeviceChoice

if TYPE_CHECKING:
    from matting_core.models.heads.wisp.detector import Detector

WEIGHTS, JUDGE = "wisp-head", "wisp-judge"


def trained_detector(
    choice: DeviceChoice, weights: Path | None = None, *, judged: bool = True
) -> Detector:
    """The network that finds where to matte, with its judge.

    Args:
        choice: where it runs.
        weights: a file that takes the place of the shipped weights.
        judged: whether the shipped judge may overrule it.

    Raises:
        WeightsError: a file is missing, damaged or something else.
    """
    from matting_core.models.devices import choose_device
    from matting_core.models.heads.wisp.detector import Detector
    from matting_core.models.weights import load

    device = choose_device(choice)
    judge = Detector(load(JUDGE), device) if judged else None
    if weights is not None:
        return Detector.load(weights, device, judge=judge)
    return Detector(load(WEIGHTS), device, judge=judge)


def _build(device: DeviceChoice) -> MattingHead:
    from matting_core.models.heads.wisp.head import WispHead

    return WispHead(trained_detector(device))


SPEC = HeadSpec(
    id="wisp",
    title="Wisp",
    version="3",
    build=_build,
    weights=(WEIGHTS, JUDGE),
    needs_features=True,
    encoder=EMBEDDED_ENCODER,
)
"""The default head."""
