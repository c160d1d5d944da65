"""Making and writing the mattes of a whole clip: what `matte`, `export` and `demo` share."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

from matting_core.cli.terminal import ProgressBar
from matting_core.document.project import Clip, Project
from matting_core.export.run import (
    ExportRequest,
    ExportWriter,
    current_keys,
    export_ready,
    exported_objects,
)
from matting_core.files import cache_folder, make_folder
from matting_core.jobs import CancelToken, Pace, Stopwatch
from matting_core.matte.finishing import finish
from matting_core.media.source import FrameSource
from matting_core.memory import peak_memory_bytes
from matting_core.models.registry import tracker_spec
from matting_core.models.session import FrameMatte, Session
from matting_core.results.finished import finished_matte
from matting_core.results.recipes import MatteKey, segmentation_key, sharing_objects
from matting_core.results.store import MatteCache
from matting_core.types import DeviceChoice, Matte, ObjectId, Segmentation, TrackState


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did.

    Attributes:
        frames: frames asked for.
        objects: objects matted.
        computed: results (one object on one frame) that were computed in this run.
        reused: results that an earlier run had made.
        lost: frames by object name on which the object was not found, of those computed.
        doubtful: the same for those that the tracker itself doubts.
        seconds: wall-clock time of the run, models' loading included.
        stages: wall-clock seconds by stage: load, track, decode, matte, write.
        peak_memory: bytes.
    """

    frames: int
    objects: int
    computed: int
    reused: int
    lost: dict[str, list[int]]
    doubtful: dict[str, list[int]]
    seconds: float
    stages: dict[str, float] = field(default_factory=dict)
    peak_memory: int = 0

    def per_frame(self) -> dict[str, float]:
        """Seconds per computed result by stage."""
        return {
            stage: round(spent / self.computed, 4) if self.computed else 0.0
            for stage, spent in self.stages.items()
            if stage != "load"
        }

    def as_json(self) -> dict[str, object]:
        """The record that `--json` prints."""
        return {
            "frames": self.frames,
            "objects": self.objects,
            "computed": self.computed,
            "reused": self.reused,
            "lost": self.lost,
            "doubtful": self.doubtful,
            "seconds": round(self.seconds, 3),
            "load_seconds": round(self.stages.get("load", 0.0), 3),
            "seconds_per_frame": self.per_frame(),
            "peak_memory_bytes": self.peak_memory,
        }

    def as_line(self) -> str:
        """The same for people."""
        spent = ", ".join(f"{stage} {value:.2f}" for stage, value in self.per_frame().items())
        return (
            f"{self.frames} frames in {self.seconds:.1f} s ({self.computed} computed, "
            f"{self.reused} reused, {_count(self.lost)} lost, {_count(self.doubtful)} doubtful); "
            f"s/frame: {spent}; peak memory {self.peak_memory / 2**30:.2f} GiB"
        )


def _count(frames: dict[str, list[int]]) -> int:
    return sum(map(len, frames.values()))


def clip_of(source: FrameSource, path: str) -> Clip:
    """Describe an open source for a project."""
    return Clip(path, source.fingerprint, source.size, len(source), source.rate)


def default_cache() -> MatteCache:
    """The cache that runs share, so that an interrupted one can be gone on with."""
    return MatteCache(cache_folder() / "mattes")


def make_mattes(
    project: Project, source: FrameSource, request: ExportRequest, device: DeviceChoice
) -> Report:
    """Compute what is missing, write what is not on disk, and say what was done.

    Raises:
        MattingError: anything that the user can mend; what was done so far is kept.
    """
    began = time.perf_counter()
    watch, bar, cache = Stopwatch(), ProgressBar(), default_cache()
    objects = exported_objects(project)
    make_folder(request.folder)
    writer = ExportWriter(project, request)
    try:
        with watch.stage("write"):
            for progress in export_ready(project, cache, request, CancelToken(), complete=True):
                bar.show(progress)
        keys = current_keys(project, objects, request.frames)
        missing = [key for key in keys if key is not None and not writer.is_written(key)]
        run = _Run(missing, cache, writer, watch, bar)
        if missing:
            _compute(project, source, request, device, run)
    finally:
        bar.close()
    return Report(
        frames=len(request.frames),
        objects=len(objects),
        computed=len(missing),
        reused=len(keys) - len(missing),
        lost=run.lost,
        doubtful=run.doubtful,
        seconds=time.perf_counter() - began,
        stages=watch.seconds,
        peak_memory=peak_memory_bytes(),
    )


@dataclass(frozen=True, slots=True)
class _Run:
    missing: list[MatteKey]
    cache: MatteCache
    writer: ExportWriter
    watch: Stopwatch
    bar: ProgressBar
    lost: dict[str, list[int]] = field(default_factory=dict)
    doubtful: dict[str, list[int]] = field(default_factory=dict)

    def take_note(self, project: Project, result: FrameMatte) -> None:
        """Remember a frame on which the object was not found, or that the tracker doubts."""
        obj, found = project.find(result.object_id), result.segmentation
        locked = obj.lock_on(result.frame) is not None  # approved, whatever made it
        if found.state is TrackState.LOST:
            self.lost.setdefault(obj.name, []).append(result.frame)
        elif not locked and tracker_spec(project.settings.tracker).doubts(found):
            self.doubtful.setdefault(obj.name, []).append(result.frame)


def _compute(
    project: Project,
    source: FrameSource,
    request: ExportRequest,
    device: DeviceChoice,
    run: _Run,
) -> None:
    """Track and matte what is missing, writing each result as it comes."""
    pace = Pace("Matting", len(run.missing))
    with run.watch.stage("load"):
        session = Session.open(project, source, run.cache, device)
    session.watch = run.watch
    missing = {key.place: key for key in run.missing}
    needed = (each for key in run.missing for each in sharing_objects(project, *key.place))
    for result in session.track(sorted(set(needed)), request.frames):
        if result is None:
            continue
        if result.key.place in missing:
            run.take_note(project, result)
        sharing = sharing_objects(project, result.object_id, result.frame)
        for place in [(each, result.frame) for each in sharing if (each, result.frame) in missing]:
            finished = _finished(project, run, result, place[0])
            if finished is not None:
                with run.watch.stage("write"):
                    run.writer.write(missing.pop(place), *finished)
                run.bar.show(pace.advance())
    session.tracker.close()


def _finished(
    project: Project, run: _Run, result: FrameMatte, object_id: ObjectId
) -> tuple[Segmentation, Matte] | None:
    """What is written for an object now that there is a new result on its frame, if it is whole."""
    frame = result.frame
    if sharing_objects(project, object_id, frame) == (result.object_id,):
        alpha = finish(result.matte.alpha, project.find(object_id).finishing_on(frame), frame)
        return result.segmentation, replace(result.matte, alpha=alpha)
    mask_key = segmentation_key(project, object_id, frame)
    segmentation = None if mask_key is None else run.cache.get_segmentation(mask_key)
    full_scale = run.writer.full_scale
    matte = finished_matte(project, run.cache, object_id, frame, full_scale=full_scale)
    return None if matte is None or segmentation is None else (segmentation, matte)
