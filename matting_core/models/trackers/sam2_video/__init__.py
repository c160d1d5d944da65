"""SAM 2.1's own video trackers in four sizes, and SAM2Matting's two, which share their layout."""

from __future__ import annotations

from functools import partial

from matting_core.models.trackers.base import Tracker, TrackerSpec
from matting_core.types import DeviceChoice, Quality

_CONFIGS = {
    "sam2.1-tiny": "configs/sam2.1/sam2.1_hiera_t.yaml",
    "sam2.1-small": "configs/sam2.1/sam2.1_hiera_s.yaml",
    "sam2.1-base-plus": "configs/sam2.1/sam2.1_hiera_b+.yaml",
    "sam2.1-large": "configs/sam2.1/sam2.1_hiera_l.yaml",
}
"""The `sam2` package's description of each network, by the id of Meta's weights for it."""


def _build(network: str, weights: str, device: DeviceChoice, quality: Quality) -> Tracker:
    from matting_core.models.devices import choose_device
    from matting_core.models.trackers.sam2_video.model import load_model
    from matting_core.models.trackers.sam2_video.tracker import FAST_SIDE, FULL_SIDE, Sam2Video

    place, config = choose_device(device), _CONFIGS[network]
    still = load_model(config, weights, FULL_SIDE, place)
    if quality is Quality.FULL:
        return Sam2Video(still, still)
    return Sam2Video(still, load_model(config, weights, FAST_SIDE, place))


def _spec(tracker_id: str, title: str, network: str, weights: str) -> TrackerSpec:
    return TrackerSpec(
        id=tracker_id,
        title=title,
        version="1",
        build=partial(_build, network, weights),
        weights=(weights,),
        influence="nearest",
        encoder=network,
    )


SPECS = (
    _spec("sam2.1-tiny", "SAM 2.1 Tiny", "sam2.1-tiny", "sam2.1-tiny"),
    _spec("sam2.1-small", "SAM 2.1 Small", "sam2.1-small", "sam2.1-small"),
    _spec("sam2.1-base-plus", "SAM 2.1 Base+", "sam2.1-base-plus", "sam2.1-base-plus"),
    _spec("sam2.1-large", "SAM 2.1 Large", "sam2.1-large", "sam2.1-large"),
    _spec("sam2matting-tiny", "SAM2Matting Tiny", "sam2.1-tiny", "sam2matting-tiny-tracker"),
    _spec(
        "sam2matting-base-plus",
        "SAM2Matting Base+",
        "sam2.1-base-plus",
        "sam2matting-base-plus-tracker",
    ),
)
"""SAM2Matting was trained with its tracker frozen, so its encoder is SAM 2.1's of that size."""
