"""Head `wisp`: `network` is its net, `head` makes a matte of the net's prediction."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from matting_core.models.heads.base import HeadSpec, MattingHead
from matting_core.models.trackers.sam2_tiny_flow import EMBEDDED_ENCODER
from matting_core.types import DeviceChoice

if TYPE_CHECKING:
    from matting_core.models.heads.wisp.detector import Detector

WEIGHTS, MASK_ERROR_WEIGHTS = "wisp-head", "wisp-judge"


def load_detector(
    choice: DeviceChoice, weights: Path | None = None, *, with_mask_error: bool = True
) -> Detector:
    """Load the network that finds where to matte, with the mask-error network.

    Args:
        choice: where it runs.
        weights: a file that takes the place of the shipped weights.
        with_mask_error: whether the shipped mask-error network may correct it.

    Raises:
        WeightsError: a file is missing, damaged or something else.
    """
    from matting_core.models.devices import choose_device
    from matting_core.models.heads.wisp.detector import Detector
    from matting_core.models.weights import load

    device = choose_device(choice)
    mask_error = Detector(load(MASK_ERROR_WEIGHTS), device) if with_mask_error else None
    if weights is not None:
        return Detector.load(weights, device, mask_error=mask_error)
    return Detector(load(WEIGHTS), device, mask_error=mask_error)


def _build(device: DeviceChoice) -> MattingHead:
    from matting_core.models.heads.wisp.head import WispHead

    return WispHead(load_detector(device))


SPEC = HeadSpec(
    id="wisp",
    title="Wisp",
    version="3",
    build=_build,
    weights=(WEIGHTS, MASK_ERROR_WEIGHTS),
    needs_features=True,
    encoder=EMBEDDED_ENCODER,
)
"""The default head."""
