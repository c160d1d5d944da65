"""Digests as the first version computed them: frame by frame, nothing kept.

What `matting_core.results.recipes` computes by span has to be the same texts, since caches on disk
and project files name results by them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from matting_core.document.finishing import FinishingValues
from matting_core.document.project import MatteObject, Project
from matting_core.document.prompts import BoxPrompt, MaskPrompt, PointPrompt, Prompt, TextPrompt
from matting_core.document.propagation import governing_frame, supporting_frames
from matting_core.errors import InputError
from matting_core.models.files.contents import hash_contents
from matting_core.models.registry import head_spec, tracker_spec
from matting_core.models.trackers.base import Influence
from matting_core.results.recipes import MatteKey
from matting_core.spans import contains
from matting_core.types import ObjectId

_ABSENT = "absent"
_SHARING_VERSION = "shared 2"
FINISHING_VERSION = "finishing 1"


def segmentation_key(
    project: Project, object_id: ObjectId, frame: int, anchor: int | None = None
) -> MatteKey | None:
    """Key of a mask."""
    if project.clip is None:
        raise InputError("No clip is open; open one first.")
    obj = project.find(object_id)
    if anchor is None and contains(obj.absent, frame):
        return MatteKey(object_id, frame, _ABSENT, project.clip.size)
    held = obj.lock_on(frame) if anchor is None else None
    if held is not None:
        return segmentation_key(project.as_when_locked(object_id, held), object_id, frame)
    settings = project.settings_of(obj)
    spec = tracker_spec(settings.tracker)
    if anchor is None:
        anchor = governing_frame(obj.prompt_frames, frame)
    if anchor is None:
        return None
    spans = _influential(obj, anchor, spec.influence)
    prompts = tuple(_prompt_text(p) for f in spans for p in obj.prompts_on(f))
    model = (spec.id, spec.version, *hash_contents(spec.weights))
    parts = (project.clip.fingerprint, *model, settings.quality.value, *prompts)
    return MatteKey(object_id, frame, _digest(parts))


def matte_key(project: Project, object_id: ObjectId, frame: int) -> MatteKey | None:
    """Key of a matte."""
    mask = segmentation_key(project, object_id, frame)
    if mask is None or mask.blank is not None:
        return mask
    obj = project.find(object_id)
    held, strokes = obj.lock_on(frame), obj.strokes_on(frame)
    settings = project.settings_of(obj) if held is None else held.settings
    head = head_spec(settings.head)
    refined = () if strokes is None else (f"refine {strokes.digest}",)
    model = (head.id, head.version, *hash_contents(head.weights))
    return MatteKey(object_id, frame, _digest((mask.digest, *model, *refined)))


def finished_key(
    project: Project,
    object_id: ObjectId,
    frame: int,
    sharing: Collection[ObjectId] | None = None,
) -> MatteKey | None:
    """Key of a finished matte."""
    own = _finished_alone(project, object_id, frame)
    if sharing is None:
        sharing = sharing_objects(project, object_id, frame)
    others = _deciding_others(project, object_id, frame, sharing)
    if own is None or not others:
        return own
    return MatteKey(object_id, frame, _digest((_SHARING_VERSION, own.digest, *others)))


def sharing_objects(project: Project, object_id: ObjectId, frame: int) -> tuple[ObjectId, ...]:
    """Who shares."""
    if not project.share_alpha or not project.find(object_id).visible:
        return (object_id,)
    visible = sorted(obj.id for obj in project if obj.visible)
    return tuple(
        each for each in visible if each == object_id or matte_key(project, each, frame) is not None
    )


def _deciding_others(
    project: Project, object_id: ObjectId, frame: int, sharing: Collection[ObjectId]
) -> tuple[str, ...]:
    """What the others are that a finished matte is shared with, and has to make room for."""
    locked = project.find(object_id).is_locked_on(frame)
    parts = []
    for each in sorted(sharing):
        key = _finished_alone(project, each, frame)
        kept = project.find(each).is_locked_on(frame)
        if each != object_id and key is not None and (kept or not locked):
            parts.append(f"{each} {key.digest} {'locked' if kept else 'free'}")
    return tuple(parts)


def _finished_alone(project: Project, object_id: ObjectId, frame: int) -> MatteKey | None:
    key = matte_key(project, object_id, frame)
    look = project.find(object_id).finishing_on(frame).values_on(frame)
    if key is None or look.neutral:
        return key
    return MatteKey(object_id, frame, _digest((FINISHING_VERSION, key.digest, *_look_text(look))))


def _look_text(look: FinishingValues) -> tuple[str, ...]:
    shapes = (
        f"{shape.role.value} {shape.inverted} {_numbers(shape.feather)} "
        + " ".join(_numbers(*xy) for xy in shape.outline)
        for shape in look.shapes
    )
    return (_numbers(*look.values), *shapes)


def _influential(obj: MatteObject, anchor: int, influence: Influence) -> tuple[int, ...]:
    """The frames whose prompts can change what `anchor` governs."""
    match influence:
        case "nearest":
            return (anchor,)
        case "earlier":
            return supporting_frames(obj.prompts, anchor)
        case "all":
            return obj.prompt_frames


def _prompt_text(prompt: Prompt) -> str:
    match prompt:
        case PointPrompt(frame, (x, y), label):
            return f"point {frame} {_numbers(x, y)} {int(label)}"
        case BoxPrompt(frame, xyxy):
            return f"box {frame} {_numbers(*xyxy)}"
        case MaskPrompt(frame, _):
            return f"mask {frame} {prompt.digest}"
        case TextPrompt(frame, text):
            return f"text {frame} {text!r}"


def _numbers(*values: float) -> str:
    """Equal numbers give equal text: 1 and 1.0, 0.0 and -0.0."""
    return " ".join(repr(float(value) + 0.0) for value in values)


def _digest(parts: tuple[str, ...]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
