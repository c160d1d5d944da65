"""`sam2-tiny-flow` as a `Tracker`: prompts, passes in both directions, features kept at hand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import cv2
import numpy as np
import torch

from matting_core.document.prompts import Prompt
from matting_core.media.color import to_display
from matting_core.media.source import FrameSource
from matting_core.propagation import Pass, plan_passes
from matting_core.trackers.asked import Prompted, frozen, on_frame, prompts_of, prompts_on
from matting_core.trackers.base import Features, Known, TrackedFrame
from matting_core.trackers.sam2_tiny_flow import propagate
from matting_core.trackers.sam2_tiny_flow.flow import SmallFrame, raster_size, shrink
from matting_core.trackers.sam2_tiny_flow.follower import SIDE, Follower
from matting_core.trackers.sam2_tiny_flow.image_model import Encoded, ImageModel
from matting_core.trackers.sam2_tiny_flow.prompting import segment_prompts
from matting_core.types import (
    Frame8,
    FrameRange,
    ObjectId,
    Plane,
    Quality,
    Segmentation,
    Size,
    TrackState,
)
from matting_core.windows import Window, cut_out, whole

_STILL_SIDE = 1024
# A search reads up to 9 remembered frames through their own windows and through the whole frame.
_KEPT = 24
_KEPT_FRAMES = 4


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
        self._source: FrameSource | None = None
        self._prompts: dict[ObjectId, Prompted] = {}
        self._encoded: OrderedDict[tuple[int, Window, int], Encoded] = OrderedDict()
        self._frames: OrderedDict[int, Frame8] = OrderedDict()

    def open(self, source: FrameSource) -> None:
        """See `Tracker.open`."""
        self.close()
        self._source = source

    def set_prompts(self, prompts: Mapping[ObjectId, Sequence[Prompt]]) -> None:
        """See `Tracker.set_prompts`."""
        self._prompts = frozen(prompts)

    def segment(self, frame: int, object_id: ObjectId) -> Segmentation:
        """See `Tracker.segment`."""
        return self._segment(frame, prompts_on(self._prompts, object_id, frame))

    def track(
        self, object_ids: Sequence[ObjectId], frames: FrameRange, known: Known
    ) -> Iterator[TrackedFrame]:
        """See `Tracker.track`."""
        for object_id, prompts in prompts_of(self._prompts, object_ids).items():
            yield from self._track_object(object_id, prompts, frames, known)

    def features(self, frame: int, window: Window, side: int) -> Features | None:
        """See `Tracker.features`."""
        model = self._still if side >= _STILL_SIDE else self._fast
        return self._encode_part(model, frame, window).features()

    def close(self) -> None:
        """See `Tracker.close`."""
        self._source = None
        self._encoded.clear()
        self._frames.clear()

    def _track_object(
        self, object_id: ObjectId, prompts: Prompted, frames: FrameRange, known: Known
    ) -> Iterator[TrackedFrame]:
        anchors = sorted({prompt.frame for prompt in prompts})
        passes = plan_passes(anchors, frames)
        for anchor in anchors:
            runs = [run for run in passes if run.anchor == anchor]
            if anchor not in frames and not runs:
                continue
            start = known(object_id, anchor)
            if start is None:
                start = self._segment(anchor, on_frame(prompts, anchor))
                yield TrackedFrame(object_id, anchor, start)
            for run in runs:
                yield from self._run(object_id, run, start, frames, known)

    def _run(
        self,
        object_id: ObjectId,
        run: Pass,
        start: Segmentation,
        frames: FrameRange,
        known: Known,
    ) -> Iterator[TrackedFrame]:
        if all(known(object_id, frame) for frame in run.frames if frame in frames):
            return
        small = self._small(run.anchor)
        state = propagate.begin(run.anchor, small, _on_raster(start, small.size))
        for frame in run.frames:
            earlier = known(object_id, frame)
            small = self._small(frame)
            target = propagate.aim(state, small)
            if earlier is None:
                found = propagate.step(state, target, frame, self._models)
            else:
                found = _taken_over(earlier)
            state = propagate.advance(state, target, frame, small, found)
            if earlier is None:
                yield TrackedFrame(object_id, frame, _segmentation(found))

    def _segment(self, frame: int, here: Prompted) -> Segmentation:
        size = self._opened().size
        return segment_prompts(
            self._still, here, size, lambda: self._encode(self._still, frame, whole(size))
        )

    def _eye(self, model: ImageModel) -> propagate.Eye:
        return propagate.Eye(model, partial(self._encode, model))

    def _encode(self, model: ImageModel, frame: int, window: Window) -> Encoded:
        """Encode a window (on the raster) of a frame, or take it from those kept."""
        full = self._opened().size
        return self._encode_part(model, frame, window.scaled(raster_size(full), full))

    def _encode_part(self, model: ImageModel, frame: int, window: Window) -> Encoded:
        """The same for a window in pixels of the frame."""
        key = (frame, window, model.side)
        if key in self._encoded:
            self._encoded.move_to_end(key)
            return self._encoded[key]
        encoded = model.encode(cut_out(self._rgb(frame), window, model.side))
        self._encoded[key] = encoded
        while len(self._encoded) > _KEPT:
            self._encoded.popitem(last=False)
        return encoded

    def _small(self, frame: int) -> SmallFrame:
        return shrink(self._rgb(frame))

    def _rgb(self, frame: int) -> Frame8:
        if frame not in self._frames:
            source = self._opened()
            self._frames[frame] = to_display(source.read(frame), source.transfer)
            while len(self._frames) > _KEPT_FRAMES:
                self._frames.popitem(last=False)
        return self._frames[frame]

    def _opened(self) -> FrameSource:
        if self._source is None:
            raise RuntimeError("open() comes before segment(), track() and features()")
        return self._source


def _on_raster(segmentation: Segmentation, size: Size) -> Plane:
    mask = propagate.probability(segmentation.logits)
    return np.asarray(cv2.resize(mask, tuple(size), interpolation=cv2.INTER_AREA), np.float32)


def _segmentation(found: propagate.Found) -> Segmentation:
    state = TrackState.LOST if found.lost else TrackState.TRACKED
    return Segmentation(found.logits, found.confidence, state)


def _taken_over(segmentation: Segmentation) -> propagate.Found:
    lost = segmentation.state is TrackState.LOST
    return propagate.Found(segmentation.logits, segmentation.confidence, lost)
