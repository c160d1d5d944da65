"""Making and writing the mattes of a whole clip: what `matte`, `export` and `demo` share."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

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
from matting_core.media.source import FrameSource
from matting_core.memory import peak_memory_bytes
from matting_core.models.registry import tracker_spec
from matting_core.models.session import Session
from matting_core.results.making import Result
from matting_core.results.recipes import MatteKey
from matting_core.results.service import ResultService
from matting_core.results.stages import SHARED, Place
from matting_core.results.store import MatteCache
from matting_core.types import DeviceChoice, FrameRange, TrackState


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


def default_results() -> ResultService:
    """The results that runs share, so that an interrupted one can be gone on with."""
    return ResultService(MatteCache(cache_folder() / "mattes"))


def make_mattes(
    project: Project, source: FrameSource, request: ExportRequest, device: DeviceChoice
) -> Report:
    """Compute what is missing, write what is not on disk, and say what was done.

    Raises:
        MattingError: anything that the user can mend; what was done so far is kept.
    """
    began = time.perf_counter()
    watch, bar, results = Stopwatch(), ProgressBar(), default_results()
    objects = exported_objects(project)
    make_folder(request.folder)
    writer = ExportWriter(project, request)
    try:
        with watch.stage("write"):
            for progress in export_ready(project, results, request, CancelToken(), complete=True):
                bar.show(progress)
        keys = current_keys(project, results, objects, request.frames)
        missing = {k.place: k for k in keys if k is not None and not writer.is_written(k)}
        run = _Run(project, missing, results, writer, watch, bar)
        if missing:
            with watch.stage("load"):
                session = Session.open(project.settings, source, device, watch)
            with session:
                run.compute(session, request.frames)
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
    project: Project
    missing: dict[Place, MatteKey]
    results: ResultService
    writer: ExportWriter
    watch: Stopwatch
    bar: ProgressBar
    lost: dict[str, list[int]] = field(default_factory=dict)
    doubtful: dict[str, list[int]] = field(default_factory=dict)

    def compute(self, session: Session, frames: FrameRange) -> None:
        """Make what is missing, writing each result as it is complete."""
        pace, unwritten = Pace("Matting", len(self.missing)), dict(self.missing)
        wanted = {object_id: (frames,) for object_id, _ in self.missing}
        plan = self.results.plan(self.project, wanted, SHARED)
        for made in self.results.make(plan, session, self.writer.full_scale):
            if made is None:
                continue
            if made.result.key.place in self.missing:
                self._note(made.result)
            for complete in made.complete:
                key = unwritten.pop(complete.key.place, None)
                if key is not None:
                    with self.watch.stage("write"):
                        self.writer.write(key, complete.segmentation, complete.matte)
                    self.bar.show(pace.advance())

    def _note(self, result: Result) -> None:
        """Note a frame on which the object was not found, or that the tracker doubts."""
        obj, found = self.project.find(result.object_id), result.segmentation
        locked = obj.lock_on(result.frame) is not None  # approved, whatever made it
        if found.state is TrackState.LOST:
            self.lost.setdefault(obj.name, []).append(result.frame)
        elif not locked and tracker_spec(self.project.settings.tracker).doubts(found):
            self.doubtful.setdefault(obj.name, []).append(result.frame)
