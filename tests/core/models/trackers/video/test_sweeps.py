from __future__ import annotations

from matting_core.document.propagation import Pass
from matting_core.models.trackers.video.sweeps import plan_turns
from matting_core.types import FrameRange, Segmentation
from tests.core.factories import ONE, TWO, lost
from tests.tables import table

FOUND = lost((4, 4))


def _nothing(*_) -> None:
    return None


def _known(**frames: range):
    """Knows the frames of objects ONE and TWO that are given as `one` and `two`."""

    def known(object_id: int, frame: int) -> Segmentation | None:
        held = frames.get({ONE: "one", TWO: "two"}[object_id], range(0))
        return FOUND if frame in held else None

    return known


def _places(turns) -> list[tuple[int, int]]:
    return [(turn.object_id, turn.frame) for turn in turns]


def test_objects_go_forwards_side_by_side_and_then_back() -> None:
    turns = plan_turns({ONE: [1], TWO: [2]}, FrameRange(0, 5), _nothing)
    forward = [(1, 1), (1, 2), (2, 2), (1, 3), (2, 3), (1, 4), (2, 4)]
    backward = [(2, 1), (1, 0), (2, 0)]
    assert _places(turns) == forward + backward
    assert turns[0].run is None
    assert turns[-1].run == Pass(2, range(1, -1, -1))


def test_a_pass_ends_at_its_last_unknown_frame() -> None:
    turns = plan_turns({ONE: [0]}, FrameRange(0, 9), _known(one=range(6, 9)))
    assert _places(turns) == [(1, frame) for frame in range(6)]


def test_a_pass_that_is_all_known_is_left_out() -> None:
    known = _known(one=range(9), two=range(2, 9))
    turns = plan_turns({ONE: [0], TWO: [4]}, FrameRange(0, 9), known)
    assert _places(turns) == [(2, 3), (2, 2), (2, 1), (2, 0)]
    assert plan_turns({ONE: [0, 5]}, FrameRange(0, 9), known) == []


@table(("frames", "expected"), [((3, 4), [0, 1, 2, 3]), ((6, 8), [6, 7])])
def test_prompted_frames_outside_the_range_count_only_on_the_way(frames, expected) -> None:
    turns = plan_turns({ONE: [0, 7]}, FrameRange(*frames), _nothing)
    assert sorted(turn.frame for turn in turns) == expected
