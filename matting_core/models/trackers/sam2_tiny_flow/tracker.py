"""`sam2-tiny-flow` as a `Tracker`: prompts, passes in both directions, features kept at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import torch

from matting_core.document.prompts import Prompt
from matting_core.lru import LruCache
from matting_core.media.source import FrameSource
from matting_core.models.trackers.asked import (
    Prompted,
    frozen,
    grounds,
    on_frame,
    prompts_of,
    prompts_on,
)
from matting_core.models.trackers.base import Features, Known, TrackedFrame
from matting_core.models.trackers.sam2_tiny_flow import propagate
from matting_core.models.trackers.sam2_tiny_flow.boxes import join_box
from matting_core.models.trackers.sam2_tiny_flow.flow import SmallFrame, raster_size, shrink
from matting_core.models.trackers.sam2_tiny_flow.follower import SIDE, Follower
from matting_core.models.trackers.sam2_tiny_flow.image_model import Decoded, Encoded, ImageModel
from matting_core.models.trackers.sam2_tiny_flow.memory import Page
from matting_core.models.trackers.sam2_tiny_flow.passes import Asked, ObjectPasses, as_page, elders
from matting_core.models.trackers.sam2_tiny_flow.prompting import Corners, Join, segment_prompts
from matting_core.models.trackers.video.clip import Clip
from matting_core.types import (
    FrameRange,
    ObjectId,
    Quality,
    Segmentation,
)
from matting_core.windows import Window, cut_out, whole

_STILL_SIDE = 1024
# A search reads up to 9 remembered frames through their own windows and through the whole frame.
_KEPT = 24
_KEPT_FRAMES = 4
_KEPT_ANSWERS = 8


class Sam2TinyFlow:
    """Propagates SAM 2 image masks by flow and memory (see `propagate`).

    Args:
        device: where the network runs.
        quality: propagated frames are looked at with 512 pixels, with FULL also with 1024, for the
            outline; prompted frames and stills always get 1024.
    """

    def __init__(self, device: torch.device, quality: Quality) -> None:
        self._still = ImageModel(_STILL_SIDE, device)
        self._fast = ImageModel(SIDE, device)
        fine = self._eye(self._still) if quality is Quality.FULL else None
        self._models = propagate.Models(self._eye(self._fast), Follower.shipped(device), fine)
        self._clip: Clip | None = None
        self._prompts: dict[ObjectId, Prompted] = {}
        self._answers: LruCache[Prompted, Segmentation] = LruCache(_KEPT_ANSWERS)
        self._encoded: LruCache[tuple[int, Window, int], Encoded] = LruCache(_KEPT)

    def open(self, source: FrameSource) -> None:
        """See `Tracker.open`."""
        self.close()
        self._clip = Clip(source, _KEPT_FRAMES)

    def set_prompts(self, prompts: Mapping[ObjectId, Sequence[Prompt]]) -> None:
        """See `Tracker.set_prompts`."""
        self._prompts = frozen(prompts)

    def segment(self, frame: int, object_id: ObjectId) -> Segmentation:
        """See `Tracker.segment`."""
        prompts_on(self._prompts, object_id, frame)
        return self._answer(self._prompts[object_id], frame)

    def track(
        self, object_ids: Sequence[ObjectId], frames: FrameRange, known: Known
    ) -> Iterator[TrackedFrame]:
        """See `Tracker.track`."""
        for object_id, prompts in prompts_of(self._prompts, object_ids).items():
            raster = raster_size(self._opened().size)
            asked = Asked(object_id, prompts, partial(self._answer, prompts), raster, known)
            yield from ObjectPasses(asked, self._small, self._models).track(frames)

    def features(self, frame: int, window: Window, side: int) -> Features | None:
        """See `Tracker.features`."""
        model = self._still if side >= _STILL_SIDE else self._fast
        return self._encode_part(model, frame, window).features()

    def close(self) -> None:
        """See `Tracker.close`."""
        self._clip = None
        self._answers.clear()
        self._encoded.clear()

    def _answer(self, prompts: Prompted, frame: int) -> Segmentation:
        """Answer a prompted frame; a box leans on the frame prompted before it."""
        chain = grounds(prompts, frame)
        key = tuple(prompt for each in chain for prompt in on_frame(prompts, each))
        kept = self._answers.get(key)
        if kept is not None:
            return kept
        older = elders(prompts, frame, partial(self._page, prompts))

        def join(alone: Decoded, box: Corners) -> Decoded:
            return join_box(alone, box, frame, older, self._models)

        found = self._segment(frame, on_frame(prompts, frame), join if older else None)
        return self._answers.put(key, found)

    def _page(self, prompts: Prompted, frame: int) -> Page:
        return as_page(frame, self._answer(prompts, frame), raster_size(self._opened().size))

    def _segment(self, frame: int, here: Prompted, join: Join | None) -> Segmentation:
        size = self._opened().size
        return segment_prompts(
            self._still, here, size, lambda: self._encode(self._still, frame, whole(size)), join
        )

    def _eye(self, model: ImageModel) -> propagate.Eye:
        return propagate.Eye(model, partial(self._encode, model))

    def _encode(self, model: ImageModel, frame: int, window: Window) -> Encoded:
        """Encode a window (on the raster) of a frame, or take it from those kept."""
        full = self._opened().size
        return self._encode_part(model, frame, window.scale(raster_size(full), full))

    def _encode_part(self, model: ImageModel, frame: int, window: Window) -> Encoded:
        """The same for a window in pixels of the frame."""
        key = (frame, window, model.side)
        return self._encoded.get(key) or self._encoded.put(
            key, model.encode(cut_out(self._opened().rgb(frame), window, model.side))
        )

    def _small(self, frame: int) -> SmallFrame:
        return shrink(self._opened().rgb(frame))

    def _opened(self) -> Clip:
        if self._clip is None:
            raise RuntimeError("open() comes before segment(), track() and features()")
        return self._clip
