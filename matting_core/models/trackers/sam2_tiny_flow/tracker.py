"""Tracker `sam2-tiny-flow`: prompts, passes in both directions, kept features."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from functools import partial

import torch

from matting_core.document.prompts import Prompts, prompts_on
from matting_core.document.propagation import supporting_frames
from matting_core.lru import LruCache
from matting_core.media.source import FrameSource
from matting_core.models.trackers.base import (
    Features,
    MaskLookup,
    TrackedFrame,
    check_prompted,
    require_prompts_on,
)
from matting_core.models.trackers.sam2_tiny_flow import propagate
from matting_core.models.trackers.sam2_tiny_flow.boxes import join_box
from matting_core.models.trackers.sam2_tiny_flow.flow import (
    SmallFrame,
    make_small_frame,
    raster_size,
)
from matting_core.models.trackers.sam2_tiny_flow.image_model import (
    DecodedMask,
    EncodedPicture,
    ImageModel,
)
from matting_core.models.trackers.sam2_tiny_flow.memory import MemoryFrame
from matting_core.models.trackers.sam2_tiny_flow.passes import (
    ObjectPasses,
    ObjectQuery,
    make_earlier_frames,
    make_prompted_frame,
)
from matting_core.models.trackers.sam2_tiny_flow.prompting import Corners, Join, segment_prompts
from matting_core.models.trackers.sam2_tiny_flow.propagation_model import SIDE, PropagationModel
from matting_core.models.trackers.video.display_clip import DisplayClip
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
    """Tracker that propagates SAM 2 image masks by flow and memory (see `propagate`).

    Args:
        device: where the network runs.
        quality: propagated frames are looked at with 512 pixels, with FULL also with 1024, for the
            outline; prompted frames and stills always get 1024.
    """

    def __init__(self, device: torch.device, quality: Quality) -> None:
        self._still = ImageModel(_STILL_SIDE, device)
        self._fast = ImageModel(SIDE, device)
        fine = self._cache(self._still) if quality is Quality.FULL else None
        self._models = propagate.Models(
            self._cache(self._fast), PropagationModel.load_shipped(device), fine
        )
        self._clip: DisplayClip | None = None
        self._answers: LruCache[Prompts, Segmentation] = LruCache(_KEPT_ANSWERS)
        self._encoded: LruCache[tuple[int, Window, int], EncodedPicture] = LruCache(_KEPT)

    def open(self, source: FrameSource) -> None:
        """See `Tracker.open`."""
        self.close()
        self._clip = DisplayClip(source, _KEPT_FRAMES)

    def segment(self, frame: int, prompts: Prompts) -> Segmentation:
        """See `Tracker.segment`."""
        require_prompts_on(prompts, frame)
        return self._answer(prompts, frame)

    def track(
        self, prompts: Mapping[ObjectId, Prompts], frames: FrameRange, known: MaskLookup
    ) -> Generator[TrackedFrame, None, None]:
        """See `Tracker.track`."""
        check_prompted(prompts)
        for object_id, own in prompts.items():
            raster = raster_size(self._require_clip().size)
            asked = ObjectQuery(object_id, own, partial(self._answer, own), raster, known)
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

    def _answer(self, prompts: Prompts, frame: int) -> Segmentation:
        """Answer a prompted frame; a box leans on the frame prompted before it."""
        chain = supporting_frames(prompts, frame)
        key = tuple(prompt for each in chain for prompt in prompts_on(prompts, each))
        kept = self._answers.get(key)
        if kept is not None:
            return kept
        older = make_earlier_frames(prompts, frame, partial(self._page, prompts))

        def join(alone: DecodedMask, box: Corners) -> DecodedMask:
            return join_box(alone, box, frame, older, self._models)

        found = self._segment(frame, prompts_on(prompts, frame), join if older else None)
        return self._answers.put(key, found)

    def _page(self, prompts: Prompts, frame: int) -> MemoryFrame:
        return make_prompted_frame(
            frame, self._answer(prompts, frame), raster_size(self._require_clip().size)
        )

    def _segment(self, frame: int, here: Prompts, join: Join | None) -> Segmentation:
        size = self._require_clip().size
        return segment_prompts(
            self._still, here, size, lambda: self._encode(self._still, frame, whole(size)), join
        )

    def _cache(self, model: ImageModel) -> propagate.CachedImageModel:
        return propagate.CachedImageModel(model, partial(self._encode, model))

    def _encode(self, model: ImageModel, frame: int, window: Window) -> EncodedPicture:
        """Encode a window (on the raster) of a frame, or take it from the kept ones."""
        full = self._require_clip().size
        return self._encode_part(model, frame, window.scale(raster_size(full), full))

    def _encode_part(self, model: ImageModel, frame: int, window: Window) -> EncodedPicture:
        """Encode a window in pixels of the frame, or take it from the kept ones."""
        key = (frame, window, model.side)
        return self._encoded.get(key) or self._encoded.put(
            key, model.encode(cut_out(self._require_clip().rgb(frame), window, model.side))
        )

    def _small(self, frame: int) -> SmallFrame:
        return make_small_frame(self._require_clip().rgb(frame))

    def _require_clip(self) -> DisplayClip:
        if self._clip is None:
            raise RuntimeError("open() comes before segment(), track() and features()")
        return self._clip
