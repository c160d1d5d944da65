"""What was seen of the mattes is pack_latest with a project, and known again when it is opened."""

from matting_core.document import edits
from matting_core.document.project import Project
from matting_core.results.latest import LatestResults, ResultKeys, pack_latest, unpack_latest
from matting_core.results.recipes import MatteKey
from matting_core.spans import SpanMap
from matting_core.types import ObjectId, Size
from tests.core.factories import ONE, TWO, a_clip
from tests.tables import table

OLD, NEW = "a" * 32, "b" * 32


def a_project():
    return edits.add_object(edits.add_object(Project(clip=a_clip())))


def keys(object_id, frame, digest, blank=None):
    place = object_id, frame
    return ResultKeys(MatteKey(*place, digest, blank), MatteKey(*place, OLD, blank))


def seen(*each):
    results = LatestResults()
    for one in each:
        results.mark(one)
    return results


def test_frames_made_from_the_same_take_one_note():
    before = seen(
        *(keys(ONE, frame, OLD) for frame in (0, 2, 1, 5)),
        *(keys(ONE, frame, NEW) for frame in (3, 4)),
        keys(TWO, 6, OLD),
    ).all
    notes = pack_latest(a_project(), before)
    assert [entry[:3] for entry in notes["seen"]] == [[1, 0, 3], [1, 3, 5], [1, 5, 6], [2, 6, 7]]
    assert unpack_latest(notes, a_project()) == before


def test_removed_objects_and_blank_mattes_are_not_packed():
    before = seen(keys(ObjectId(7), 0, OLD), keys(ONE, 0, "absent", Size(4, 4)))
    assert pack_latest(a_project(), before.all) == {"seen": []}


def test_later_results_count_more_than_restored_ones():
    results = seen(keys(ONE, 1, NEW))
    results.restore(seen(*(keys(ONE, frame, OLD) for frame in range(3))).all)
    digests = [results.at(ONE, frame).key.digest for frame in range(3)]
    assert digests == [OLD, NEW, OLD]
    assert results.at(ONE, 3) is None
    results.clear()
    assert results.at(ONE, 1) is None


@table(
    "entry",
    [
        None,
        [1, 0, 3, OLD],
        [1, 3, 3, OLD, OLD],
        [1, 0, 99, OLD, OLD],
        [9, 0, 3, OLD, OLD],
        [1, -1, 3, OLD, OLD],
        [1, 0, 3, "../../x", OLD],
    ],
)
def test_damaged_notes_are_left_out(entry):
    good = [TWO, 0, 1, OLD, OLD]
    assert list(unpack_latest({"seen": [entry, good]}, a_project())) == [TWO]
    assert unpack_latest({"seen": entry}, a_project()) == unpack_latest({}, a_project()) == {}


def test_entries_come_in_any_order_and_the_first_of_two_that_overlap_counts():
    entries = [[ONE, 3, 5, NEW, NEW], [ONE, 0, 2, OLD, OLD], [ONE, 1, 4, NEW, NEW]]
    spans = unpack_latest({"seen": entries}, a_project())[ONE]
    assert [(span.start, span.stop) for span in spans.spans] == [(0, 2), (3, 5)]


def test_results_that_were_added_already_leave_the_map_as_it_is():
    results = seen(keys(ONE, 1, NEW))
    before = results.of(ONE)
    again = SpanMap.of(list(before))
    for spans in (again, again):
        results.add(ONE, spans)
        assert results.of(ONE) is before
    results.mark(keys(ONE, 1, OLD))
    results.add(ONE, again)
    assert results.at(ONE, 1).key.digest == NEW
