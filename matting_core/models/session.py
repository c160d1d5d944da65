"""A session joins a clip, a tracker, a head and the cache: the engine behind window and command."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Self

from matting_core.document import edits
from matting_core.document.edits import check_changeable
from matting_core.document.project import Project, Settings
from matting_core.document.prompts import PointPrompt
from matting_core.document.refine import RefineStrokes
from matting_core.errors import InputError, ModelError
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
from matting_core.models.trackers.base import Features, TrackedFrame, Tracker
from matting_core.results.plans import Run, Wanted, plan_runs
from matting_core.results.recipes import MatteKey, matte_key, segmentation_key
from matting_core.results.store import MatteCache
from matting_core.types import DeviceChoice, FrameRange, Matte, ObjectId, Segmentation, Size
from matting_core.windows import Window, whole

_STILL_SIDE = 1024
_SMALLER = ("quality 'fast'", "a smaller model")


@dataclass(frozen=True, slots=True)
class FrameMatte:
    """Everything known about one object on one frame.

    Attributes:
        key: name under which the matte is cached.
        segmentation: the tracker's answer.
        matte: the head's answer.
    """

    key: MatteKey
    segmentation: Segmentation
    matte: Matte

    @property
    def object_id(self) -> ObjectId:
        """Whose matte it is."""
        return self.key.object_id

    @property
    def frame(self) -> int:
        """Frame index."""
        return self.key.frame


@dataclass(slots=True)
class Session:
    """Makes mattes for one project on one clip. Used by one thread.

    The session owns tracker and source; `close` (or `with`) releases both.

    Attributes:
        source: the clip.
        tracker: opened on it.
        head: makes the mattes.
        cache: keeps the results.
        project: the document's state that counts.
        encoder: gives the head its image features; None means the tracker.
        device: where the models run.
        contents: what was in the files of its models when they were loaded.
        watch: how long each stage took.
    """

    source: FrameSource
    tracker: Tracker
    head: MattingHead
    cache: MatteCache
    project: Project
    encoder: FeatureSource | None = None
    device: DeviceChoice = DeviceChoice.AUTO
    contents: tuple[str, ...] = ()
    watch: Stopwatch = field(default_factory=Stopwatch)
    _warm: bool = field(default=False, init=False)

    @classmethod
    def open(
        cls,
        project: Project,
        source: FrameSource,
        cache: MatteCache,
        device: DeviceChoice = DeviceChoice.AUTO,
    ) -> Self:
        """Load the project's models and start on its clip.

        Raises:
            LicenceError: a model forbids commercial use, and that was not accepted.
            ModelError: tracker or head is unknown or cannot be built, or they do not go together.
            WeightsError: weights are missing or damaged.
            DeviceError: the device is not there.
            OutOfMemoryError: the device's memory is full.
        """
        settings = project.settings
        require_accepted(settings)
        chosen_head, chosen_tracker = head_spec(settings.head), tracker_spec(settings.tracker)
        contents = _contents(settings)
        encoder = make_extra_encoder(chosen_head, chosen_tracker, device)
        with memory_guard(device, "while models are loaded", *_SMALLER):
            head = chosen_head.build(device)
            tracker = build_tracker(settings.tracker, device, settings.quality)
        tracker.open(source)
        if encoder is not None:
            encoder.open(source)
        session = cls(source, tracker, head, cache, project, encoder, device, contents)
        session.sync(project)
        return session

    @property
    def outdated(self) -> bool:
        """Whether a file of its models was replaced since they were loaded; open another one."""
        return _contents(self.project.settings) != self.contents

    def sync(self, project: Project) -> None:
        """Take over another state of the same document; a running track keeps the state it has.

        Raises:
            InputError: the clip or the models differ; open another session for those.
        """
        old, new = self.project, project
        if (old.settings, old.clip) != (new.settings, new.clip):
            raise InputError("The clip or the models changed; open a new session.")
        self.project = project
        self._tell(project)

    def preview(self, object_id: ObjectId, frame: int) -> FrameMatte:
        """Segment and matte one prompted frame, or return it from the cache.

        Raises:
            InputError: the object has no prompts on this frame, the tracker does not understand one
                of them, or the frame is locked and its mask no longer cached.
            OutOfMemoryError: the device's memory is full.
        """
        project = self.project
        return self._matted(project, object_id, frame, self.mask(object_id, frame))

    def mask(self, object_id: ObjectId, frame: int) -> Segmentation:
        """Segment one prompted frame, or return it from the cache; raises as `preview` does."""
        project = self.project
        key = _required(segmentation_key(project, object_id, frame))
        segmentation = self.cache.get_segmentation(key)
        if segmentation is None:
            self._check_contents()
            segmentation = self.glimpse(project, object_id, frame)
            self.cache.put_segmentation(key, segmentation)
        return segmentation

    def glimpse(self, project: Project, object_id: ObjectId, frame: int) -> Segmentation:
        """Segment one frame as a project would have it, and keep nothing; raises as `preview`."""
        spec, obj = tracker_spec(project.settings.tracker), project.find(object_id)
        check_changeable(obj, frame)
        check_prompt_kinds(spec, obj.prompts_on(frame))
        self._tell(project)
        try:
            with self.watch.stage("track"), self._guard("in the tracker"):
                return self.tracker.segment(frame, object_id)
        finally:
            self._tell(self.project)

    def prepare(self, frame: int) -> None:
        """Look at a frame, so that prompts on it are answered at once.

        The first time a point is answered and matted too, and forgotten: the first answer of a
        network takes seconds, which nobody should wait for after a click.

        Raises:
            OutOfMemoryError: the device's memory is full.
        """
        with self.watch.stage("encode"), self._guard("while a frame is looked at"):
            self.tracker.features(frame, whole(self.source.size), _STILL_SIDE)
        if not self._warm and "point" in tracker_spec(self.project.settings.tracker).accepts:
            new, (width, height) = ObjectId(self.project.next_id), self.source.size
            point = PointPrompt(frame, (width / 2, height / 2))
            asked = edits.add_prompts(edits.add_object(self.project), new, [point])
            self._made(frame, self.glimpse(asked, new, frame))
        self._warm = True

    def track(
        self, object_ids: Sequence[ObjectId], frames: FrameRange
    ) -> Iterator[FrameMatte | None]:
        """Matte the objects on `frames`; see `track_spans`."""
        return self.track_spans(dict.fromkeys(object_ids, (frames,)))

    def track_spans(self, wanted: Wanted) -> Iterator[FrameMatte | None]:
        """Matte objects on some spans each, computing only what is not cached.

        Locked frames are left as they are, and made again only if they have left the cache.

        Yields every result that had to be computed, in the order of computing, and None after a
        frame that lies on the way from a prompt: outside the spans, known and gone through again by
        a tracker that cannot start in between, or asked of another prompt than the frame's own;
        drop the iterator to stop, everything done so far is cached. The project's state at the
        first step counts for the whole run.

        Raises:
            InputError: an object has no prompts, or the tracker does not understand one of them.
            OutOfMemoryError: the device's memory is full; the next `track` goes on from there.
        """
        project = self.project
        spec = tracker_spec(project.settings.tracker)
        runs = plan_runs(project, wanted)
        for run in runs:
            prompts = (p for each in run.object_ids for p in run.project.find(each).prompts)
            check_prompt_kinds(spec, prompts)
            yield from self._rematted(run)
        for run in runs:
            yield from self._tracked(run)

    def missing(self, object_ids: Sequence[ObjectId], frames: FrameRange) -> int:
        """How many results a track over `frames` would have to compute."""
        return self.missing_spans(dict.fromkeys(object_ids, (frames,)))

    def missing_spans(self, wanted: Wanted) -> int:
        """How many results a track over some spans would have to compute."""
        runs = plan_runs(self.project, wanted)
        keys = (
            matte_key(run.project, object_id, frame)
            for run in runs
            for object_id in run.object_ids
            for frame in run.frames
        )
        return sum(key is None or not self.cache.has_matte(key) for key in keys)

    def close(self) -> None:
        """Release tracker and source; calling twice is fine."""
        self.tracker.close()
        self.source.close()

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

    def _next(self, steps: Iterator[TrackedFrame]) -> TrackedFrame | None:
        with self.watch.stage("track"), self._guard("in the tracker"):
            return next(steps, None)

    def _rematted(self, run: Run) -> Iterator[FrameMatte]:
        """Matte what is tracked but has no matte yet: another head, or a run cut in between."""
        for frame in run.frames:
            for object_id in run.object_ids:
                mask_key = segmentation_key(run.project, object_id, frame)
                key = matte_key(run.project, object_id, frame)
                if key is None or mask_key is None or self.cache.has_matte(key):
                    continue
                segmentation = self.cache.get_segmentation(mask_key)
                if segmentation is not None:
                    yield self._matted(run.project, object_id, frame, segmentation)

    def _tracked(self, run: Run) -> Iterator[FrameMatte | None]:
        project = run.project

        def known(
            object_id: ObjectId, frame: int, anchor: int | None = None
        ) -> Segmentation | None:
            key = segmentation_key(project, object_id, frame, anchor)
            return None if key is None else self.cache.get_segmentation(key)

        steps = self.tracker.track(run.object_ids, run.frames, known)
        self._tell(project)
        step = self._next(steps)  # the prompts of this moment count for all of `steps`
        self._tell(self.project)
        while step is not None:
            self._check_contents()
            key = _required(segmentation_key(project, step.object_id, step.frame, step.anchor))
            if not step.again:
                self.cache.put_segmentation(key, step.segmentation)
            if step.frame in run.frames and not step.again and step.anchor is None:
                yield self._matted(project, step.object_id, step.frame, step.segmentation)
            else:
                yield None
            step = self._next(steps)

    def _check_contents(self) -> None:
        """What old files make must not be kept as made by new ones."""
        if self.outdated:
            raise ModelError("A model's file was replaced while it was in use; start again.")

    def _tell(self, project: Project) -> None:
        self.tracker.set_prompts({obj.id: obj.prompts for obj in project})

    def _matted(
        self, project: Project, object_id: ObjectId, frame: int, segmentation: Segmentation
    ) -> FrameMatte:
        key = _required(matte_key(project, object_id, frame))
        matte = self.cache.get_matte(key)
        if matte is None:
            self._check_contents()
            matte = self._made(frame, segmentation, project.find(object_id).strokes_on(frame))
            self.cache.put_matte(key, matte)
        return FrameMatte(key, segmentation, matte)

    def _made(
        self, frame: int, segmentation: Segmentation, strokes: RefineStrokes | None = None
    ) -> Matte:
        with self.watch.stage("decode"):
            rgb = to_display(self.source.read(frame), self.source.transfer)
        with self.watch.stage("matte"), self._guard("in the matting head"):
            size = Size(rgb.shape[1], rgb.shape[0])
            hints = None if strokes is None else Refinement.decode(strokes.png, size)
            look = partial(self._look, frame)
            return run_head(self.head, rgb, Guide(segmentation, look, None, hints))

    def _look(self, frame: int, window: Window, side: int) -> Features:
        with self.watch.stage("encode"):
            features = (self.encoder or self.tracker).features(frame, window, side)
        if features is None:
            raise ModelError(
                f"The head '{self.project.settings.head}' needs image features, which the tracker "
                f"'{self.project.settings.tracker}' has none of; choose another head."
            )
        return features


def _contents(settings: Settings) -> tuple[str, ...]:
    tracker, head = tracker_spec(settings.tracker), head_spec(settings.head)
    return (*hash_contents(tracker.weights), *hash_contents(head.weights))


def _required(key: MatteKey | None) -> MatteKey:
    if key is None:
        raise InputError("The object has no prompts; click on it or draw a box first.")
    return key
