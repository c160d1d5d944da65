"""Session: tracker and head on an open clip; it knows no store and no keys."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Self

from matting_core.document.project import Settings
from matting_core.document.prompts import PointPrompt, Prompt, Prompts
from matting_core.document.refine import RefineStrokes
from matting_core.errors import ModelError
from matting_core.jobs import Stopwatch
from matting_core.matte.refining import Refinement
from matting_core.media.color import to_display
from matting_core.media.source import FrameSource
from matting_core.models.devices import memory_guard
from matting_core.models.encoders import FeatureSource, make_extra_encoder
from matting_core.models.files.contents import hash_contents
from matting_core.models.heads.base import Guide, MattingHead, run_head
from matting_core.models.licences import require_accepted
from matting_core.models.registry import build_tracker, check_prompt_kinds, head_spec, tracker_spec
from matting_core.models.trackers.base import Features, MaskLookup, TrackedFrame, Tracker
from matting_core.types import DeviceChoice, FrameRange, Matte, ObjectId, Segmentation, Size
from matting_core.windows import Window, whole

_STILL_SIDE = 1024
_SMALLER = ("quality 'fast'", "a smaller model")


@dataclass(slots=True)
class Session:
    """Models on one clip: segments, tracks and mattes what it is asked. Used by one thread.

    The session owns the tracker; whoever opened the source closes it after the session.

    Attributes:
        settings: which models.
        source: the clip.
        tracker: opened on it.
        head: makes the mattes.
        encoder: gives the head its image features; None means the tracker.
        device: where the models run.
        contents: what was in the files of the models when they were loaded.
        watch: how long each stage took.
    """

    settings: Settings
    source: FrameSource
    tracker: Tracker
    head: MattingHead
    encoder: FeatureSource | None = None
    device: DeviceChoice = DeviceChoice.AUTO
    contents: tuple[str, ...] = ()
    watch: Stopwatch = field(default_factory=Stopwatch)
    _warm: bool = field(default=False, init=False)

    @classmethod
    def open(
        cls,
        settings: Settings,
        source: FrameSource,
        device: DeviceChoice = DeviceChoice.AUTO,
        watch: Stopwatch | None = None,
    ) -> Self:
        """Load models and start on a clip; what fails leaves nothing open.

        Raises:
            LicenceError: a model forbids commercial use, and that was not accepted.
            ModelError: tracker or head is unknown or cannot be built, or they do not go together.
            WeightsError: weights are missing or damaged.
            DeviceError: the device is not there.
            OutOfMemoryError: the device's memory is full.
        """
        require_accepted(settings)
        chosen_head, chosen_tracker = head_spec(settings.head), tracker_spec(settings.tracker)
        contents = _contents(settings)
        encoder = make_extra_encoder(chosen_head, chosen_tracker, device)
        with ExitStack() as opened:
            with memory_guard(device, "while models are loaded", *_SMALLER):
                head = chosen_head.build(device)
                tracker = build_tracker(settings.tracker, device, settings.quality)
            opened.callback(tracker.close)
            tracker.open(source)
            if encoder is not None:
                encoder.open(source)
            opened.pop_all()
        watch = Stopwatch() if watch is None else watch
        return cls(settings, source, tracker, head, encoder, device, contents, watch)

    @property
    def fingerprint(self) -> str:
        """Identity of the clip's contents."""
        return self.source.fingerprint

    @property
    def outdated(self) -> bool:
        """Whether a file of its models was replaced since they were loaded; open another one."""
        return _contents(self.settings) != self.contents

    def check(self, prompts: Iterable[Prompt]) -> None:
        """Refuse prompts of a kind that the tracker does not understand.

        Raises:
            InputError: there is one.
        """
        check_prompt_kinds(tracker_spec(self.settings.tracker), prompts)

    def segment(self, frame: int, prompts: Prompts) -> Segmentation:
        """Answer an object's prompts on one frame, without propagating (`Tracker.segment`).

        Raises:
            InputError: there are none on this frame.
            OutOfMemoryError: the device's memory is full.
        """
        with self.watch.stage("track"), self._guard("in the tracker"):
            return self.tracker.segment(frame, prompts)

    def track(
        self, prompts: Mapping[ObjectId, Prompts], frames: FrameRange, known: MaskLookup
    ) -> Generator[TrackedFrame, None, None]:
        """Find objects on frames (`Tracker.track`); raises as `segment`."""
        with closing(self.tracker.track(prompts, frames, known)) as steps:
            while True:
                with self.watch.stage("track"), self._guard("in the tracker"):
                    step = next(steps, None)
                if step is None:
                    return
                yield step

    def matte(
        self, frame: int, segmentation: Segmentation, strokes: RefineStrokes | None = None
    ) -> Matte:
        """Make the matte of a segmentation.

        Raises:
            ModelError: the head needs image features and there are none.
            OutOfMemoryError: the device's memory is full.
        """
        with self.watch.stage("decode"):
            rgb = to_display(self.source.read(frame), self.source.transfer)
        with self.watch.stage("matte"), self._guard("in the matting head"):
            size = Size(rgb.shape[1], rgb.shape[0])
            hints = None if strokes is None else Refinement.decode(strokes.png, size)
            guide = Guide(segmentation, partial(self.features, frame), None, hints)
            return run_head(self.head, rgb, guide)

    def features(self, frame: int, window: Window, side: int) -> Features:
        """Image features of a window of a frame (`Tracker.features`).

        Raises:
            ModelError: there are none.
        """
        with self.watch.stage("encode"):
            features = (self.encoder or self.tracker).features(frame, window, side)
        if features is None:
            raise ModelError(
                f"The head '{self.settings.head}' needs image features, which the tracker "
                f"'{self.settings.tracker}' has none of; choose another head."
            )
        return features

    def prepare(self, frame: int) -> None:
        """Look at a frame, so that prompts on it are answered at once.

        The first time a point is answered and matted too, and forgotten: the first answer of a
        network takes seconds, which nobody should wait for after a click.

        Raises:
            OutOfMemoryError: the device's memory is full.
        """
        with self.watch.stage("encode"), self._guard("while a frame is looked at"):
            self.tracker.features(frame, whole(self.source.size), _STILL_SIDE)
        if not self._warm and "point" in tracker_spec(self.settings.tracker).accepts:
            width, height = self.source.size
            point = PointPrompt(frame, (width / 2, height / 2))
            self.matte(frame, self.segment(frame, (point,)))
        self._warm = True

    def close(self) -> None:
        """Release the tracker; calling twice is fine."""
        self.tracker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _guard(self, place: str) -> AbstractContextManager[None]:
        """For what a model does beside running its network, and for models from outside."""
        return memory_guard(self.device, place, *_SMALLER)


def _contents(settings: Settings) -> tuple[str, ...]:
    tracker, head = tracker_spec(settings.tracker), head_spec(settings.head)
    return (*hash_contents(tracker.weights), *hash_contents(head.weights))
