"""Frames that the tracker doubts: marked, found again, explained where they are seen."""

from collections.abc import Generator, Mapping
from dataclasses import replace

import numpy as np
import pytest

from matting_core.document.prompts import Prompts
from matting_core.models import registry
from matting_core.models.trackers.base import MaskLookup, TrackedFrame
from matting_core.models.trackers.fake import SPEC, FakeTracker
from matting_core.results.status import Status
from matting_core.types import FrameRange, ObjectId, Segmentation, TrackState
from tests.app.conftest import FRAMES, Hand, ask_all_commands, do, open_and_wait

FIRST = ObjectId(1)
UNSURE, LOST = {3, 4, 8}, {5}
EXPECTED = [Status.FRESH] * FRAMES
for each in UNSURE:
    EXPECTED[each] = Status.DOUBTFUL
EXPECTED[5] = Status.LOST


class UnsureTracker(FakeTracker):
    """The fake tracker, unsure of some frames until one of them is prompted."""

    def track(
        self, prompts: Mapping[ObjectId, Prompts], frames: FrameRange, known: MaskLookup
    ) -> Generator[TrackedFrame, None, None]:
        for step in super().track(prompts, frames, known):
            found = step.segmentation
            if step.frame in UNSURE and len(prompts[step.object_id]) == 1:
                found = replace(found, confidence=0.5)
            elif step.frame in LOST:
                found = Segmentation(np.full_like(found.logits, -10), 0.0, TrackState.LOST)
            yield replace(step, segmentation=found)


def _unsure(monkeypatch, below: float | None) -> None:
    spec = replace(SPEC, build=lambda *_: UnsureTracker(), doubtful_below=below)
    specs = {**registry.tracker_specs(), "fake": spec}
    monkeypatch.setattr(registry, "tracker_specs", lambda: specs)


@pytest.fixture
def tracked(monkeypatch, window, clip, qtbot):
    """A window with a tracked object, some of whose frames are doubtful and one is lost."""
    _unsure(monkeypatch, 0.7)
    open_and_wait(window, clip, qtbot)
    _track(window, qtbot)
    qtbot.waitUntil(lambda: _statuses(window) == EXPECTED)
    return window


def _track(window, qtbot) -> None:
    Hand(window).click(80, 100)
    qtbot.waitUntil(lambda: _statuses(window)[:1] == [Status.FRESH])
    do(window, "track.both")


def _statuses(window) -> list[int]:
    return window.editor.results.statuses(FIRST).tolist()


def _seen(window, frame, qtbot) -> str:
    window.editor.playback.seek(frame)
    shown = window.stage
    qtbot.waitUntil(lambda: shown.picture.request.frame == frame and window.editor.loader.idle)
    return shown.caption


def test_doubt_is_known_again_when_the_project_is_opened_again(
    tracked, make_window, tmp_path, qtbot
):
    path = tmp_path / "doubt.wisp"
    with qtbot.waitSignal(tracked.editor.files.saved):
        tracked.editor.files.save(path)
    tracked.close()
    again = make_window()
    open_and_wait(again, path, qtbot)
    qtbot.waitUntil(lambda: _statuses(again) == EXPECTED)


def test_a_tracker_that_is_not_calibrated_marks_lost_frames_only(monkeypatch, window, clip, qtbot):
    _unsure(monkeypatch, None)
    open_and_wait(window, clip, qtbot)
    _track(window, qtbot)
    lost = [Status.LOST if frame in LOST else Status.FRESH for frame in range(FRAMES)]
    qtbot.waitUntil(lambda: _statuses(window) == lost)


def test_the_commands_go_where_doubt_begins(tracked):
    frames = []
    for command in ("next", "next", "next", "previous", "previous"):
        do(tracked, f"playback.{command}_doubt")
        frames.append(tracked.editor.view.frame)
    assert frames == [3, 8, 8, 3, 3]
    tracked.editor.playback.seek(5)
    do(tracked, "playback.previous_doubt")
    assert tracked.editor.view.frame == 3


def test_without_doubt_there_is_nowhere_to_go(opened, qtbot):
    Hand(opened).click(80, 100)
    qtbot.waitUntil(lambda: _statuses(opened)[:1] == [Status.FRESH])
    action = opened.commands["playback.next_doubt"]
    ask_all_commands(opened)
    assert not action.isEnabled()


def test_the_caption_says_what_to_do(tracked, qtbot):
    assert "doubts" not in _seen(tracked, 2, qtbot)
    assert "the tracker doubts this: correct it, then update (Ctrl+U)" in _seen(tracked, 3, qtbot)
    assert "object not found here: add a prompt" in _seen(tracked, 5, qtbot)
    tracked.editor.model.push("Hide", _hidden)
    qtbot.waitUntil(lambda: "not found" not in tracked.stage.caption)


def _hidden(project):
    (obj,) = project.objects
    return replace(project, objects=(replace(obj, visible=False),))


def test_the_caption_follows_what_becomes_known_of_the_frame_on_screen(tracked, qtbot):
    assert "doubts" in _seen(tracked, 8, qtbot)
    Hand(tracked).click(200, 60)
    qtbot.waitUntil(lambda: _statuses(tracked)[8] == Status.FRESH)
    qtbot.waitUntil(lambda: "doubts" not in tracked.stage.caption)
    do(tracked, "track.update")
    left = [Status.DOUBTFUL if frame in (3, 4) else Status.FRESH for frame in range(FRAMES)]
    left[5] = Status.LOST  # the first prompt governs up to the fourth frame
    qtbot.waitUntil(lambda: _statuses(tracked) == left)


def test_doubtful_frames_can_be_locked(tracked, qtbot):
    _seen(tracked, 3, qtbot)
    do(tracked, "track.lock")
    qtbot.waitUntil(lambda: _statuses(tracked)[3] == Status.LOCKED)
