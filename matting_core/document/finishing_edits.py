"""Edits of an object's finishing: pure functions `Project -> Project`."""

from __future__ import annotations

from dataclasses import replace

from matting_core.document.edits import check_changeable, with_object
from matting_core.document.finishing import LIMITS, Finishing, Parameter
from matting_core.document.project import Project
from matting_core.document.shapes import XY, Shape, ShapeKey, ShapeRole
from matting_core.document.tracks import Track
from matting_core.types import ObjectId


def set_parameter(
    project: Project,
    object_id: ObjectId,
    parameter: Parameter,
    frame: int,
    value: float,
    *,
    auto_key: bool = False,
) -> Project:
    """Set a parameter's value on a frame, clipped to its limits; see `Track.with_value`."""
    check_changeable(project.find(object_id), frame)
    limits = LIMITS[parameter]
    held = min(max(value, limits.least), limits.most)
    track = _finishing(project, object_id)[parameter].with_value(frame, held, auto_key=auto_key)
    return _with_track(project, object_id, parameter, track)


def toggle_key(project: Project, object_id: ObjectId, parameter: Parameter, frame: int) -> Project:
    """Set a parameter's keyframe on a frame, or take it away."""
    check_changeable(project.find(object_id), frame)
    track = _finishing(project, object_id)[parameter]
    changed = track.without_key(frame) if frame in track.frames else track.with_key(frame)
    return _with_track(project, object_id, parameter, changed)


def reset_parameter(project: Project, object_id: ObjectId, parameter: Parameter) -> Project:
    """Take a parameter's value and keyframes back."""
    neutral = Track(float(LIMITS[parameter].neutral))
    return _with_track(project, object_id, parameter, neutral)


def add_shape(
    project: Project, object_id: ObjectId, role: ShapeRole, frame: int, points: tuple[XY, ...]
) -> Project:
    """Draw a shape, over those that are there; its id is `next_shape_id` of before.

    Raises:
        InputError: there are fewer than three points, or the object or the frame is locked.
    """
    check_changeable(project.find(object_id), frame)
    finishing = _finishing(project, object_id)
    shape = Shape(next_shape_id(finishing), role, (ShapeKey(frame, points),))
    return _with_finishing(
        project, object_id, replace(finishing, shapes=(*finishing.shapes, shape))
    )


def move_shape(
    project: Project, object_id: ObjectId, shape_id: int, frame: int, points: tuple[XY, ...]
) -> Project:
    """Move a shape's points on a frame, which becomes a keyframe.

    Raises:
        InputError: the shape is gone, or the object or the frame is locked.
    """
    check_changeable(project.find(object_id), frame)
    shape = _finishing(project, object_id).find_shape(shape_id)
    return change_shape(project, object_id, shape.with_points(frame, points))


def toggle_shape_key(project: Project, object_id: ObjectId, shape_id: int, frame: int) -> Project:
    """Set a shape's keyframe on a frame, or take it away.

    Raises:
        InputError: the shape is gone, it is its only keyframe, or the object or frame is locked.
    """
    check_changeable(project.find(object_id), frame)
    shape = _finishing(project, object_id).find_shape(shape_id)
    changed = shape.without_key(frame) if frame in shape.frames else shape.with_key(frame)
    return change_shape(project, object_id, changed)


def add_shape_point(
    project: Project, object_id: ObjectId, shape_id: int, number: int, part: float
) -> Project:
    """Put a point on a shape's outline, on all its keyframes; see `Shape.with_point`."""
    shape = _finishing(project, object_id).find_shape(shape_id)
    return change_shape(project, object_id, shape.with_point(number, part))


def remove_shape_point(
    project: Project, object_id: ObjectId, shape_id: int, number: int
) -> Project:
    """Take a point of a shape away, on all its keyframes; see `Shape.without_point`."""
    shape = _finishing(project, object_id).find_shape(shape_id)
    return change_shape(project, object_id, shape.without_point(number))


def change_shape(project: Project, object_id: ObjectId, shape: Shape) -> Project:
    """Put a shape in the place of the one with its id."""
    finishing = _finishing(project, object_id)
    finishing.find_shape(shape.id)
    shapes = tuple(shape if other.id == shape.id else other for other in finishing.shapes)
    return _with_finishing(project, object_id, replace(finishing, shapes=shapes))


def remove_shape(project: Project, object_id: ObjectId, shape_id: int) -> Project:
    """Take a shape away."""
    finishing = _finishing(project, object_id)
    finishing.find_shape(shape_id)
    kept = tuple(shape for shape in finishing.shapes if shape.id != shape_id)
    return _with_finishing(project, object_id, replace(finishing, shapes=kept))


def next_shape_id(finishing: Finishing) -> int:
    """Id of the next shape."""
    return max((shape.id for shape in finishing.shapes), default=0) + 1


def _finishing(project: Project, object_id: ObjectId) -> Finishing:
    return project.find_unlocked(object_id).finishing


def _with_track(
    project: Project, object_id: ObjectId, parameter: Parameter, track: Track
) -> Project:
    finishing = _finishing(project, object_id).with_track(parameter, track)
    return _with_finishing(project, object_id, finishing)


def _with_finishing(project: Project, object_id: ObjectId, finishing: Finishing) -> Project:
    return with_object(project, replace(project.find_unlocked(object_id), finishing=finishing))
