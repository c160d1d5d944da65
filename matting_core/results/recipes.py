"""Recipes: what a result was made from, as one short string per span of frames.

Everything that torch makes is derived from the document. A stored result is current exactly when
its digest equals the one computed from today's project; nothing is ever invalidated by hand.

Recipes of an object are computed once and kept for the states of the project that share what they
depend on; the recipe of a frame is a bisect (decision 24).
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from matting_core.document.project import MatteObject, Project
from matting_core.errors import InputError, ModelError
from matting_core.lru import Hashed, LruCache
from matting_core.results.stages import (
    MASK,
    MATTE,
    SHARED,
    STAGES,
    Parameters,
    Stage,
    mask_text,
    models_text,
    whole_clip,
)
from matting_core.spans import SpanMap, align
from matting_core.types import FrameRange, ObjectId, Size

_ABSENT = "absent"
_KEPT_OBJECTS = 256
_KEPT_MAPS = 1024


@dataclass(frozen=True, slots=True)
class MatteKey:
    """Name of one stored result.

    Attributes:
        object_id: whose.
        frame: its index.
        digest: of all that it depends on.
        blank: the clip's size, where the object was said not to be: nothing is there, and nothing
            has to be stored to know it.
    """

    object_id: ObjectId
    frame: int
    digest: str
    blank: Size | None = None

    @property
    def place(self) -> tuple[ObjectId, int]:
        """Object and frame."""
        return self.object_id, self.frame


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the results of one object on a span of frames are made from at one stage.

    Attributes:
        digest: of all of it.
        blank: as `MatteKey.blank`.
    """

    digest: str
    blank: Size | None = None

    def key(self, object_id: ObjectId, frame: int) -> MatteKey:
        """Name of the result on a frame."""
        return MatteKey(object_id, frame, self.digest, self.blank)


AnyRecipe = Recipe | ModelError | None
"""A recipe, the error where a model is not there any more, or None without prompts."""
RecipePair = tuple[Recipe, Recipe]
"""Of a matte, and of its mask."""


class Recipes:
    """Recipes of every object, stage and span of project states. Thread-safe.

    Args:
        stages: by id.
    """

    def __init__(self, stages: Mapping[str, Stage] = STAGES) -> None:
        self._stages = stages
        self._lock = threading.RLock()
        self._maps: LruCache[Hashable, SpanMap[AnyRecipe]] = LruCache(_KEPT_MAPS)
        self._parameters: LruCache[Hashable, SpanMap[Parameters]] = LruCache(_KEPT_MAPS)
        self._names: LruCache[Hashable, tuple[MatteObject, Hashable]] = LruCache(_KEPT_OBJECTS)
        self._pairs: LruCache[Hashable, SpanMap[RecipePair]] = LruCache(_KEPT_OBJECTS)

    def spans(
        self, project: Project, object_id: ObjectId, stage: Stage = MATTE
    ) -> SpanMap[AnyRecipe]:
        """Recipes of an object at a stage that reads no other objects, by span.

        Raises:
            InputError: no clip is open or there is no such object.
        """
        obj = _object(project, object_id)
        name = self._name(project, obj, stage)
        with self._lock:
            found = self._maps.get(name)
            if found is None:
                found = self._maps.put(name, self._combine_spans(project, obj, stage))
            return found

    def pairs(self, project: Project, object_id: ObjectId) -> SpanMap[RecipePair]:
        """Recipes of an object's mattes and masks where there are any; raises as `spans`."""
        obj = _object(project, object_id)
        name = self._name(project, obj, MATTE)
        with self._lock:
            found = self._pairs.get(name)
            if found is None:
                mattes, masks = (self.spans(project, object_id, each) for each in (MATTE, MASK))
                found = self._pairs.put(
                    name,
                    SpanMap.of(
                        (span, (matte, mask))
                        for span, (matte, mask) in mattes.joined(masks)
                        if isinstance(matte, Recipe) and isinstance(mask, Recipe)
                    ),
                )
            return found

    def at(
        self,
        project: Project,
        object_id: ObjectId,
        frame: int,
        stage: Stage = MATTE,
        sharing: Collection[ObjectId] | None = None,
    ) -> Recipe | None:
        """Recipe of one result, or None while the object has no prompts.

        Args:
            project: the document.
            object_id: whose.
            frame: its index.
            stage: at which stage.
            sharing: the objects that a joint stage reads; by default all that could.

        Raises:
            InputError: no clip is open or there is no such object.
            ModelError: a model that made the result is unknown.
        """
        if stage.stored:
            found = self.spans(project, object_id, stage).get(frame)
        else:
            found = self._at(project, object_id, frame, stage, sharing)
        if isinstance(found, ModelError):
            raise found
        return found

    def sharing(self, project: Project, object_id: ObjectId, frame: int) -> tuple[ObjectId, ...]:
        """The objects whose mattes decide about a shared one, by ascending id, itself included.

        Raises:
            As `at`.
        """
        if not project.share_alpha or not project.find(object_id).visible:
            return (object_id,)
        visible = sorted(obj.id for obj in project if obj.visible)
        return tuple(
            each
            for each in visible
            if each == object_id or self.at(project, each, frame) is not None
        )

    def _at(
        self,
        project: Project,
        object_id: ObjectId,
        frame: int,
        stage: Stage,
        sharing: Collection[ObjectId] | None,
    ) -> Recipe | None:
        obj, clip = _object(project, object_id), whole_clip(project)
        before = self._input(stage)
        inputs = tuple(
            self.at(project, object_id, each, before, sharing) if each in clip else None
            for each in range(frame - stage.reach, frame + stage.reach + 1)
        )
        if stage.joint:
            parameters = self._others(project, object_id, frame, stage, sharing)
        else:
            parameters = self._parameter_map(project, obj, stage).get(frame)
        if callable(parameters):
            parameters = parameters(frame)
        made = _combine(stage, inputs[stage.reach], inputs, parameters)
        if isinstance(made, ModelError):
            raise made
        return made

    def _others(
        self,
        project: Project,
        object_id: ObjectId,
        frame: int,
        stage: Stage,
        sharing: Collection[ObjectId] | None,
    ) -> Parameters:
        """What the others are that a joint result is made with, and has to make room for."""
        if sharing is None:
            sharing = self.sharing(project, object_id, frame)
        locked = project.find(object_id).is_locked_on(frame)
        texts = []
        for each in sorted(sharing):
            recipe = self.at(project, each, frame, self._input(stage))
            fixed = project.find(each).is_locked_on(frame)
            if each != object_id and recipe is not None and (fixed or not locked):
                texts.append(f"{each} {recipe.digest} {'locked' if fixed else 'free'}")
        return tuple(texts) or None

    def _combine_spans(
        self, project: Project, obj: MatteObject, stage: Stage
    ) -> SpanMap[AnyRecipe]:
        parameters = self._parameter_map(project, obj, stage)
        if stage.input is None:
            return SpanMap.of((span, _first(stage, value)) for span, value in parameters)
        own, frames = self.spans(project, obj.id, self._input(stage)), whole_clip(project)
        inputs = [own.moved(by, frames) for by in range(-stage.reach, stage.reach + 1)]
        items: list[tuple[FrameRange, AnyRecipe]] = []
        for span, value in own.joined(parameters):
            for part, (made, texts) in _frame_by_frame(span, value):
                for cut, near in align(inputs, part):
                    items.append((cut, _combine(stage, made, near, texts)))
        return SpanMap.of(items)

    def _parameter_map(
        self, project: Project, obj: MatteObject, stage: Stage
    ) -> SpanMap[Parameters]:
        name = self._name(project, obj, stage)
        with self._lock:
            found = self._parameters.get(name)
            if found is None:
                found = self._parameters.put(name, stage.parameters(project, obj))
            return found

    def _input(self, stage: Stage) -> Stage:
        return self._stages[stage.input or stage.id]

    def _name(self, project: Project, obj: MatteObject, stage: Stage) -> Hashable:
        """All that the recipes of an object depend on up to a stage.

        Hashing prompts costs more than it saves on every frame, so what was hashed is kept by the
        identity of the object, which is frozen.
        """
        clip = project.clip
        models = tuple(
            models_text(each)
            for each in (project.settings_of(obj), *(lock.settings for lock in obj.locks))
        )
        with self._lock:
            kept = self._names.get((id(obj), stage.id))
            if kept is None or kept[0] is not obj:
                name = Hashed((stage.id, obj.id, *self._read(obj, stage)))
                kept = self._names.put((id(obj), stage.id), (obj, name))
        size = None if clip is None else (clip.fingerprint, clip.length, clip.size)
        return kept[1], size, models

    def _read(self, obj: MatteObject, stage: Stage) -> tuple[object, ...]:
        before = self._read(obj, self._input(stage)) if stage.input else ()
        return (*before, *(attrgetter(field)(obj) for field in stage.reads))


RECIPES = Recipes()
"""Recipes of the stages that Wisp has."""


def segmentation_key(
    project: Project, object_id: ObjectId, frame: int, anchor: int | None = None
) -> MatteKey | None:
    """Key of the object's mask on a frame, or None while the object has no prompts.

    A locked frame's key is that of the mask that was locked.

    Args:
        project: the document.
        object_id: whose.
        frame: its index.
        anchor: one of the object's prompted frames: the mask that this one gives there. By default
            the one that governs the frame.

    Raises:
        InputError: no clip is open or there is no such object.
        ModelError: the project's tracker is unknown.
    """
    if anchor is None:
        return _key(RECIPES.at(project, object_id, frame, MASK), object_id, frame)
    obj, clip = _object(project, object_id), project.clip
    if clip is None:
        return None
    text = mask_text(clip, obj.prompts, project.settings_of(obj), anchor)
    return MatteKey(object_id, frame, digest_of(text))


def matte_key(project: Project, object_id: ObjectId, frame: int) -> MatteKey | None:
    """Key of the object's matte on a frame, or None while it has no prompts; raises as above."""
    return _key(RECIPES.at(project, object_id, frame, MATTE), object_id, frame)


def finished_key(
    project: Project,
    object_id: ObjectId,
    frame: int,
    sharing: Collection[ObjectId] | None = None,
) -> MatteKey | None:
    """Key of the finished matte on a frame: the matte's own where finishing leaves it as it is.

    Where objects share alpha, it also depends on the finished mattes of the others; a locked one's
    on locked others alone.

    Args:
        project: the document.
        object_id: whose.
        frame: its index.
        sharing: the objects that share alpha on the frame; by default all that could.

    Raises:
        InputError: no clip is open or there is no such object.
        ModelError: the project's tracker or head is unknown.
    """
    return _key(RECIPES.at(project, object_id, frame, SHARED, sharing), object_id, frame)


@lru_cache(maxsize=65536)
def digest_of(texts: tuple[str, ...]) -> str:
    """Digest of texts."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:32]


def _key(recipe: Recipe | None, object_id: ObjectId, frame: int) -> MatteKey | None:
    return None if recipe is None else recipe.key(object_id, frame)


def _object(project: Project, object_id: ObjectId) -> MatteObject:
    if project.clip is None:
        raise InputError("No clip is open; open one first.")
    return project.find(object_id)


def _first(stage: Stage, parameters: Parameters) -> AnyRecipe:
    match parameters:
        case None | ModelError():
            return parameters
        case Size():
            return Recipe(_ABSENT, parameters)
        case tuple():
            return Recipe(digest_of((*_version(stage), *parameters)))
    raise TypeError(f"the first stage '{stage.id}' cannot be keyframed")


def _combine(
    stage: Stage, own: AnyRecipe, inputs: tuple[AnyRecipe, ...], parameters: Parameters
) -> AnyRecipe:
    """Recipe of a stage from those of its input and its own parameters."""
    if own is None or isinstance(own, ModelError) or parameters is None:
        return own
    if own.blank is not None and not stage.joint:
        return own
    error = next((each for each in (*inputs, parameters) if isinstance(each, ModelError)), None)
    if error is not None:
        return error
    if not isinstance(parameters, tuple):
        raise TypeError(f"parameters of '{stage.id}' are not those of one frame")
    digests = ("none" if not isinstance(each, Recipe) else each.digest for each in inputs)
    return Recipe(digest_of((*_version(stage), *digests, *map(str, parameters))))


def _version(stage: Stage) -> tuple[str, ...]:
    return () if stage.version is None else (stage.version,)


def _frame_by_frame(
    span: FrameRange, value: tuple[AnyRecipe, Parameters]
) -> list[tuple[FrameRange, tuple[AnyRecipe, Parameters]]]:
    """A span as it is, or its frames where the parameters are keyframed."""
    made, parameters = value
    if not callable(parameters):
        return [(span, value)]
    return [(FrameRange(f, f + 1), (made, parameters(f))) for f in span]
