"""Result service: the one place that knows what is fresh, gets results and makes them.

A result is object o on frame f at a stage (`stages.py`). Its recipe (`recipes.py`) names it in the
store (`store.py`); whoever wants one asks here, and nobody else makes keys, finishes a matte or
decides what is fresh (decision 24).
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping
from dataclasses import dataclass

from matting_core.document.finishing import FinishingValues
from matting_core.document.project import Project
from matting_core.results.engine import Engine
from matting_core.results.latest import LatestResults, ResultKeys
from matting_core.results.making import Maker, Result
from matting_core.results.plans import Plan, Wanted, plan_runs, widen
from matting_core.results.recipes import MatteKey, Recipes
from matting_core.results.stages import (
    MASK,
    MATTE,
    SHARED,
    STAGES,
    Materials,
    Place,
    Stage,
    finish,
    is_joint,
    reach_of,
    whole_clip,
)
from matting_core.results.stats import Statistics
from matting_core.results.status import Status, Statuses
from matting_core.results.store import MatteCache
from matting_core.results.unpacked import UnpackedMattes
from matting_core.spans import SpanMap, contains, intersect, union
from matting_core.types import FrameRange, Matte, ObjectId, Segmentation


@dataclass(frozen=True, slots=True)
class MakeStep:
    """A step of `make`: a matte that was made, and what it completed.

    Attributes:
        result: the new matte as the head made it.
        complete: results at the plan's stage that can be had from now on.
    """

    result: Result
    complete: tuple[Result, ...]


class ResultService:
    """Results of all objects on all frames of any state of a project.

    `statuses` and `latest` belong to one thread, that of the document; all else may be called from
    any.

    Attributes:
        store: keeps masks and mattes.
        recipes: name them.
        statistics: of the masks.
        latest: the last result known of each object on each frame.
        statuses: what is fresh, stale, locked or missing.

    Args:
        store: see the attribute.
        memory: bytes of unpacked mattes that are kept at hand for `read`.
        stages: by id.
    """

    def __init__(
        self, store: MatteCache, memory: int = 0, stages: Mapping[str, Stage] = STAGES
    ) -> None:
        self.store = store
        self.recipes = Recipes(stages)
        self.statistics = Statistics(store)
        self.latest = LatestResults()
        self.statuses = Statuses(store, self.recipes, self.statistics, self.latest)
        self._stages = stages
        self._maker = Maker(store, self.statistics)
        self._unpacked = UnpackedMattes(store, memory)

    def status(self, project: Project, object_id: ObjectId) -> SpanMap[Status]:
        """Status of an object's mattes, by span; where there is nothing, there is a gap.

        Raises:
            InputError: there is no such object.
        """
        return self.statuses.of(project, object_id)

    def keys(self, project: Project, object_id: ObjectId, frame: int) -> ResultKeys | None:
        """Names of today's matte and mask, or None without prompts or without their models."""
        if project.clip is None:
            return None
        pair = self.recipes.pairs(project, object_id).get(frame)
        return None if pair is None else ResultKeys(*(r.key(object_id, frame) for r in pair))

    def key(
        self,
        project: Project,
        object_id: ObjectId,
        frame: int,
        stage: Stage = MATTE,
        sharing: Collection[ObjectId] | None = None,
    ) -> MatteKey | None:
        """Name of a result, or None without prompts; raises as `get`."""
        recipe = self.recipes.at(project, object_id, frame, stage, sharing)
        return None if recipe is None else recipe.key(object_id, frame)

    def get(
        self,
        project: Project,
        object_id: ObjectId,
        frame: int,
        stage: Stage = SHARED,
        *,
        sharing: Collection[ObjectId] | None = None,
        full_scale: int | None = None,
        at_hand: Mapping[MatteKey, Matte] | None = None,
    ) -> Matte | None:
        """A result, or None while it, or something that it is made from, is missing.

        Args:
            project: the document.
            object_id: whose.
            frame: its index.
            stage: at which stage.
            sharing: the objects that share alpha on the frame; by default all that could.
            full_scale: of the whole numbers that shared alphas are going to be written as.
            at_hand: mattes that count instead of the stored ones.

        Raises:
            InputError: no clip is open or there is no such object.
            ModelError: a model that made the result is unknown.
        """
        key = self.key(project, object_id, frame, stage, sharing)
        if key is None:
            return None
        if at_hand and key in at_hand:
            return at_hand[key]
        if stage.make is None or (stage.stored and self.store.has_matte(key)):
            return self.store.get_matte(key)
        before = self._stages[stage.input or stage.id]
        if key == self.key(project, object_id, frame, before, sharing):
            return self.get(
                project, object_id, frame, before,
                sharing=sharing, full_scale=full_scale, at_hand=at_hand,
            )  # fmt: skip
        mattes: dict[Place, Matte] = {}
        for place in self._places(project, object_id, frame, stage, sharing):
            matte = self.get(project, *place, before, sharing=sharing, at_hand=at_hand)
            if matte is None:
                return None
            mattes[place] = matte
        made = stage.make(Materials(project, object_id, frame, mattes, full_scale))
        if not stage.stored:
            return made
        self.store.put_matte(key, made)
        return self.store.get_matte(key) or made  # rounded, as whoever asks later gets it

    def segmentation(
        self, project: Project, object_id: ObjectId, frame: int
    ) -> Segmentation | None:
        """Stored mask of an object on a frame, or None; raises as `get`."""
        key = self.key(project, object_id, frame, MASK)
        return None if key is None else self.store.get_segmentation(key)

    def read(self, key: MatteKey | None, values: FinishingValues | None = None) -> Matte | None:
        """A stored matte by its name, fresh or stale, finished with some values; or None."""
        return self._unpacked.get(key, finish, values)

    def read_statistics(self, project: Project) -> Iterator[MatteKey]:
        """Work for a lane: load statistics, and read the masks that have none yet, one a step."""
        for key in self.statuses.unread(project):
            found = self.store.get_segmentation(key)
            if found is not None:
                self.statistics.add(key, found)
            yield key
        self.statistics.flush()

    def release(self) -> None:
        """Let unpacked mattes go."""
        self._unpacked.clear()

    def sharing(
        self, project: Project, object_id: ObjectId, frame: int, *, present: bool = False
    ) -> tuple[ObjectId, ...]:
        """The objects whose mattes decide about a shared one, by ascending id, itself included.

        Args:
            project: the document.
            object_id: whose matte.
            frame: its index.
            present: only those that have today's matte on the frame. Who has none there, such as
                an object that was added late and is not tracked yet, leaves the others as they are.

        Raises:
            InputError, ModelError: as `get`.
        """
        ids = self.recipes.sharing(project, object_id, frame)
        if not present:
            return ids
        keys = ((each, self.key(project, each, frame)) for each in ids)
        return tuple(each for each, key in keys if key is not None and self.store.has_matte(key))

    def plan(self, project: Project, wanted: Wanted, stage: Stage = MATTE) -> Plan:
        """What has to run to make results of objects on spans; see `plan_runs`.

        Raises:
            InputError: there is no such object.
        """
        if stage.joint and project.share_alpha:
            wanted = self._with_partners(project, wanted)
        runs = plan_runs(project, widen(wanted, reach_of(stage, self._stages), whole_clip(project)))
        missing = sum(
            len(run.frames) - self.statuses.count(run.project, each, run.frames)
            for run in runs
            for each in run.object_ids
        )
        return Plan(project, stage, wanted, runs, missing)

    def make(
        self, plan: Plan, engine: Engine, full_scale: int | None = None
    ) -> Generator[MakeStep | None, None, None]:
        """Make what a plan wants, computing only what is not stored.

        Locked frames are left as they are, and made again only if they have left the store.

        Yields every matte that had to be computed, in the order of computing, and None after a
        frame that lies on the way from a prompt: outside the spans, known and gone through again by
        a tracker that cannot start in between, or asked of another prompt than the frame's own;
        drop the iterator to stop, everything done so far is stored.

        Args:
            plan: see `plan`.
            engine: models on the clip.
            full_scale: as for `get`, of the results that become complete.

        Raises:
            InputError: an object has no prompts, the tracker does not understand one of them, or
                the engine is not for this clip and these models.
            OutOfMemoryError: the device's memory is full; the next `make` goes on from there.
        """
        completed: set[Place] = set()
        try:
            for result in self._maker.run(plan, engine):
                if result is None:
                    yield None
                else:
                    complete = self._complete(plan, result, completed, full_scale)
                    yield MakeStep(result, complete)
        finally:
            self.statistics.flush()

    def preview(self, project: Project, object_id: ObjectId, frame: int, engine: Engine) -> Result:
        """Segment and matte one prompted frame, or take it from the store.

        Raises:
            InputError: the object has no prompts on this frame, the tracker does not understand one
                of them, or the frame is locked and its mask no longer stored.
            OutOfMemoryError: the device's memory is full.
        """
        mask = self.segment(project, object_id, frame, engine)
        return self._maker.matte(project, object_id, frame, mask, engine)

    def segment(
        self, project: Project, object_id: ObjectId, frame: int, engine: Engine
    ) -> Segmentation:
        """Segment one prompted frame, or take it from the store; raises as `preview`."""
        return self._maker.segment(project, object_id, frame, engine)

    def ask(
        self, project: Project, object_id: ObjectId, frame: int, engine: Engine
    ) -> Segmentation:
        """Segment one frame as a project would have it, and store nothing; raises as `preview`."""
        return self._maker.ask(project, object_id, frame, engine)

    def _places(
        self,
        project: Project,
        object_id: ObjectId,
        frame: int,
        stage: Stage,
        sharing: Collection[ObjectId] | None,
    ) -> list[Place]:
        """Where a stage reads its input for one result."""
        clip = whole_clip(project)
        near = range(frame - stage.reach, frame + stage.reach + 1)
        if not stage.joint:
            return [(object_id, each) for each in near if each in clip]
        ids = self.sharing(project, object_id, frame) if sharing is None else sharing
        return [(each, other) for each in sorted(ids) for other in near if other in clip]

    def _complete(
        self, plan: Plan, result: Result, before: set[Place], full_scale: int | None
    ) -> tuple[Result, ...]:
        """Results at the plan's stage that a new matte has completed.

        One that no other matte takes part in is made of what the head gave, before that was
        rounded for the store.
        """
        project, reach = plan.project, reach_of(plan.stage, self._stages)
        clip, found = whole_clip(project), []
        for frame in range(result.frame - reach, result.frame + reach + 1):
            ids = self._together(project, result.object_id, frame, plan.stage, clip)
            alone = not reach and ids == (result.object_id,)
            at_hand = {result.key: result.matte} if alone else None
            wanted = (each for each in ids if contains(plan.wanted.get(each, ()), frame))
            for place in [(each, frame) for each in wanted if (each, frame) not in before]:
                matte = self.get(
                    project, *place, plan.stage, full_scale=full_scale, at_hand=at_hand
                )
                mask = result.segmentation if alone else self.segmentation(project, *place)
                key, keys = self.key(project, *place, plan.stage), self.keys(project, *place)
                if matte is not None and mask is not None and key is not None and keys is not None:
                    before.add(place)
                    found.append(Result(key, keys.mask_key, mask, matte))
        return tuple(found)

    def _together(
        self, project: Project, object_id: ObjectId, frame: int, stage: Stage, clip: FrameRange
    ) -> tuple[ObjectId, ...]:
        """The objects whose results a new matte may complete on a frame."""
        if frame not in clip:
            return ()
        return (
            self.sharing(project, object_id, frame)
            if is_joint(stage, self._stages)
            else (object_id,)
        )

    def _with_partners(self, project: Project, wanted: Wanted) -> Wanted:
        """What is wanted, and the mattes that share alpha with it."""
        visible = [obj for obj in project if obj.visible]
        spans = union(span for obj in visible if obj.id in wanted for span in wanted[obj.id])
        partners = {
            obj.id: union(
                part
                for part, (recipe, _) in self.recipes.pairs(project, obj.id)
                if recipe.blank is None
            )
            for obj in visible
            if obj.id not in wanted
        }
        shared = {each: intersect(spans, there) for each, there in partners.items()}
        return {**wanted, **{each: there for each, there in shared.items() if there}}
