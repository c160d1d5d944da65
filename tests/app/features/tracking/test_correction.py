"""A correction starts from the mask that is seen, and from no other."""

import numpy as np
import pytest

from app.canvas.tools.gestures import PreviewClick
from app.model.tool_names import ToolName
from matting_core.document.prompts import MaskPrompt, PointPrompt
from matting_core.media.masks import decode_mask
from matting_core.results.status import Status
from matting_core.types import FrameRange, ObjectId
from tests.app.conftest import FRAMES, do

ONE = ObjectId(1)


def prompts(window):
    return window.editor.project.objects[0].prompts


def statuses(window, object_id=ONE):
    return list(window.editor.results.statuses(object_id))


@pytest.fixture
def clicked(opened, hand, qtbot):
    """The disc clicked on frame 0, its matte there."""
    hand.click(80, 100)
    qtbot.waitUntil(lambda: statuses(opened)[:1] == [Status.FRESH])
    return opened


@pytest.fixture
def deleted(clicked, qtbot):
    """The same, and the prompt deleted again."""
    do(clicked, "edit.delete")
    assert prompts(clicked) == ()
    return clicked


def test_a_click_after_a_deleted_misclick_starts_from_nothing(deleted, hand, qtbot):
    hand.click(200, 50)
    qtbot.waitUntil(lambda: len(prompts(deleted)) > 0)
    assert [type(each) for each in prompts(deleted)] == [PointPrompt]


def test_a_stroke_after_a_deleted_misclick_is_laid_on_nothing(deleted, hand, qtbot):
    deleted.editor.view.set_tool(ToolName.BRUSH)
    hand.drag((200, 50), (220, 50))
    qtbot.waitUntil(lambda: len(prompts(deleted)) > 0)
    mask = decode_mask(prompts(deleted)[0].png, deleted.editor.project.clip.size)
    assert mask[50, 210] == 1
    assert mask[100, 80] == 0


def test_hovering_after_a_deleted_misclick_asks_from_nothing(deleted, qtbot):
    preview = deleted.editor.click_preview
    preview.show(PreviewClick(PointPrompt(0, (200.0, 50.0))))
    with qtbot.waitSignal(preview.shown) as answer:
        pass
    assert not answer.args[0][100, 80]


def test_frames_of_an_object_without_prompts_are_not_stale(clicked, qtbot):
    clicked.editor.tracking.track([ONE], FrameRange(0, 4))
    qtbot.waitUntil(lambda: statuses(clicked) == [Status.FRESH] * 4 + [Status.NONE] * (FRAMES - 4))
    qtbot.waitUntil(lambda: not clicked.editor.runner.tracking)
    do(clicked, "edit.delete")
    qtbot.waitUntil(lambda: statuses(clicked) == [Status.NONE] * FRAMES)
    assert not clicked.commands["track.update"].isEnabled()
    do(clicked, "edit.undo")
    qtbot.waitUntil(lambda: statuses(clicked) == [Status.FRESH] * 4 + [Status.NONE] * (FRAMES - 4))


def test_a_click_on_a_tracked_frame_starts_from_its_mask(clicked, hand, qtbot):
    clicked.editor.tracking.track([ONE], FrameRange(0, 4))
    qtbot.waitUntil(lambda: statuses(clicked)[3] == Status.FRESH)
    clicked.editor.playback.seek(3)
    qtbot.waitUntil(lambda: clicked.stage.picture.request.frame == 3)
    hand.click(200, 50)
    qtbot.waitUntil(lambda: len(prompts(clicked)) == 3)
    assert [type(each) for each in prompts(clicked)] == [PointPrompt, MaskPrompt, PointPrompt]
    assert np.any(decode_mask(prompts(clicked)[1].png, clicked.editor.project.clip.size))


def test_a_new_object_does_not_inherit_the_mattes_of_an_undone_one(clicked, qtbot):
    do(clicked, "edit.undo")
    assert clicked.editor.project.objects == ()
    do(clicked, "object.add")
    new = clicked.editor.active
    assert (new.id, new.name) == (2, "object 1")
    assert clicked.editor.results.latest(new.id, 0) is None
