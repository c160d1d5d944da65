"""Runner of methods over cases; segmentations and features are computed once for all."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from matting_core.document.prompts import check_prompt
from matting_core.errors import ModelError
from matting_core.evaluation.quality.cases import Case, CaseSet
from matting_core.media.color import to_display
from matting_core.metrics.names import MetricValues as Values
from matting_core.metrics.video import VideoMeter
from matting_core.models.encoders import EmbeddedEncoder, FeatureSource
from matting_core.models.heads.base import Guide, MattingHead
from matting_core.models.trackers.base import Features, TrackedFrame, Tracker
from matting_core.types import Frame8, FrameRange, Matte, ObjectId, Plane, Segmentation
from matting_core.windows import Window

_ONLY = ObjectId(1)


@dataclass(frozen=True, slots=True)
class StageSeconds:
    """Seconds of one frame by stage.

    Attributes:
        head: the head alone, without waiting for features.
        encode: computing the features that it asked for, as if no other row had before.
        track: finding the object's mask.
    """

    head: float
    encode: float
    track: float


@dataclass(frozen=True, slots=True)
class Step:
    """Answer of one method on one frame.

    Attributes:
        case: its name.
        frame: its index.
        row: the row's name.
        values: the measures.
        seconds: how long it took.
        rgb: (H, W, 3) uint8 sRGB, the frame.
        truth: (H, W) float32 in [0, 1].
        alpha: (H, W) float32 in [0, 1], the answer.
    """

    case: str
    frame: int
    row: str
    values: Values
    seconds: StageSeconds
    rgb: Frame8
    truth: Plane
    alpha: Plane


class Runner:
    """Runner that mattes cases with all methods' heads and one tracker.

    Args:
        heads: by the rows' names.
        tracker: built, on no clip yet.
        encoder: gives the heads their image features; None means the tracker.
    """

    def __init__(
        self,
        heads: Mapping[str, MattingHead],
        tracker: Tracker,
        encoder: EmbeddedEncoder | None = None,
    ) -> None:
        self._heads = dict(heads)
        self._tracker = tracker
        self._encoder = encoder
        self._warm: set[str] = set()

    def run(self, case_set: CaseSet) -> Iterator[Step]:
        """Matte and measure a set: case after case, frame after frame, row after row.

        Raises:
            ModelError: a head needs features, which the tracker has none of.
            MattingError: a case cannot be read or matted.
        """
        for case in case_set.cases():
            meters = {name: VideoMeter(case_set.metrics) for name in self._heads}
            yield from self._run_case(case, meters)

    def _run_case(self, case: Case, meters: Mapping[str, VideoMeter]) -> Iterator[Step]:
        length = len(case.source)
        check_prompt(case.prompt, case.source.size, length)
        self._tracker.open(case.source)
        if self._encoder is not None:
            self._encoder.open(case.source)
        prompts = {_ONLY: (case.prompt,)}
        steps = self._tracker.track(prompts, FrameRange(0, length), lambda *_: None)
        while True:
            began = time.perf_counter()
            tracked = next(steps, None)
            spent = time.perf_counter() - began
            if tracked is None:
                return
            yield from self._matte_frame(case, tracked, spent, meters)

    def _matte_frame(
        self, case: Case, tracked: TrackedFrame, spent: float, meters: Mapping[str, VideoMeter]
    ) -> Iterator[Step]:
        frame, source = tracked.frame, case.source
        rgb = to_display(source.read(frame), source.transfer)
        truth = case.truth(frame)
        band = None if case.trimap is None else np.asarray(case.trimap == 0.5)
        encoder = FrameEncoder(self._encoder or self._tracker, frame)
        for name in self._heads:
            alpha, head, encode = self._time_head(name, rgb, case, tracked.segmentation, encoder)
            values = meters[name].update(f"{frame:06d}", alpha, truth, band)
            seconds = StageSeconds(head, encode, spent)
            yield Step(case.name, frame, name, values, seconds, rgb, truth, alpha)

    def _time_head(
        self, name: str, rgb: Frame8, case: Case, mask: Segmentation, encoder: FrameEncoder
    ) -> tuple[Plane, float, float]:
        """Run a head; returns alpha, seconds of the head alone, and seconds of encoding."""

        def matte() -> tuple[Matte, float, float]:
            get_features = TimedFeatures(encoder)
            began = time.perf_counter()
            found = self._heads[name].matte(rgb, Guide(mask, get_features, case.trimap))
            return found, time.perf_counter() - began - get_features.waited, get_features.encoding

        if name not in self._warm:
            # the first call compiles and loads what all later ones use
            matte()
            self._warm.add(name)
        found, head, encode = matte()
        return found.alpha, head, encode


class FrameEncoder:
    """Encoder of one frame; each window is encoded once.

    Args:
        encoder: a tracker, or what else gives features.
        frame: index.
    """

    def __init__(self, encoder: FeatureSource, frame: int) -> None:
        self._encoder = encoder
        self._frame = frame
        self._known: dict[tuple[Window, int], tuple[Features, float]] = {}

    def encode(self, window: Window, side: int) -> tuple[Features, float]:
        """Features of a window, and how long they took when they were computed.

        Raises:
            ModelError: the tracker has none.
        """
        key = (window, side)
        if key not in self._known:
            began = time.perf_counter()
            features = self._encoder.features(self._frame, window, side)
            if features is None:
                raise ModelError(
                    "This tracker has no image features, which rows with a network need; "
                    "choose another tracker, or leave those rows out."
                )
            _wait_for(features.stride16)
            self._known[key] = features, time.perf_counter() - began
        return self._known[key]


class TimedFeatures:
    """Getter of a head's features that times itself.

    Attributes:
        waited: seconds that the head has waited.
    """

    def __init__(self, encoder: FrameEncoder) -> None:
        self._encoder = encoder
        self._took: dict[tuple[Window, int], float] = {}
        self.waited = 0.0

    @property
    def encoding(self) -> float:
        """Seconds that computing all requested features took, whoever asked first."""
        return sum(self._took.values())

    def __call__(self, window: Window, side: int) -> Features:
        """See `matting_core.models.heads.base.FeatureGetter`."""
        began = time.perf_counter()
        features, self._took[window, side] = self._encoder.encode(window, side)
        self.waited += time.perf_counter() - began
        return features


def _wait_for(tensor: object) -> None:
    """Let a GPU finish what it was given, so that the time counts for who gave it."""
    if getattr(tensor, "is_cuda", False):
        import torch

        torch.cuda.synchronize()
