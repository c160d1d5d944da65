"""Making results: the only loop that runs models over a clip, and single frames before it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from matting_core.document.edits import check_changeable
from matting_core.document.project import Project
from matting_core.errors import InputError, ModelError
from matting_core.models.trackers.base import TrackedFrame
from matting_core.results.engine import Engine
from matting_core.results.plans import Plan, Run
from matting_core.results.recipes import MatteKey, matte_key, segmentation_key
from matting_core.results.stats import Statistics
from matting_core.results.store import MatteCache
from matting_core.types import Matte, ObjectId, Segmentation


@dataclass(frozen=True, slots=True)
class Result:
    """One object on one frame at a stage.

    Attributes:
        key: names the matte.
        mask_key: names the mask that it was made from.
        segmentation: the tracker's answer.
        matte: the head's answer, or what later stages made of it.
    """

    key: MatteKey
    mask_key: MatteKey
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


class Maker:
    """Makes masks and mattes with an engine and stores them as they come.

    Args:
        store: keeps them.
        statistics: of the masks.
    """

    def __init__(self, store: MatteCache, statistics: Statistics) -> None:
        self._store = store
        self._statistics = statistics

    def segment(
        self, project: Project, object_id: ObjectId, frame: int, engine: Engine
    ) -> Segmentation:
        """Segment one prompted frame, or take it from the store; see `ResultService.preview`."""
        key = _require(segmentation_key(project, object_id, frame))
        segmentation = self._store.get_segmentation(key)
        if segmentation is None:
            _check(engine, project)
            segmentation = self.ask(project, object_id, frame, engine)
            self._put_mask(key, segmentation)
        return segmentation

    def ask(
        self, project: Project, object_id: ObjectId, frame: int, engine: Engine
    ) -> Segmentation:
        """Segment one prompted frame and store nothing; see `ResultService.preview`."""
        obj = project.find(object_id)
        check_changeable(obj, frame)
        if not obj.prompts_on(frame):
            raise InputError(f"Object {object_id} has no prompts on frame {frame}; add one.")
        engine.check(obj.prompts_on(frame))
        return engine.segment(frame, obj.prompts)

    def matte(
        self,
        project: Project,
        object_id: ObjectId,
        frame: int,
        segmentation: Segmentation,
        engine: Engine,
    ) -> Result:
        """Matte a segmentation, or take the matte from the store."""
        key = _require(matte_key(project, object_id, frame))
        mask_key = _require(segmentation_key(project, object_id, frame))
        matte = self._store.get_matte(key)
        if matte is None:
            _check(engine, project)
            strokes = project.find(object_id).strokes_on(frame)
            matte = engine.matte(frame, segmentation, strokes)
            self._store.put_matte(key, matte)
        return Result(key, mask_key, segmentation, matte)

    def run(self, plan: Plan, engine: Engine) -> Iterator[Result | None]:
        """Make all mattes of a plan that are missing; see `ResultService.make`."""
        _check(engine, plan.project)
        for run in plan.runs:
            for each in run.object_ids:
                engine.check(run.project.find(each).prompts)
            yield from self._matte_all(run, engine)
        for run in plan.runs:
            yield from self._track(run, engine)

    def _matte_all(self, run: Run, engine: Engine) -> Iterator[Result]:
        """Matte what is tracked but has no matte yet: another head, or a run cut in between."""
        for frame in run.frames:
            for object_id in run.object_ids:
                mask_key = segmentation_key(run.project, object_id, frame)
                key = matte_key(run.project, object_id, frame)
                if key is None or mask_key is None or self._store.has_matte(key):
                    continue
                segmentation = self._store.get_segmentation(mask_key)
                if segmentation is not None:
                    yield self.matte(run.project, object_id, frame, segmentation, engine)

    def _track(self, run: Run, engine: Engine) -> Iterator[Result | None]:
        project = run.project

        def known(
            object_id: ObjectId, frame: int, anchor: int | None = None
        ) -> Segmentation | None:
            key = segmentation_key(project, object_id, frame, anchor)
            return None if key is None else self._store.get_segmentation(key)

        prompts = {each: project.find(each).prompts for each in run.object_ids}
        with closing(engine.track(prompts, run.frames, known)) as steps:
            for step in steps:
                _check(engine, project)
                yield self._take(run, step, engine)

    def _take(self, run: Run, step: TrackedFrame, engine: Engine) -> Result | None:
        """Store a step of the tracker, and matte it if it is a result of the run."""
        key = _require(segmentation_key(run.project, step.object_id, step.frame, step.anchor))
        if not step.again:
            self._put_mask(key, step.segmentation)
        if step.frame in run.frames and not step.again and step.anchor is None:
            return self.matte(run.project, step.object_id, step.frame, step.segmentation, engine)
        return None

    def _put_mask(self, key: MatteKey, segmentation: Segmentation) -> None:
        self._store.put_segmentation(key, segmentation)
        self._statistics.add(key, segmentation)


def _check(engine: Engine, project: Project) -> None:
    """Keep what old files or other models make from being stored as made by these."""
    if engine.outdated:
        raise ModelError("A model's file was replaced while it was in use; start again.")
    fingerprint = project.clip.fingerprint if project.clip else None
    if (engine.settings, engine.fingerprint) != (project.settings, fingerprint):
        raise InputError("The clip or the models changed; open a new session.")


def _require(key: MatteKey | None) -> MatteKey:
    if key is None:
        raise InputError("The object has no prompts; click on it or draw a box first.")
    return key
