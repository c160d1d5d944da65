"""Random projects: everything that a result can depend on, edited in any order."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from matting_core.document import edits, finishing_edits, span_edits
from matting_core.document.finishing import Parameter
from matting_core.document.project import Project, Settings
from matting_core.document.prompts import Label, PointPrompt, Prompt, TextPrompt
from matting_core.document.refine import RefineStrokes
from matting_core.document.shapes import ShapeRole
from matting_core.errors import InputError
from matting_core.types import FrameRange, Quality
from tests.core.factories import a_box, a_clip, a_mask

LENGTH = 16
SETTINGS = (
    Settings("fake", "mask"),
    Settings("sam2-tiny-flow", "wisp"),
    Settings("sam2-tiny-flow", "closed-form", Quality.FULL),
    Settings("fake", "nowhere"),
    Settings("nowhere", "mask"),
)
CORNERS = ((1.0, 1.0), (30.0, 1.0), (5.0, 28.0))


def a_random_project(seed: int, steps: int = 25) -> Project:
    """A project with up to four objects and the edits that a seed stands for."""
    random = Random(seed)
    project = edits.set_clip(Project(settings=random.choice(SETTINGS[:3])), a_clip(LENGTH))
    for _ in range(random.randint(1, 4)):
        project = edits.add_object(project)
        project = edits.add_prompts(project, project.objects[-1].id, [_prompt(random)])
    for _ in range(steps):
        try:
            project = random.choice(_EDITS)(project, random)
        except InputError:
            continue  # a lock or an absence is in the way
    return project


def _prompt(random: Random) -> Prompt:
    frame, x = random.randrange(LENGTH), float(random.randint(5, 30))
    box = a_box(frame, (x, 10, x + 20, 36))
    point = PointPrompt(frame, (x, 20), random.choice(list(Label)))
    return random.choice([box, box, box, point, a_mask(frame), TextPrompt(frame, "a dog")])


def _span(random: Random) -> FrameRange:
    start = random.randrange(LENGTH - 1)
    return FrameRange(start, random.randint(start + 1, LENGTH))


def _any(project: Project, random: Random):
    return random.choice(project.objects).id


def _set_finishing(project: Project, random: Random) -> Project:
    parameter = random.choice([Parameter.GROW, Parameter.GAMMA, Parameter.FEATHER])
    frame, value = random.randrange(LENGTH), random.choice([1.0, 2.0, 3.5])
    return finishing_edits.set_parameter(
        project, _any(project, random), parameter, frame, value, auto_key=random.random() < 0.5
    )


def _add_shape(project: Project, random: Random) -> Project:
    object_id, frame = _any(project, random), random.randrange(LENGTH)
    role = random.choice(list(ShapeRole))
    project = finishing_edits.add_shape(project, object_id, role, frame, CORNERS)
    shape = project.find(object_id).finishing.shapes[-1]
    moved = tuple((x + 3, y + 1) for x, y in CORNERS)
    shape = shape.with_points(random.randrange(LENGTH), moved)
    return finishing_edits.change_shape(project, object_id, shape)


_EDITS: tuple[Callable[[Project, Random], Project], ...] = (
    lambda p, r: edits.add_prompts(p, _any(p, r), [_prompt(r)]),
    lambda p, r: edits.add_prompts(p, _any(p, r), [_prompt(r)]),
    lambda p, r: edits.clear_frame(p, _any(p, r), r.randrange(LENGTH)),
    lambda p, r: span_edits.lock_span(p, _any(p, r), _span(r)),
    lambda p, r: span_edits.unlock_span(p, _any(p, r), _span(r)),
    lambda p, r: span_edits.set_absent(p, _any(p, r), _span(r), r.random() < 0.7),
    lambda p, r: edits.set_strokes(p, _any(p, r), RefineStrokes(r.randrange(LENGTH), b"s")),
    lambda p, r: edits.set_locked(p, _any(p, r), r.random() < 0.4),
    lambda p, r: edits.set_visible(p, _any(p, r), r.random() < 0.7),
    lambda p, r: edits.set_share_alpha(p, r.random() < 0.8),
    lambda p, r: edits.set_settings(p, r.choice(SETTINGS)),
    lambda p, r: edits.set_settings(p, r.choice(SETTINGS[:3])),
    _set_finishing,
    _add_shape,
)
