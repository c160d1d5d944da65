from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matting_core.document import edits
from matting_core.document.project import Project, Settings
from matting_core.document.prompts import BoxPrompt, Label, PointPrompt, TextPrompt
from matting_core.document.propagation import governing_frame
from matting_core.document.refine import RefineStrokes
from matting_core.errors import InputError, ModelError
from matting_core.models.trackers.base import TrackerSpec
from matting_core.results import stages as digests
from matting_core.results.recipes import MatteKey, matte_key, segmentation_key
from matting_core.types import Quality
from tests.core.factories import BOX, ONE, TWO, a_box, a_clip, a_mask, a_project
from tests.tables import table

FRAMES = range(12)
Keys = dict[int, MatteKey | None]


def _masks(project: Project, object_id=ONE) -> Keys:
    return {frame: segmentation_key(project, object_id, frame) for frame in FRAMES}


def _mattes(project: Project, object_id=ONE) -> Keys:
    return {frame: matte_key(project, object_id, frame) for frame in FRAMES}


def _changed(before: Keys, after: Keys) -> list[int]:
    return [frame for frame in FRAMES if before[frame] != after[frame]]


@given(st.sets(st.sampled_from(FRAMES), min_size=1, max_size=4), st.sampled_from(FRAMES))
def test_a_new_prompt_changes_just_the_frames_it_governs(anchors, frame) -> None:
    before = a_project(*(a_box(anchor) for anchor in sorted(anchors)))
    after = edits.add_prompts(before, ONE, [PointPrompt(frame, (20, 20))])
    frames = sorted({*anchors, frame})
    governed = [f for f in FRAMES if governing_frame(frames, f) == frame]
    assert _changed(_masks(before), _masks(after)) == governed
    assert _changed(_mattes(before), _mattes(after)) == governed


def test_a_prompt_taken_back_gives_the_old_keys() -> None:
    project = a_project(a_box(2))
    prompt = PointPrompt(7, (20, 20))
    grown = edits.add_prompts(project, ONE, [prompt])
    assert _mattes(edits.remove_prompt(grown, ONE, prompt)) == _mattes(project)


def test_with_a_model_that_looks_at_all_prompts_every_frame_changes(monkeypatch) -> None:
    spec = TrackerSpec("fake", "", "1", lambda *_: None, influence="all")
    monkeypatch.setattr(digests, "tracker_spec", lambda _: spec)
    before = a_project(a_box(2))
    after = edits.add_prompts(before, ONE, [a_box(11)])
    assert _changed(_masks(before), _masks(after)) == list(FRAMES)


@pytest.fixture
def leaning(monkeypatch) -> None:
    """A tracker whose boxes lean on frames that were prompted earlier."""
    spec = TrackerSpec("fake", "", "1", lambda *_: None, influence="earlier")
    monkeypatch.setattr(digests, "tracker_spec", lambda _: spec)


@pytest.mark.usefixtures("leaning")
def test_a_later_box_changes_nothing_that_stood() -> None:
    before = a_project(a_box(2))
    after = edits.add_prompts(before, ONE, [a_box(11)])
    assert _changed(_masks(before), _masks(after)) == [7, 8, 9, 10, 11]


@pytest.mark.usefixtures("leaning")
@table(("later", "changed"), [(a_box(11), range(12)), (a_mask(11), range(7))])
def test_what_a_later_box_leans_on_changes_it_too(later, changed) -> None:
    before = a_project(a_box(2), later)
    after = edits.add_prompts(before, ONE, [PointPrompt(2, (20, 20))])
    assert _changed(_masks(before), _masks(after)) == list(changed)


def test_the_head_changes_mattes_but_not_masks() -> None:
    before = a_project()
    after = edits.set_settings(before, replace(before.settings, head="closed-form"))
    assert _masks(before) == _masks(after)
    assert _changed(_mattes(before), _mattes(after)) == list(FRAMES)


@table(
    "settings",
    [Settings("sam2-tiny-flow", "mask"), Settings("fake", "mask", Quality.FULL)],
)
def test_tracker_and_quality_change_everything(settings) -> None:
    before = a_project()
    after = edits.set_settings(before, settings)
    assert _changed(_masks(before), _masks(after)) == list(FRAMES)
    assert _changed(_mattes(before), _mattes(after)) == list(FRAMES)


def test_another_clip_changes_everything_and_a_moved_one_nothing() -> None:
    before = a_project()
    other = replace(before, clip=a_clip(fingerprint="0" * 32))
    moved = replace(before, clip=replace(a_clip(), path="/elsewhere/disc.mp4"))
    assert _changed(_masks(before), _masks(other)) == list(FRAMES)
    assert _changed(_mattes(before), _mattes(other)) == list(FRAMES)
    assert _mattes(moved) == _mattes(before)


@table("which", ["tracker_spec", "head_spec"])
def test_a_models_new_version_changes_what_it_made(monkeypatch, which) -> None:
    project = a_project()
    masks, mattes = _masks(project), _mattes(project)
    real = getattr(digests, which)
    monkeypatch.setattr(digests, which, lambda name: replace(real(name), version="next"))
    assert _changed(mattes, _mattes(project)) == list(FRAMES)
    assert _changed(masks, _masks(project)) == (list(FRAMES) if which == "tracker_spec" else [])


def test_names_colours_and_other_objects_change_nothing() -> None:
    before = a_project(objects=2)
    first = before.find(ONE)
    after = [
        edits.rename_object(before, ONE, "other"),
        edits.set_visible(before, ONE, False),
        replace(before, objects=(replace(first, color="#123456"), before.find(TWO))),
        edits.add_prompts(before, TWO, [a_box(5)]),
        edits.remove_object(before, TWO),
        edits.set_work_range(before, None),
    ]
    for project in after:
        assert _mattes(project) == _mattes(before)
        assert _masks(project) == _masks(before)


def test_objects_with_the_same_prompts_have_their_own_keys() -> None:
    project = edits.add_prompts(a_project(objects=2), TWO, [a_box(0)])
    assert set(_masks(project).values()).isdisjoint(_masks(project, TWO).values())


@table(
    ("one", "other"),
    [
        (PointPrompt(0, (5, 6)), PointPrompt(0, (6, 5))),
        (PointPrompt(0, (5, 6)), PointPrompt(0, (5, 6), Label.BACKGROUND)),
        (a_box(0), BoxPrompt(0, (10, 12, 40, 36.001))),
        (a_box(0), a_box(1)),
        (a_mask(0), a_mask(0, box=(1, 1, 5, 5))),
        (a_mask(0), a_box(0)),
        (TextPrompt(0, "a dog"), TextPrompt(0, "a cat")),
    ],
)
def test_different_prompts_have_different_keys(one, other) -> None:
    assert segmentation_key(a_project(one), ONE, 0) != segmentation_key(a_project(other), ONE, 0)


@table(
    ("one", "same"),
    [
        (BoxPrompt(0, (1, 2, 3, 4)), BoxPrompt(0, (1.0, 2.0, 3.0, 4.0))),
        (PointPrompt(0, (0.0, 5)), PointPrompt(0, (-0.0, np.float64(5)))),
    ],
)
def test_equal_prompts_have_equal_keys(one, same) -> None:
    assert one == same
    digests._prompt_text.cache_clear()
    first = segmentation_key(a_project(one), ONE, 0)
    digests._prompt_text.cache_clear()
    assert segmentation_key(a_project(same), ONE, 0) == first


def test_keys_are_the_same_in_another_process() -> None:
    """A cache on disk is of use only as long as this holds; see `TrackerSpec.version`."""
    project = a_project(a_box(0), PointPrompt(4, (1.5, 2)))
    assert segmentation_key(project, ONE, 0).digest == "430fe36fa47f646e3c7af5a7a2d89b01"
    assert matte_key(project, ONE, 4).digest == "ae6fd21133e443017d4ae9c693bb11d1"


def test_no_prompts_no_key() -> None:
    project = a_project(objects=2)
    assert segmentation_key(project, TWO, 0) is None
    assert matte_key(project, TWO, 0) is None


def test_what_cannot_have_a_key() -> None:
    project = a_project()
    with pytest.raises(InputError, match="No clip"):
        matte_key(Project(), ONE, 0)
    with pytest.raises(InputError, match="no object 7"):
        matte_key(project, 7, 0)
    with pytest.raises(ModelError, match="unheard-of"):
        matte_key(replace(project, settings=Settings("unheard-of", BOX)), ONE, 0)


def test_strokes_change_the_matte_of_their_frame_alone_and_no_mask() -> None:
    before = a_project(a_box(2))
    after = edits.set_strokes(before, ONE, RefineStrokes(5, b"strokes"))
    assert _changed(_masks(before), _masks(after)) == []
    assert _changed(_mattes(before), _mattes(after)) == [5]
    others = edits.set_strokes(before, ONE, RefineStrokes(5, b"other strokes"))
    assert _mattes(others)[5] != _mattes(after)[5]
    assert _mattes(edits.clear_strokes(after, ONE, 5)) == _mattes(before)


def test_a_locked_object_keeps_its_keys_when_other_models_are_chosen() -> None:
    locked = edits.set_locked(
        edits.add_prompts(a_project(a_box(2), objects=2), TWO, [a_box(2)]), ONE, True
    )
    other = edits.set_settings(locked, Settings("fake", "closed-form", Quality.FULL))
    assert _mattes(other) == _mattes(locked)
    assert _masks(other) == _masks(locked)
    assert _changed(_mattes(other, TWO), _mattes(locked, TWO)) == list(FRAMES)
    opened = edits.set_locked(other, ONE, False)
    assert _changed(_mattes(opened), _mattes(locked)) == list(FRAMES)
