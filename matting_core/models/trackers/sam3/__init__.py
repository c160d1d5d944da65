"""Trackers with SAM 3: from a text that names an object, from points, boxes and masks.

SAM2Matting's tracker of SAM 3 is the same without the detector, so without texts.
"""

from __future__ import annotations

from functools import partial

from matting_core.errors import ModelError
from matting_core.models.trackers.base import Tracker, TrackerSpec
from matting_core.types import DeviceChoice, Quality

_EXTRA = "wisp-matting[sam3]"


def _build(weights: str, device: DeviceChoice, quality: Quality, *, text: bool) -> Tracker:
    from matting_core.models.devices import choose_device

    try:
        from matting_core.models.trackers.sam3.network import FAST_SIDE, FULL_SIDE, load_network
        from matting_core.models.trackers.sam3.tracker import Sam3
    except ImportError as error:  # found, or it would not be asked for, so it is an old one
        tracker = weights.removesuffix("-tracker")
        raise ModelError(
            f"The tracker '{tracker}' needs a newer 'transformers'; run `pip install '{_EXTRA}'`."
        ) from error
    place = choose_device(device)
    still = load_network(weights, FULL_SIDE, place, text=text)
    if quality is Quality.FULL:
        return Sam3(still, still)
    return Sam3(still, load_network(weights, FAST_SIDE, place, text=text))


SPECS = (
    TrackerSpec(
        id="sam3",
        title="SAM 3",
        version="1",
        build=partial(_build, "sam3", text=True),
        weights=("sam3",),
        influence="nearest",
        accepts=frozenset({"point", "box", "mask", "text"}),
        encoder="sam3",
        # `open_clip` is there for its table of CLIP's vocabulary only, and is not imported
        needs=(("transformers", _EXTRA), ("open_clip", _EXTRA)),
    ),
    TrackerSpec(
        id="sam2matting-sam3",
        title="SAM2Matting SAM 3",
        version="1",
        build=partial(_build, "sam2matting-sam3-tracker", text=False),
        weights=("sam2matting-sam3-tracker",),
        influence="nearest",
        encoder="sam3",
        needs=(("transformers", _EXTRA),),
    ),
)
"""SAM2Matting was trained with its tracker frozen, so its encoder is SAM 3's own."""
