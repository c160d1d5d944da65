"""A tracker for tests: the prompt's shape, standing still. Instant, deterministic, no weights."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

import cv2
import numpy as np

from matting_core.document.prompts import (
    BoxPrompt,
    Label,
    MaskPrompt,
    PointPrompt,
    Prompt,
    Prompts,
    prompts_on,
)
from matting_core.document.propagation import plan_passes
from matting_core.media.masks import decode_mask
from matting_core.media.source import FrameSource
from matting_core.models.trackers.base import (
    Features,
    MaskLookup,
    TrackedFrame,
    TrackerSpec,
    check_prompted,
    require_prompts_on,
)
from matting_core.types import (
    DeviceChoice,
    FrameRange,
    Logits,
    ObjectId,
    Quality,
    Segmentation,
    TrackState,
)
from matting_core.windows import Window

_SIDE = 256
_RADIUS = 32


class FakeTracker:
    """Boxes are filled, points are discs (background ones are holes), masks are taken as given."""

    def __init__(self) -> None:
        self._source: FrameSource | None = None

    def open(self, source: FrameSource) -> None:
        """See `Tracker.open`."""
        self._source = source

    def segment(self, frame: int, prompts: Prompts) -> Segmentation:
        """See `Tracker.segment`."""
        return Segmentation(
            self._draw(require_prompts_on(prompts, frame)), 1.0, TrackState.PROMPTED
        )

    def track(
        self, prompts: Mapping[ObjectId, Prompts], frames: FrameRange, known: MaskLookup
    ) -> Generator[TrackedFrame, None, None]:
        """See `Tracker.track`."""
        check_prompted(prompts)
        for object_id, own in prompts.items():
            anchors = sorted({p.frame for p in own})
            for anchor in anchors:
                if anchor in frames and known(object_id, anchor) is None:
                    drawn = self._draw(prompts_on(own, anchor))
                    prompted = Segmentation(drawn, 1.0, TrackState.PROMPTED)
                    yield TrackedFrame(object_id, anchor, prompted)
            for run in plan_passes(anchors, frames):
                drawn = self._draw(prompts_on(own, run.anchor))
                tracked = Segmentation(drawn, 0.9, TrackState.TRACKED)
                for frame in run.frames:
                    if frame in frames and known(object_id, frame) is None:
                        yield TrackedFrame(object_id, frame, tracked)

    def features(self, frame: int, window: Window, side: int) -> Features | None:
        """See `Tracker.features`."""
        return None

    def close(self) -> None:
        """See `Tracker.close`."""
        self._source = None

    def _draw(self, prompts: Sequence[Prompt]) -> Logits:
        if self._source is None:
            raise RuntimeError("open() comes before segment() and track()")
        size = self._source.size
        mask = np.zeros(size.hw, np.uint8)
        for prompt in prompts:
            match prompt:
                case BoxPrompt(_, (x0, y0, x1, y1)):
                    mask[int(y0) : round(y1), int(x0) : round(x1)] = 1
                case PointPrompt(_, (x, y), label):
                    inside = int(label is Label.FOREGROUND)
                    cv2.circle(mask, (int(x), int(y)), _RADIUS, inside, -1)
                case MaskPrompt(_, png):
                    mask = (decode_mask(png, size) > 0.5).astype(np.uint8)
        small = cv2.resize(mask.astype(np.float32), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
        return np.asarray((small - 0.5) * 20, np.float16)


def _build(_device: DeviceChoice, _quality: Quality) -> FakeTracker:
    return FakeTracker()


SPEC = TrackerSpec("fake", "Fake (tests)", "1", _build, influence="nearest", hidden=True)
