"""Finished mattes: what is cached, with the objects' finishing and sharing applied."""

from __future__ import annotations

from dataclasses import replace

from matting_core.cache import MatteCache
from matting_core.digests import matte_key, sharing_objects
from matting_core.document.project import Project
from matting_core.matte.finishing import finish, shared
from matting_core.types import Matte, ObjectId, Plane


def is_ready(project: Project, cache: MatteCache, object_id: ObjectId, frame: int) -> bool:
    """Whether everything that the finished matte is made of is in the cache.

    Raises:
        InputError: no clip is open or there is no such object.
        ModelError: the project's tracker or head is unknown.
    """
    keys = (matte_key(project, each, frame) for each in sharing_objects(project, object_id))
    return all(key is not None and cache.has_matte(key) for key in keys)


def finished_matte(
    project: Project, cache: MatteCache, object_id: ObjectId, frame: int
) -> Matte | None:
    """The object's matte on a frame, finished; None while something that it needs is missing.

    Raises:
        As `is_ready`.
    """
    result: Matte | None = None
    sharing = sharing_objects(project, object_id)
    alphas: list[Plane] = []
    for each in sharing:
        key = matte_key(project, each, frame)
        matte = None if key is None else cache.get_matte(key)
        if matte is None:
            return None
        alphas.append(finish(matte.alpha, project.find(each).finishing_on(frame), frame))
        if each == object_id:
            result = matte
    if result is None:
        return None
    locked = {n for n, each in enumerate(sharing) if project.find(each).keeps(frame)}
    alpha = shared(alphas, locked)[sharing.index(object_id)]
    return result if alpha is result.alpha else replace(result, alpha=alpha)
