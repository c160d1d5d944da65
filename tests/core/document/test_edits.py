from __future__ import annotations

import math
from dataclasses import FrozenInstanceError, replace

import pytest

from matting_core.document import edits, span_edits
from matting_core.document.project import PALETTE, MatteObject, Project, Settings
from matting_core.document.prompts import BoxPrompt, Label, PointPrompt
from matting_core.document.refine import RefineStrokes
from matting_core.errors import InputError
from matting_core.types import FrameRange, Quality, Size
from tests.core.factories import ONE, TWO, a_box, a_clip, a_mask, a_project
from tests.tables import table

BAD_NAMES = [
    *("", " ", ".", "..", "../x", "a/b", "/a", "a\\b", "C:x", "a*", "a?", 'a"', "<a>", "a|b"),
    *("a\nb", "a\0", " a", "a ", "a.", ".hidden", "x" * 65, "con", "NUL.txt", "Com1", "\ud800"),
]
GOOD_NAMES = ["dog", "Hund & Katze", "猫", "a.b", "console", "x" * 64, "left-arm_2", "O'Neil"]
BAD_PROMPTS = [
    *(PointPrompt(-1, (1, 1)), PointPrompt(12, (1, 1)), a_box(12), a_mask(12)),
    *(PointPrompt(0, (-0.1, 1)), PointPrompt(0, (1, 48.1)), PointPrompt(0, (64.1, 1))),
    *(PointPrompt(0, (math.nan, 1)), PointPrompt(0, (1, math.inf))),
    *(a_box(0, (40, 12, 10, 36)), a_box(0, (10, 36, 40, 12)), a_box(0, (10, 12, 10, 36))),
    *(a_box(0, (10, 12, math.nan, 36)), a_box(0, (-1, 12, 40, 36)), a_box(0, (10, 12, 40, 49))),
]


def test_projects_cannot_be_changed_in_place() -> None:
    project = a_project()
    for thing, field in ((project, "objects"), (project.find(ONE), "name"), (a_box(0), "frame")):
        with pytest.raises(FrozenInstanceError):
            setattr(thing, field, None)


def test_no_edit_touches_the_project_it_is_given() -> None:
    project = a_project(a_box(0), PointPrompt(3, (5, 5)), objects=2)
    twin = a_project(a_box(0), PointPrompt(3, (5, 5)), objects=2)
    results = [
        edits.set_clip(project, a_clip(fingerprint="0" * 32)),
        edits.add_object(project),
        edits.insert_object(project, MatteObject(9, "new", "#000000", (a_box(1),))),
        edits.remove_object(project, ONE),
        edits.rename_object(project, ONE, "other"),
        edits.set_visible(project, ONE, False),
        edits.add_prompts(project, ONE, [a_box(5)]),
        edits.remove_prompt(project, ONE, a_box(0)),
        edits.clear_frame(project, ONE, 3),
        edits.set_settings(project, Settings(quality=Quality.FULL)),
        edits.set_work_range(project, FrameRange(2, 4)),
    ]
    assert project == twin
    assert all(result != project for result in results)


def test_objects_get_names_colours_and_ids_of_their_own() -> None:
    project = Project()
    for _ in range(9):
        project = edits.add_object(project)
    assert [obj.id for obj in project] == list(range(1, 10))
    assert [obj.name for obj in project] == [f"object {n}" for n in range(1, 10)]
    assert [obj.color for obj in project][:7] == list(PALETTE)


def test_no_two_of_many_objects_have_one_colour() -> None:
    project = Project()
    for _ in range(21):
        project = edits.add_object(project)
    colors = [obj.color for obj in project]
    assert len(set(colors)) == 21
    assert edits.add_object(project).objects[-1].color in colors


def test_ids_are_never_used_again() -> None:
    project = edits.add_object(edits.add_object(Project()))
    project = edits.add_object(edits.remove_object(project, TWO))
    assert [obj.id for obj in project] == [1, 3]
    project = edits.insert_object(a_project(), MatteObject(7, "seven", ""))
    project = edits.add_object(edits.remove_object(project, 7))
    assert [obj.id for obj in project] == [1, 8]


def test_a_given_name_that_looks_automatic_is_stepped_over() -> None:
    project = edits.add_object(Project(), "Object 2")
    assert edits.add_object(project).objects[1].name == "object 3"


@table("name", BAD_NAMES)
def test_names_that_cannot_be_folders_are_refused(name) -> None:
    project = a_project()
    with pytest.raises(InputError):
        edits.add_object(project, name)
    with pytest.raises(InputError):
        edits.rename_object(project, ONE, name)


@table("name", GOOD_NAMES)
def test_other_names_are_kept_as_they_are(name) -> None:
    assert edits.rename_object(a_project(), ONE, name).find(ONE).name == name


@table("name", ["dog", "DOG", "Dog"])
def test_names_are_unique_whatever_their_case(name) -> None:
    project = edits.rename_object(a_project(objects=2), ONE, "dog")
    with pytest.raises(InputError, match="name"):
        edits.rename_object(project, TWO, name)
    with pytest.raises(InputError, match="name"):
        edits.add_object(project, name)


def test_an_object_may_keep_its_own_name() -> None:
    project = edits.rename_object(a_project(), ONE, "dog")
    assert edits.rename_object(project, ONE, "Dog").find(ONE).name == "Dog"


def test_inserting_a_taken_id_is_refused() -> None:
    with pytest.raises(InputError, match="id '1'"):
        edits.insert_object(a_project(), MatteObject(ONE, "other", ""))


def test_inserted_objects_keep_their_id_and_prompts() -> None:
    project = edits.insert_object(a_project(), MatteObject(5, "five", "", (a_box(2), a_box(2))))
    assert project.find(5).prompts == (a_box(2),)
    with pytest.raises(InputError, match="outside"):
        edits.insert_object(project, MatteObject(6, "six", "", (PointPrompt(0, (99, 0)),)))


@table("prompt", BAD_PROMPTS)
def test_prompts_that_do_not_fit_the_clip_are_refused(prompt) -> None:
    with pytest.raises(InputError):
        edits.add_prompts(a_project(), ONE, [prompt])


@table("prompt", [PointPrompt(11, (64, 48)), PointPrompt(0, (0, 0)), a_box(0, (0, 0, 64, 48))])
def test_prompts_may_reach_the_frames_edge(prompt) -> None:
    assert prompt in edits.add_prompts(a_project(), ONE, [prompt]).find(ONE).prompts


def test_prompts_need_a_clip() -> None:
    with pytest.raises(InputError, match="No clip"):
        edits.add_prompts(edits.add_object(Project()), ONE, [a_box(0)])


def test_one_bad_prompt_keeps_the_others_out() -> None:
    project = a_project()
    with pytest.raises(InputError):
        edits.add_prompts(project, ONE, [a_box(3), a_box(99)])
    assert project.find(ONE).prompts == (a_box(0),)


def test_a_box_replaces_the_frames_box_and_a_mask_the_frames_mask() -> None:
    old = (a_box(0), a_box(3), a_mask(0), PointPrompt(0, (1, 1)))
    box, mask = BoxPrompt(0, (1, 1, 9, 9)), a_mask(0, box=(0, 0, 5, 5))
    project = edits.add_prompts(a_project(*old), ONE, [box, mask])
    assert project.find(ONE).prompts == (a_box(3), PointPrompt(0, (1, 1)), box, mask)


def test_points_add_up() -> None:
    points = [PointPrompt(0, (1, 1)), PointPrompt(0, (1, 1)), PointPrompt(0, (2, 2), Label(0))]
    assert edits.add_prompts(a_project(), ONE, points).find(ONE).prompts == (a_box(0), *points)


def test_removing_a_prompt_takes_just_one_of_equal_ones() -> None:
    point = PointPrompt(0, (1, 1))
    project = a_project(point, point, a_box(2))
    project = edits.remove_prompt(project, ONE, point)
    assert project.find(ONE).prompts == (point, a_box(2))
    project = edits.remove_prompt(project, ONE, point)
    with pytest.raises(InputError, match="not there"):
        edits.remove_prompt(project, ONE, point)


def test_clearing_a_frame_leaves_the_others() -> None:
    project = a_project(a_box(0), PointPrompt(0, (1, 1)), a_box(4))
    assert edits.clear_frame(project, ONE, 0).find(ONE).prompts == (a_box(4),)


@table(
    "edit",
    [
        lambda p: edits.remove_object(p, 9),
        lambda p: edits.rename_object(p, 9, "x"),
        lambda p: edits.set_visible(p, 9, True),
        lambda p: edits.add_prompts(p, 9, []),
        lambda p: edits.remove_prompt(p, 9, a_box(0)),
        lambda p: edits.clear_frame(p, 9, 0),
    ],
)
def test_edits_of_an_object_that_is_not_there_say_so(edit) -> None:
    with pytest.raises(InputError, match="no object 9"):
        edit(a_project())


def test_a_moved_clip_keeps_everything_and_another_one_starts_afresh() -> None:
    project = edits.set_work_range(a_project(), FrameRange(1, 5))
    moved = replace(a_clip(), path="/elsewhere.mp4")
    assert edits.set_clip(project, moved) == replace(project, clip=moved)
    other = edits.set_clip(project, a_clip(3, Size(8, 8), "0" * 32))
    assert (other.objects, other.work_range, other.settings) == ((), None, project.settings)


def test_work_range_stays_in_the_clip() -> None:
    project = a_project()
    assert project.range == FrameRange(0, 12)
    assert edits.set_work_range(project, FrameRange(10, 12)).range == FrameRange(10, 12)
    with pytest.raises(InputError, match="12 frames"):
        edits.set_work_range(project, FrameRange(10, 13))
    with pytest.raises(InputError, match="No clip"):
        _ = Project().range


def test_objects_know_their_prompted_frames() -> None:
    obj = a_project(a_box(7), a_box(2), PointPrompt(7, (1, 1))).find(ONE)
    assert obj.prompt_frames == (2, 7)
    assert obj.prompts_on(7) == (a_box(7), PointPrompt(7, (1, 1)))
    assert obj.prompts_on(3) == ()


def test_a_duplicate_follows_its_original_with_prompts_and_its_own_identity() -> None:
    project = edits.set_locked(a_project(a_box(0), a_mask(3), objects=2), ONE, True)
    after = edits.duplicate_object(project, ONE)
    original, copy, _ = after.objects
    assert original == project.find(ONE)
    assert (copy.id, copy.name, copy.color) == (3, "object 1 copy", PALETTE[2])
    assert copy.prompts == original.prompts
    assert not copy.locked
    assert edits.duplicate_object(after, ONE).objects[1].name == "object 1 copy 2"


def test_a_duplicate_of_a_long_name_keeps_to_the_length() -> None:
    project = edits.rename_object(a_project(), ONE, "x" * 60 + " yyy")
    names = [obj.name for obj in edits.duplicate_object(project, ONE)]
    assert names[1] == "x" * 59 + " copy"


def test_objects_move_in_the_list_and_stay_within_it() -> None:
    project = a_project(objects=3)
    for to, order in ((0, [2, 1, 3]), (2, [1, 3, 2]), (-5, [2, 1, 3]), (9, [1, 3, 2])):
        assert [obj.id for obj in edits.move_object(project, TWO, to)] == order


def test_a_free_colour_is_taken_before_one_is_used_twice() -> None:
    project = edits.set_color(a_project(objects=3), ONE, PALETTE[3])
    assert edits.add_object(project).objects[-1].color == PALETTE[4]


@table("color", ["", "red", "#12345", "#12345g", "#1234567"])
def test_what_is_no_colour_is_refused(color) -> None:
    with pytest.raises(InputError, match="no colour"):
        edits.set_color(a_project(), ONE, color)


def test_a_locked_object_refuses_what_would_change_it() -> None:
    project = edits.set_locked(a_project(a_box(0)), ONE, True)
    for edit in (
        lambda p: edits.remove_object(p, ONE),
        lambda p: edits.rename_object(p, ONE, "other"),
        lambda p: edits.set_color(p, ONE, "#123456"),
        lambda p: edits.add_prompts(p, ONE, [a_box(5)]),
        lambda p: edits.remove_prompt(p, ONE, a_box(0)),
        lambda p: edits.clear_frame(p, ONE, 0),
    ):
        with pytest.raises(InputError, match=r"^object 1 is locked; unlock it .* to change it\.$"):
            edit(project)
    assert not edits.set_locked(project, ONE, False).find(ONE).locked
    assert not edits.set_visible(project, ONE, False).find(ONE).visible


def test_a_clip_of_the_same_size_and_length_can_take_the_clips_place() -> None:
    project = a_project()
    other = replace(a_clip(fingerprint="0" * 32), path="/clips/regraded.mp4")
    assert edits.replace_clip(project, other) == replace(project, clip=other)


@table("other", [a_clip(3), a_clip(12, Size(8, 8))])
def test_a_clip_that_does_not_fit_cannot(other) -> None:
    with pytest.raises(InputError, match="size and length"):
        edits.replace_clip(a_project(), other)
    with pytest.raises(InputError, match="size and length"):
        edits.replace_clip(Project(), other)


def test_masks_take_the_place_of_masks_only() -> None:
    project = a_project(a_box(0), a_mask(0), a_mask(2))
    masks = [a_mask(0, box=(0, 0, 5, 5)), a_mask(1)]
    after = edits.put_masks(project, ONE, masks)
    assert after.find(ONE).prompts == (a_box(0), a_mask(2), *masks)


@table("object_id", [None, TWO])
def test_masks_of_no_object_make_one(object_id) -> None:
    after = edits.put_masks(a_project(), object_id, [a_mask(3)])
    assert after.objects[0] == a_project().objects[0]
    assert after.objects[1].prompts == (a_mask(3),)


def test_masks_must_be_on_the_clip() -> None:
    with pytest.raises(InputError, match="frames 0 to 11"):
        edits.put_masks(a_project(), ONE, [a_mask(12)])
    with pytest.raises(InputError, match="No clip"):
        edits.put_masks(Project(), None, [])


def test_new_strokes_take_the_place_of_the_frames_earlier_ones() -> None:
    project = edits.set_strokes(a_project(), ONE, RefineStrokes(3, b"first"))
    project = edits.set_strokes(project, ONE, RefineStrokes(4, b"other"))
    project = edits.set_strokes(project, ONE, RefineStrokes(3, b"second"))
    obj = project.find(ONE)
    assert obj.strokes_on(3) == RefineStrokes(3, b"second")
    assert len(obj.strokes) == 2
    assert edits.clear_strokes(project, ONE, 3).find(ONE).strokes_on(3) is None


def test_strokes_are_refused_outside_the_clip_and_on_locked_frames() -> None:
    with pytest.raises(InputError, match="12 frames"):
        edits.set_strokes(a_project(), ONE, RefineStrokes(12, b""))
    locked = span_edits.lock_span(a_project(), ONE, FrameRange(2, 5))
    with pytest.raises(InputError, match="locked on frame 3"):
        edits.set_strokes(locked, ONE, RefineStrokes(3, b""))
    with pytest.raises(InputError, match="locked on frame 3"):
        edits.clear_strokes(locked, ONE, 3)
    with pytest.raises(InputError, match="unlock it"):
        edits.set_strokes(edits.set_locked(a_project(), ONE, True), ONE, RefineStrokes(3, b""))


def test_masks_leave_locked_objects_and_frames_alone() -> None:
    locked = edits.set_locked(a_project(), ONE, True)
    with pytest.raises(InputError, match="is locked"):
        edits.put_masks(locked, ONE, [a_mask(1)])
    held = span_edits.lock_span(a_project(), ONE, FrameRange(2, 5))
    with pytest.raises(InputError, match="locked on frame 3"):
        edits.put_masks(held, ONE, [a_mask(1), a_mask(3)])


def test_a_lock_keeps_the_settings_of_its_moment() -> None:
    locked = edits.set_locked(a_project(a_box(0)), ONE, True)
    other = edits.set_settings(locked, Settings(quality=Quality.FULL))
    again = edits.set_locked(other, ONE, True)
    assert again.find(ONE).locked_settings == locked.settings
    assert edits.set_locked(other, ONE, False).find(ONE).locked_settings is None
    assert edits.duplicate_object(other, ONE).objects[1].locked_settings is None
