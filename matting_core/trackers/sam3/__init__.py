"""SAM 3: finds what a text names, and tracks it; points, boxes and masks too."""

from __future__ import annotations

from matting_core.errors import ModelError
from matting_core.trackers.base import Tracker, TrackerSpec
from matting_core.types import DeviceChoice, Quality

_EXTRA = "wisp-matting[sam3]"


def _build(device: DeviceChoice, quality: Quality) -> Tracker:
    from matting_core.devices import choose_device

    try:
        from matting_core.trackers.sam3.network import FAST_SIDE, FULL_SIDE, load_network
        from matting_core.trackers.sam3.tracker import Sam3
    except ImportError as error:  # found, or it would not be asked for, so it is an old one
        raise ModelError(
            f"The tracker 'sam3' needs a newer 'transformers'; run `pip install '{_EXTRA}'`."
        ) from error
    place = choose_device(device)
    still = load_network("sam3", FULL_SIDE, place)
    moving = still if quality is Quality.FULL else load_network("sam3", FAST_SIDE, place)
    return Sam3(still, moving)


SPEC = TrackerSpec(
    id="sam3",
    title="SAM 3",
    version="1",
    build=_build,
    weights=("sam3",),
    influence="nearest",
    accepts=frozenset({"point", "box", "mask", "text"}),
    needs=(("transformers", _EXTRA), ("open_clip", _EXTRA)),
)
"""`open_clip` is there for its table of CLIP's vocabulary only, and is not imported."""
