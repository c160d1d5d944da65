"""Stages of a result as data: mask > matte > finished > shared; adding one is one entry here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from matting_core.document.finishing import Finishing, FinishingValues
from matting_core.document.project import Clip, MatteObject, Project, Settings
from matting_core.document.prompts import BoxPrompt, MaskPrompt, PointPrompt, Prompt, TextPrompt
from matting_core.document.propagation import supporting_frames
from matting_core.errors import ModelError
from matting_core.matte.finishing import apply_values, share_alpha
from matting_core.models.registry import head_spec, identify, tracker_spec
from matting_core.models.trackers.base import Influence
from matting_core.spans import SpanMap
from matting_core.types import FrameRange, Matte, ObjectId, Plane, Size

FINISHING_VERSION = "finishing 1"
"""Goes into digests; another one whenever `matting_core.matte.finishing` gives other alphas."""
_SHARING_VERSION = "shared 2"

Texts = tuple[str, ...]
"""What a stage's result depends on besides its inputs, as it goes into the digest."""
Parameters = Texts | Size | ModelError | Callable[[int], Texts | None] | None
"""Of a span: texts; a function from frame to texts where they are keyframed; None where the stage
leaves its input as it is; the clip's size where the object was said to be absent; the error where a
model is not there any more."""
Place = tuple[ObjectId, int]
"""Object and frame."""


@dataclass(frozen=True, slots=True)
class Materials:
    """Everything that a stage makes one result from.

    Attributes:
        project: whose settings count.
        object_id: whose result.
        frame: its index.
        mattes: the input's, by object and frame: of the frames in reach, and of the other objects
            on this frame for a joint stage.
        full_scale: of the whole numbers that alphas are going to be written as, if they are.
    """

    project: Project
    object_id: ObjectId
    frame: int
    mattes: Mapping[Place, Matte]
    full_scale: int | None = None

    @property
    def own(self) -> Matte:
        """The input on the frame itself."""
        return self.mattes[self.object_id, self.frame]


@dataclass(frozen=True, slots=True)
class Stage:
    """One step from prompts to the matte that is shown and written.

    Attributes:
        id: stable name.
        version: goes into digests, another one whenever results change; None where the parameters
            name the version of a model.
        input: id of the stage that it works on; None for the first.
        parameters: what the results of an object depend on besides the input, by span.
        reads: the fields of a `MatteObject` that `parameters` looks at.
        make: makes one result; None where only an engine can: tracker or head.
        reach: how many frames before and after its own it reads of the input.
        stored: whether results are kept; else they are made when they are asked for.
        joint: whether it reads the input of the other objects on the frame too.
    """

    id: str
    version: str | None
    input: str | None
    parameters: Callable[[Project, MatteObject], SpanMap[Parameters]]
    reads: tuple[str, ...]
    make: Callable[[Materials], Matte] | None = None
    reach: int = 0
    stored: bool = False
    joint: bool = False


def whole_clip(project: Project) -> FrameRange:
    """All frames of a project's clip."""
    return FrameRange(0, project.clip.length if project.clip else 1)


def reach_of(stage: Stage, stages: Mapping[str, Stage]) -> int:
    """How many frames before and after its own a result depends on, with all before it."""
    before = 0 if stage.input is None else reach_of(stages[stage.input], stages)
    return before + stage.reach


def is_joint(stage: Stage, stages: Mapping[str, Stage]) -> bool:
    """Whether a result depends on other objects, with all before it."""
    return stage.joint or (stage.input is not None and is_joint(stages[stage.input], stages))


def share(
    mattes: Mapping[ObjectId, Matte], locked: Collection[ObjectId], full_scale: int | None = None
) -> dict[ObjectId, Matte]:
    """Hold the alphas of one frame's objects to a sum of 1 (`matte.finishing.share_alpha`)."""
    ids = sorted(mattes)
    fixed = {number for number, each in enumerate(ids) if each in locked}
    alphas = share_alpha([mattes[each].alpha for each in ids], fixed, full_scale)
    return {each: _with_alpha(mattes[each], alpha) for each, alpha in zip(ids, alphas, strict=True)}


def finish(matte: Matte, values: FinishingValues) -> Matte:
    """Finish a matte with the values of its frame; where nothing is to be done, `matte` itself."""
    return _with_alpha(matte, apply_values(matte.alpha, values))


def mask_text(clip: Clip, prompts: tuple[Prompt, ...], settings: Settings, anchor: int) -> Texts:
    """What the mask that a prompted frame gives depends on.

    Raises:
        ModelError: the tracker is unknown.
    """
    spec = tracker_spec(settings.tracker)
    frames = _influential(prompts, anchor, spec.influence)
    said = (_prompt_text(p) for frame in frames for p in prompts if p.frame == frame)
    return (clip.fingerprint, *identify(spec), settings.quality.value, *said)


def models_text(settings: Settings) -> tuple[Hashable, ...]:
    """What digests say of the models; other files or another version are other models."""
    head = _head_text(settings)
    return settings, _tracker_text(settings), head if isinstance(head, tuple) else None


def _with_alpha(matte: Matte, alpha: Plane) -> Matte:
    return matte if alpha is matte.alpha else replace(matte, alpha=alpha)


def _mask_parameters(project: Project, obj: MatteObject) -> SpanMap[Parameters]:
    clip = project.clip
    if clip is None:
        return SpanMap()
    absent = _map((span, clip.size) for span in obj.absent)
    locks = (
        item for lock in obj.locks for item in _govern(clip, lock.prompts, lock.settings, lock.span)
    )
    unprompted = _map((lock.span, None) for lock in obj.locks)
    free = _govern(clip, obj.prompts, project.settings_of(obj), whole_clip(project))
    return absent.over(_map(locks)).over(unprompted).over(_map(free))


def _govern(
    clip: Clip, prompts: tuple[Prompt, ...], settings: Settings, span: FrameRange
) -> Iterator[tuple[FrameRange, Parameters]]:
    """Yield what each prompted frame gives on the part of a range that it governs."""
    anchors = sorted({prompt.frame for prompt in prompts})
    for number, anchor in enumerate(anchors):
        first = (anchors[number - 1] + anchor) // 2 + 1 if number else 0
        last = number + 1 == len(anchors)
        stop = clip.length if last else (anchor + anchors[number + 1]) // 2 + 1
        start, stop = max(first, span.start), min(stop, span.stop)
        if start < stop:
            try:
                text: Parameters = mask_text(clip, prompts, settings, anchor)
            except ModelError as error:
                text = error
            yield FrameRange(start, stop), text


def _matte_parameters(project: Project, obj: MatteObject) -> SpanMap[Parameters]:
    locked = _map((lock.span, _head_text(lock.settings)) for lock in obj.locks)
    models = locked.over(_map([(whole_clip(project), _head_text(project.settings_of(obj)))]))
    length = whole_clip(project).stop
    strokes = []
    for each in sorted(obj.strokes, key=lambda strokes: strokes.frame):
        model = models.get(each.frame) if each.frame < length else None
        if isinstance(model, tuple):
            text = (*model, f"refine {each.digest}")
            strokes.append((FrameRange(each.frame, each.frame + 1), text))
    return _map(strokes).over(models)


def _head_text(settings: Settings) -> Texts | ModelError:
    try:
        return identify(head_spec(settings.head))
    except ModelError as error:
        return error


def _tracker_text(settings: Settings) -> Hashable:
    try:
        spec = tracker_spec(settings.tracker)
    except ModelError:
        return None
    return identify(spec), spec.influence


def _finishing_parameters(project: Project, obj: MatteObject) -> SpanMap[Parameters]:
    absent = _map((span, None) for span in obj.absent)
    locked = _map((lock.span, _finishing_text(lock.finishing)) for lock in obj.locks)
    free = _map([(whole_clip(project), _finishing_text(obj.finishing))])
    return absent.over(locked).over(free)


def _finishing_text(finishing: Finishing) -> Parameters:
    if finishing.key_frames:
        return lambda frame: _values_text(finishing.values_on(frame))
    return _values_text(finishing.values_on(0))


@lru_cache(maxsize=1024)
def _values_text(values: FinishingValues) -> Texts | None:
    if values.neutral:
        return None
    shapes = (
        f"{shape.role.value} {shape.inverted} {_numbers(shape.feather)} "
        + " ".join(_numbers(*xy) for xy in shape.outline)
        for shape in values.shapes
    )
    return (_numbers(*values.values), *shapes)


def _make_finished(materials: Materials) -> Matte:
    obj, frame = materials.project.find(materials.object_id), materials.frame
    return finish(materials.own, obj.finishing_on(frame).values_on(frame))


def _make_shared(materials: Materials) -> Matte:
    frame, mattes = materials.frame, {each: m for (each, _), m in materials.mattes.items()}
    locked = [each for each in mattes if materials.project.find(each).is_locked_on(frame)]
    return share(mattes, locked, materials.full_scale)[materials.object_id]


def _influential(prompts: tuple[Prompt, ...], anchor: int, influence: Influence) -> tuple[int, ...]:
    """The frames whose prompts can change what `anchor` governs."""
    match influence:
        case "nearest":
            return (anchor,)
        case "earlier":
            return supporting_frames(prompts, anchor)
        case "all":
            return tuple(sorted({prompt.frame for prompt in prompts}))


@lru_cache(maxsize=4096)
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


def _map(items: Iterable[tuple[FrameRange, Parameters]]) -> SpanMap[Parameters]:
    return SpanMap.of(items)


def _no_parameters(project: Project, _obj: MatteObject) -> SpanMap[Parameters]:
    return _map([(whole_clip(project), ())])


_PROMPTED = ("prompts", "locks", "absent", "locked_settings")
MASK = Stage("mask", None, None, _mask_parameters, _PROMPTED, stored=True)
MATTE = Stage("matte", None, "mask", _matte_parameters, ("strokes",), stored=True)
FINISHED = Stage(
    "finished", FINISHING_VERSION, "matte", _finishing_parameters, ("finishing",), _make_finished
)
SHARED = Stage("shared", _SHARING_VERSION, "finished", _no_parameters, (), _make_shared, joint=True)
STAGES: Mapping[str, Stage] = {stage.id: stage for stage in (MASK, MATTE, FINISHED, SHARED)}
