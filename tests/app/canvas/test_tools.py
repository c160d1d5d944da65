"""Tools turn gestures into edits; no window here."""

import pytest

from app.canvas.tools.gestures import Gesture, Menu, Pan, Rubber, Select, ToolContext
from app.canvas.tools.host import make_tools
from app.canvas.tools.selecting import prompt_at
from app.model.change import Change
from app.model.tool_names import ToolName
from matting_core.document import edits
from matting_core.document.project import MatteObject, Project
from matting_core.document.prompts import BoxPrompt, Label, PointPrompt
from matting_core.types import ObjectId, Size
from tests.app.factories import a_clip
from tests.tables import table

SIZE = Size(320, 240)
DOG = MatteObject(ObjectId(1), "dog", "#e69f00", (PointPrompt(3, (100.0, 80.0)),))


@pytest.fixture
def project():
    return Project(clip=a_clip(), objects=(DOG,), next_id=2)


def run(tool, *gestures, obj=DOG, frame=3):
    tools, context = make_tools(), ToolContext(frame, SIZE, obj)
    return [step for gesture in gestures for step in tools[tool].feed(context, gesture)]


def stroke(*places, button="left", control=False):
    first, *rest = places
    yield Gesture("press", first, button, control)
    for place in rest:
        yield Gesture("move", place, button, control)
    yield Gesture("release", places[-1], button, control)


@pytest.mark.parametrize(
    ("button", "control", "label"),
    [
        ("left", False, Label.FOREGROUND),
        ("right", False, Label.BACKGROUND),
        ("left", True, Label.BACKGROUND),
    ],
)
def test_a_click_adds_a_point_of_the_buttons_label(project, button, control, label):
    (step,) = run(ToolName.POINT, *stroke((40.5, 30.25), button=button, control=control))
    assert isinstance(step, Change)
    assert step.corrects
    after = step.edit(project)
    assert after.find(ObjectId(1)).prompts[-1] == PointPrompt(3, (40.5, 30.25), label)


def test_the_point_tool_moves_a_marker_in_place_of_adding_another(project):
    select, *moves = run(ToolName.POINT, *stroke((102, 81), (112, 86), (122, 91)))
    assert select == Select(DOG.prompts[0])
    assert len({move.drag for move in moves}) == 1
    for move in moves:
        project = move.edit(project)
    assert project.find(ObjectId(1)).prompts == (PointPrompt(3, (120.0, 90.0)),)


def test_the_point_tool_offers_a_markers_menu_at_the_right_button():
    steps = run(ToolName.POINT, *stroke((102, 81), button="right"))
    assert steps == [Select(DOG.prompts[0]), Menu(DOG.prompts[0])]


def test_the_pointer_is_a_hand_over_a_marker():
    context = ToolContext(3, SIZE, DOG)
    for place, pointer in (((102, 81), "point"), ((150, 81), "cross")):
        assert make_tools()[ToolName.POINT].cursor(context, Gesture("hover", place)) == pointer


def test_a_click_without_an_object_makes_one(project):
    (step,) = run(ToolName.POINT, *stroke((40, 30)), obj=None)
    after = step.edit(Project(clip=project.clip))
    assert [obj.name for obj in after] == ["object 1"]
    assert after.objects[0].prompts == (PointPrompt(3, (40, 30)),)


@table("place", [(-1, 20), (20, -1), (320, 20), (20, 240)])
def test_a_click_beside_the_frame_does_nothing(place):
    assert run(ToolName.POINT, *stroke(place)) == []


def test_a_drag_draws_a_box_clipped_to_the_frame(project):
    *rubbers, gone, step = run(ToolName.BOX, *stroke((200, 180), (100, 90), (-30, 500)))
    assert [rubber.xyxy for rubber in rubbers] == [(100, 90, 200, 180), (0, 180, 200, 240)]
    assert gone == Rubber(None)
    after = step.edit(project)
    assert after.find(ObjectId(1)).prompts[-1] == BoxPrompt(3, (0, 180, 200, 240))


def test_a_click_with_the_box_tool_draws_none():
    assert run(ToolName.BOX, *stroke((50, 50), (50.5, 50.5)))[-1] == Rubber(None)


def test_the_right_button_draws_no_box():
    assert run(ToolName.BOX, *stroke((50, 50), (90, 90), button="right")) == []


def test_dragging_a_point_moves_it_by_one_drag_of_edits(project):
    select, *changes = run(ToolName.SELECT, *stroke((101, 81), (111, 81), (121, 91)))
    assert select == Select(DOG.prompts[0])
    assert len({change.drag for change in changes}) == 1
    for change in changes:
        project = change.edit(project)
    assert project.find(ObjectId(1)).prompts == (PointPrompt(3, (120.0, 90.0)),)


def test_a_dragged_point_stays_inside_the_frame(project):
    _select, change = run(ToolName.SELECT, *stroke((100, 80), (900, -50)))
    assert change.edit(project).find(ObjectId(1)).prompts[0].xy == (320.0, 0.0)


def test_dragging_elsewhere_pans_and_deselects():
    steps = run(ToolName.SELECT, *stroke((10, 10), (14, 13)))
    assert steps == [Select(None), Pan((-4, -3))]


def test_a_box_is_hit_at_its_edges_only():
    obj = MatteObject(ObjectId(1), "dog", "#e69f00", (BoxPrompt(3, (50, 50, 150, 150)),))
    context = ToolContext(3, SIZE, obj)
    assert prompt_at(context, (52, 100), 4) == obj.prompts[0]
    assert prompt_at(context, (47, 47), 5) == obj.prompts[0]
    assert prompt_at(context, (100, 100), 4) is None
    assert prompt_at(ToolContext(4, SIZE, obj), (52, 100), 4) is None


def test_gestures_after_a_dropped_drag_do_nothing(project):
    tools, context = make_tools(), ToolContext(3, SIZE, DOG)
    tools[ToolName.BOX].feed(context, Gesture("press", (10, 10)))
    tools[ToolName.BOX].cancel()
    assert tools[ToolName.BOX].feed(context, Gesture("release", (90, 90))) == ()
    assert edits.clear_frame(project, ObjectId(1), 3).find(ObjectId(1)).prompts == ()
