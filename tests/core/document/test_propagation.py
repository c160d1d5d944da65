from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from matting_core.document.prompts import PointPrompt
from matting_core.document.propagation import governing_frame, plan_passes, supporting_frames
from matting_core.types import FrameRange
from tests.core.factories import a_box, a_mask
from tests.tables import table

LENGTH = 30
anchor_lists = st.sets(st.integers(0, LENGTH - 1), min_size=1, max_size=6).map(sorted)
ranges = st.tuples(st.integers(0, LENGTH - 1), st.integers(1, LENGTH)).map(
    lambda pair: FrameRange(pair[0], max(pair[0] + 1, pair[1]))
)


def _nearest(anchors: list[int], frame: int) -> int:
    """By brute force: the nearest, the earlier one on a tie."""
    return min(anchors, key=lambda anchor: (abs(anchor - frame), anchor))


@given(anchor_lists, st.integers(0, LENGTH - 1))
def test_the_nearest_prompted_frame_governs(anchors, frame) -> None:
    assert governing_frame(anchors, frame) == _nearest(anchors, frame)


def test_without_prompts_nothing_governs() -> None:
    assert governing_frame([], 3) is None
    assert plan_passes([], FrameRange(0, 5)) == []


@given(anchor_lists, ranges)
def test_every_wanted_unprompted_frame_is_visited_once(anchors, wanted) -> None:
    visited = [frame for run in plan_passes(anchors, wanted) for frame in run.frames]
    assert sorted(f for f in visited if f in wanted) == [f for f in wanted if f not in anchors]
    assert len(visited) == len(set(visited))


@given(anchor_lists, ranges)
def test_passes_walk_away_from_the_frame_that_governs(anchors, wanted) -> None:
    for run in plan_passes(anchors, wanted):
        step = 1 if run.forward else -1
        assert list(run.frames) == [run.anchor + step * (k + 1) for k in range(len(run.frames))]
        assert {_nearest(anchors, frame) for frame in run.frames} == {run.anchor}


@given(anchor_lists, ranges)
def test_no_pass_goes_further_than_wanted(anchors, wanted) -> None:
    for run in plan_passes(anchors, wanted):
        assert run.frames[-1] in wanted


@given(anchor_lists, ranges)
def test_forward_passes_come_first(anchors, wanted) -> None:
    forward = [run.forward for run in plan_passes(anchors, wanted)]
    assert forward == sorted(forward, reverse=True)


@table(
    ("anchors", "wanted", "frames"),
    [
        ([2], (5, 7), [[3, 4, 5, 6]]),
        ([9], (5, 7), [[8, 7, 6, 5]]),
        ([2, 9], (5, 7), [[3, 4, 5], [8, 7, 6]]),
        ([0, 20], (2, 4), [[1, 2, 3]]),
        ([3], (3, 4), []),
    ],
)
def test_ranges_without_their_anchor_are_reached_from_outside(anchors, wanted, frames) -> None:
    assert [list(run.frames) for run in plan_passes(anchors, FrameRange(*wanted))] == frames


@table(
    ("prompts", "frame", "wanted"),
    [
        ([a_box(5)], 5, (5,)),
        ([a_box(5), a_box(9)], 9, (9, 5)),
        ([a_box(5), a_box(9)], 5, (5,)),
        ([a_box(9), a_box(5)], 5, (5, 9)),
        ([a_box(5), PointPrompt(3, (1, 1))], 3, (3,)),
        ([PointPrompt(3, (1, 1)), a_box(9), a_box(6)], 6, (6, 3)),
        ([PointPrompt(3, (1, 1)), a_box(9), a_box(7)], 7, (7, 9, 3)),
        ([a_mask(1), a_box(9), a_mask(9), a_box(8)], 8, (8, 9)),
        ([a_box(1), a_box(9), PointPrompt(9, (1, 1))], 9, (9, 1)),
        ([a_box(4), a_box(6), a_box(5)], 5, (5, 4)),
    ],
)
def test_a_box_leans_on_the_nearest_frame_prompted_before_it(prompts, frame, wanted) -> None:
    assert supporting_frames(prompts, frame) == wanted
