"""Finished mattes: what is cached, with the objects' finishing and sharing applied."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from matting_core.document.project import Project
from matting_core.matte.finishing import finish, share_alpha
from matting_core.results.recipes import matte_key, sharing_objects
from matting_core.results.store import MatteCache
from matting_core.types import Matte, ObjectId, Plane


def present_objects(
    project: Project, cache: MatteCache, object_id: ObjectId, frame: int
) -> tuple[ObjectId, ...]:
    """Those of `sharing_objects` that have today's matte on the frame.

    Who has none there, such as an object that was added late and is not tracked yet, leaves the
    others as they are.

    Raises:
        InputError: no clip is open or there is no such object.
        ModelError: the project's tracker or head is unknown.
    """
    sharing = sharing_objects(project, object_id, frame)
    return tuple(each for each in sharing if is_present(project, cache, each, frame))


def is_present(project: Project, cache: MatteCache, object_id: ObjectId, frame: int) -> bool:
    """Whether the cache has the object's matte on a frame; raises as `present_objects`."""
    key = matte_key(project, object_id, frame)
    return key is not None and cache.has_matte(key)


def finished_matte(
    project: Project,
    cache: MatteCache,
    object_id: ObjectId,
    frame: int,
    sharing: Collection[ObjectId] | None = None,
    full_scale: int | None = None,
) -> Matte | None:
    """The object's matte on a frame, finished; None while something that it needs is missing.

    Args:
        project: the document.
        cache: where mattes are.
        object_id: whose.
        frame: its index.
        sharing: the objects that share alpha on the frame, as for `finished_key`.
        full_scale: of the whole numbers that shared alphas are going to be written as.

    Raises:
        As `present_objects`.
    """
    if sharing is None:
        sharing = sharing_objects(project, object_id, frame)
    mattes: dict[ObjectId, Matte] = {}
    for each in sorted(sharing):
        key = matte_key(project, each, frame)
        matte = None if key is None else cache.get_matte(key)
        if matte is None:
            return None
        mattes[each] = matte
    alphas = _shared_alphas(project, mattes, frame, full_scale)
    alpha, own = alphas[object_id], mattes[object_id]
    return own if alpha is own.alpha else replace(own, alpha=alpha)


def _shared_alphas(
    project: Project, mattes: Mapping[ObjectId, Matte], frame: int, full_scale: int | None
) -> dict[ObjectId, Plane]:
    objects = [project.find(each) for each in mattes]
    alphas = [finish(mattes[obj.id].alpha, obj.finishing_on(frame), frame) for obj in objects]
    locked = {number for number, obj in enumerate(objects) if obj.is_locked_on(frame)}
    return dict(zip(mattes, share_alpha(alphas, locked, full_scale), strict=True))
