"""Finishing and sharing in keys, in what is shown and in what is exported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from matting_core.document import edits, finishing_edits, span_edits
from matting_core.document.finishing import Parameter
from matting_core.document.project import Project
from matting_core.document.shapes import ShapeRole
from matting_core.export.png import SPEC, PngOptions
from matting_core.export.run import ExportRequest, count_ready, export_ready
from matting_core.jobs import CancelToken
from matting_core.results.recipes import finished_key, matte_key, segmentation_key
from matting_core.results.service import ResultService
from matting_core.results.store import MatteCache
from matting_core.types import FrameRange, Matte, ObjectId
from tests.core.factories import ONE, SIZE, TWO, a_box, a_matte, a_project, segmentation_of

FRAMES = range(12)
SPAN = FrameRange(2, 5)
CORNERS = ((1.0, 1.0), (30.0, 1.0), (5.0, 28.0))

THREE = ObjectId(3)


@pytest.fixture
def cache() -> MatteCache:
    return MatteCache()


@pytest.fixture
def project() -> Project:
    return edits.add_prompts(a_project(objects=2), TWO, [a_box(0, (20, 10, 50, 40))])


def keys(project: Project, object_id=ONE):
    return [finished_key(project, object_id, frame) for frame in FRAMES]


def finished_matte(project, cache, object_id, frame, sharing=None) -> Matte | None:
    return ResultService(cache).get(project, object_id, frame, sharing=sharing)


def present_objects(project, cache, object_id, frame) -> tuple[ObjectId, ...]:
    return ResultService(cache).sharing(project, object_id, frame, present=True)


def with_mattes(cache: MatteCache, project: Project, frames=SPAN) -> None:
    for frame in frames:
        for obj in project:
            cache.put_matte(matte_key(project, obj.id, frame), a_matte(frame * 9 + obj.id))
            mask = segmentation_of(np.ones(SIZE.hw))
            cache.put_segmentation(segmentation_key(project, obj.id, frame), mask)


def exported(project: Project, cache: MatteCache, folder: Path) -> dict[str, np.ndarray]:
    list(export_ready(project, ResultService(cache), ExportRequest(folder, SPAN), CancelToken()))
    files = sorted(folder.rglob("*.png"))
    return {
        str(path.relative_to(folder)): cv2.imread(str(path), cv2.IMREAD_UNCHANGED) for path in files
    }


def grow(project: Project, value: float, object_id=ONE, frame=3, *, auto_key=False) -> Project:
    return finishing_edits.set_parameter(
        project, object_id, Parameter.GROW, frame, value, auto_key=auto_key
    )


def test_without_finishing_the_finished_key_is_the_mattes_own(project) -> None:
    assert keys(project) == [matte_key(project, ONE, frame) for frame in FRAMES]


def test_finishing_never_changes_a_mattes_key_or_its_masks(project) -> None:
    after = finishing_edits.add_shape(grow(project, 2), ONE, ShapeRole.GARBAGE, 3, CORNERS)
    for frame in FRAMES:
        assert matte_key(after, ONE, frame) == matte_key(project, ONE, frame)
        assert segmentation_key(after, ONE, frame) == segmentation_key(project, ONE, frame)


def test_finishing_is_part_of_the_finished_key(project) -> None:
    grown = grow(project, 2)
    drawn = finishing_edits.add_shape(grown, ONE, ShapeRole.GARBAGE, 3, CORNERS)
    shape = drawn.find(ONE).finishing.shapes[0]
    variants = [
        *(project, grown, grow(project, 2.5), drawn),
        finishing_edits.change_shape(drawn, ONE, replace(shape, inverted=True)),
        finishing_edits.change_shape(drawn, ONE, replace(shape, feather=2.0)),
        finishing_edits.change_shape(drawn, ONE, replace(shape, curved=True)),
        finishing_edits.change_shape(drawn, ONE, replace(shape, role=ShapeRole.HOLDOUT)),
    ]
    assert len({finished_key(each, ONE, 3).digest for each in variants}) == len(variants)
    assert keys(grown, TWO) == keys(project, TWO)
    off = finishing_edits.change_shape(drawn, ONE, replace(shape, enabled=False))
    assert keys(off) == keys(grown)


def test_a_keyframe_changes_just_the_frames_that_it_changes(project) -> None:
    keyed = grow(project, 2, frame=3, auto_key=True)
    keyed = grow(keyed, 0, frame=6)
    keyed = grow(keyed, 0, frame=0)
    moved = grow(keyed, 5, frame=3)
    changed = [f for f, (a, b) in enumerate(zip(keys(keyed), keys(moved), strict=True)) if a != b]
    assert changed == [1, 2, 3, 4, 5]


def test_a_locked_frame_keeps_the_finishing_that_it_had(project, cache) -> None:
    held = span_edits.lock_span(grow(project, 2), ONE, FrameRange(3, 5))
    after = grow(held, 7, frame=8)
    changed = [f for f, (a, b) in enumerate(zip(keys(held), keys(after), strict=True)) if a != b]
    assert changed == [frame for frame in FRAMES if frame not in (3, 4)]
    with_mattes(cache, after)
    assert finished_matte(after, cache, ONE, 3) is not None


def test_where_an_object_is_absent_nothing_is_finished(project, cache) -> None:
    drawn = finishing_edits.add_shape(project, ONE, ShapeRole.HOLDOUT, 3, CORNERS)
    absent = span_edits.set_absent(drawn, ONE, FrameRange(3, 5), True)
    assert finished_matte(absent, cache, ONE, 3).alpha.max() == 0


def test_what_is_exported_is_finished_and_written_again_when_finishing_changes(
    project, cache, tmp_path
) -> None:
    with_mattes(cache, project)
    plain = exported(project, cache, tmp_path)
    grown = exported(grow(project, 2), cache, tmp_path)
    assert len(plain) == 6
    for name, pixels in plain.items():
        same = np.array_equal(pixels, grown[name])
        assert same == name.startswith("object 2")
    again = exported(project, cache, tmp_path)
    assert all(np.array_equal(again[name], pixels) for name, pixels in plain.items())


def test_a_late_object_changes_nothing_of_the_others(cache, tmp_path) -> None:
    before = a_project(a_box(0), a_box(7))
    with_mattes(cache, before)
    earlier = exported(before, cache, tmp_path / "a")
    after = edits.add_prompts(edits.add_object(before), TWO, [a_box(5, (8, 8, 40, 40))])
    after = grow(after, 4, TWO)
    for frame in FRAMES:
        assert segmentation_key(after, ONE, frame) == segmentation_key(before, ONE, frame)
        assert matte_key(after, ONE, frame) == matte_key(before, ONE, frame)
        assert finished_key(after, ONE, frame) == finished_key(before, ONE, frame)
    with_mattes(cache, after)
    later = exported(after, cache, tmp_path / "b")
    for name, pixels in earlier.items():
        assert np.array_equal(later[f"object 1/{name}"], pixels)


def test_sharing_holds_the_sum_to_1_and_is_part_of_the_keys(project, cache, tmp_path) -> None:
    sharing = edits.set_share_alpha(project, True)
    with_mattes(cache, project)
    apart, together = exported(project, cache, tmp_path / "a"), exported(sharing, cache, tmp_path)
    for frame in SPAN:
        names = [f"object {n}/alpha_{frame:06d}.png" for n in (1, 2)]
        assert sum(apart[name].astype(int) for name in names).max() > 65535
        assert sum(together[name].astype(int) for name in names).max() == 65535
        for number in (ONE, TWO):
            assert finished_key(sharing, number, frame) != finished_key(project, number, frame)
            assert matte_key(sharing, number, frame) == matte_key(project, number, frame)


@pytest.mark.parametrize(
    "lock",
    [
        lambda project: edits.set_locked(project, ONE, True),
        lambda project: span_edits.lock_span(project, ONE, FrameRange(3, 4)),
    ],
)
def test_what_is_locked_keeps_its_matte_and_key_while_others_share(project, cache, lock) -> None:
    with_mattes(cache, project)
    locked = lock(project)
    sharing = edits.set_share_alpha(locked, True)
    assert finished_key(sharing, ONE, 3) == finished_key(locked, ONE, 3)
    kept, given = (finished_matte(sharing, cache, each, 3).alpha for each in (ONE, TWO))
    assert np.array_equal(kept, finished_matte(project, cache, ONE, 3).alpha)
    assert (kept + given).max() <= 1 + 1e-6
    unlocked = edits.set_share_alpha(project, True)
    assert finished_key(sharing, TWO, 3) != finished_key(unlocked, TWO, 3)


def test_two_locked_objects_know_of_each_other_alone(project) -> None:
    sharing = edits.set_share_alpha(edits.set_locked(project, ONE, True), True)
    both = edits.set_locked(sharing, TWO, True)
    assert finished_key(both, ONE, 3) != finished_key(sharing, ONE, 3)
    third = edits.add_prompts(edits.add_object(both), THREE, [a_box(0)])
    assert finished_key(third, ONE, 3) == finished_key(both, ONE, 3)


def test_files_of_8_bits_never_sum_to_more_than_full_scale(project, cache, tmp_path) -> None:
    half = Matte(*[np.full(SIZE.hw, 0.5, np.float32)] * 3)
    with_mattes(cache, project, FrameRange(3, 4))
    for number in (ONE, TWO):
        cache.put_matte(matte_key(project, number, 3), half)
    options = ExportRequest(tmp_path, FrameRange(3, 4), SPEC, PngOptions(bit_depth=8))
    sharing = edits.set_share_alpha(project, True)
    list(export_ready(sharing, ResultService(cache), options, CancelToken()))
    files = sorted(tmp_path.rglob("*.png"))
    assert sum(cv2.imread(str(path), -1).astype(int) for path in files).max() == 255


def test_a_hidden_object_does_not_share(project, cache) -> None:
    with_mattes(cache, project)
    hidden = edits.set_visible(edits.set_share_alpha(project, True), TWO, False)
    assert keys(hidden) == keys(project)
    matte = finished_matte(hidden, cache, ONE, 3)
    assert np.array_equal(matte.alpha, finished_matte(project, cache, ONE, 3).alpha)


def test_the_order_of_the_list_changes_no_shared_matte(project, cache) -> None:
    with_mattes(cache, project)
    sharing = edits.set_share_alpha(project, True)
    moved = edits.move_object(sharing, TWO, 0)
    assert keys(moved) == keys(sharing)
    one, other = (finished_matte(each, cache, ONE, 3).alpha for each in (sharing, moved))
    assert np.array_equal(one, other)


def test_an_object_without_a_matte_on_a_frame_is_left_out_of_its_sharing(
    project, cache, tmp_path
) -> None:
    with_mattes(cache, project)
    late = edits.add_prompts(edits.add_object(project), THREE, [a_box(4)])
    sharing = edits.set_share_alpha(late, True)
    cache.put_matte(matte_key(late, THREE, 4), a_matte(5))
    cache.put_segmentation(segmentation_key(late, THREE, 4), segmentation_of(np.ones(SIZE.hw)))
    assert present_objects(sharing, cache, ONE, 3) == (ONE, TWO)
    assert present_objects(sharing, cache, ONE, 4) == (ONE, TWO, THREE)
    assert (count_ready(sharing, ResultService(cache), SPAN).ready, len(SPAN)) == (7, 3)
    written = exported(sharing, cache, tmp_path)
    assert len(written) == 7
    without = exported(edits.set_share_alpha(project, True), cache, tmp_path / "without")
    for name, pixels in without.items():
        assert np.array_equal(written[name], pixels) == (not name.endswith("4.png"))


def test_the_digest_says_which_objects_took_part(project) -> None:
    sharing = edits.set_share_alpha(project, True)
    assert finished_key(sharing, ONE, 3, (ONE,)) == finished_key(project, ONE, 3)
    assert finished_key(sharing, ONE, 3, (ONE, TWO)) == finished_key(sharing, ONE, 3)
    assert finished_key(sharing, ONE, 3) != finished_key(project, ONE, 3)


def test_frames_are_written_again_when_a_late_matte_is_there(project, cache, tmp_path) -> None:
    sharing = edits.set_share_alpha(project, True)
    with_mattes(cache, project)
    together = exported(sharing, cache, tmp_path / "together")
    lone = MatteCache()
    lone.put_matte(matte_key(project, ONE, 3), cache.get_matte(matte_key(project, ONE, 3)))
    lone.put_segmentation(segmentation_key(project, ONE, 3), segmentation_of(np.ones(SIZE.hw)))
    alone = exported(sharing, lone, tmp_path / "alone")
    with_mattes(lone, project)
    name = "object 1/alpha_000003.png"
    assert not np.array_equal(alone[name], together[name])
    assert np.array_equal(exported(sharing, lone, tmp_path / "alone")[name], together[name])


def test_where_all_are_going_to_be_made_a_shared_matte_waits_for_them(
    project, cache, tmp_path
) -> None:
    sharing = edits.set_share_alpha(project, True)
    cache.put_matte(matte_key(project, ONE, 3), a_matte())
    assert finished_matte(sharing, cache, ONE, 3) is None
    assert finished_matte(sharing, cache, ONE, 3, (ONE,)) is not None
    options = ExportRequest(tmp_path, SPAN)
    list(export_ready(sharing, ResultService(cache), options, CancelToken(), complete=True))
    assert list(tmp_path.rglob("*.png")) == []


def test_an_object_without_prompts_is_never_ready_and_waited_for_by_none(cache) -> None:
    project = edits.set_share_alpha(a_project(objects=2), True)
    cache.put_matte(matte_key(project, ONE, 3), a_matte())
    assert present_objects(project, cache, ONE, 3) == (ONE,)
    assert finished_matte(project, cache, ONE, 3) is not None
    assert finished_matte(project, cache, TWO, 3) is None


def test_finishing_touches_alpha_alone(project, cache) -> None:
    with_mattes(cache, project)
    plain, grown = (finished_matte(each, cache, ONE, 3) for each in (project, grow(project, 3)))
    assert isinstance(grown, Matte)
    assert np.array_equal(plain.roi, grown.roi)
    assert np.array_equal(plain.confidence, grown.confidence)
    assert not np.array_equal(plain.alpha, grown.alpha)
