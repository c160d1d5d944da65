"""What is locked has keys that name its results, whatever is chosen later."""

from matting_core.document import edits, span_edits
from matting_core.document.project import Settings
from matting_core.results.locked import locked_keys
from matting_core.results.recipes import matte_key, segmentation_key
from matting_core.types import FrameRange
from tests.core.factories import ONE, a_box, a_project

SPAN = FrameRange(4, 8)


def keys(project, frames):
    places = ((project, ONE, frame) for frame in frames)
    return [(matte_key(*place), segmentation_key(*place)) for place in places]


def test_nothing_is_locked_at_first():
    assert list(locked_keys(a_project())) == []


def test_locked_frames_keep_their_keys_under_other_models():
    project = a_project(a_box(3))
    held = span_edits.lock_span(project, ONE, SPAN)
    other = edits.set_settings(held, Settings("sam2-tiny-flow", "closed-form"))
    assert list(locked_keys(other)) == keys(project, SPAN)


def test_all_frames_of_a_locked_object_count_where_it_is_there():
    project = span_edits.set_absent(a_project(a_box(3)), ONE, SPAN, absent=True)
    locked = edits.set_locked(project, ONE, True)
    assert list(locked_keys(locked)) == keys(project, [*range(4), *range(8, 12)])


def test_what_an_unknown_model_made_has_no_key():
    project = a_project(a_box(3), settings=Settings("gone", "mask"))
    assert list(locked_keys(span_edits.lock_span(project, ONE, SPAN))) == []
