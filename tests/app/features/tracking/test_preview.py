"""What a gesture is answered with, and what is made ready before one comes."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from matting_core.document import span_edits
from matting_core.errors import InputError
from matting_core.models.session import Session
from matting_core.results.service import ResultService
from matting_core.results.status import Status
from matting_core.types import FrameRange, ObjectId
from tests.app.conftest import FRAMES, Hand, do, open_and_wait

FIRST = ObjectId(1)


def _refused():
    raise InputError("no matte in this test")


def _hover(window, x: float, y: float, *, shift: bool = True, control: bool = False) -> None:
    viewport = window.stage.canvas.viewport()
    place = QPointF(Hand(window).at(x, y))
    held = Qt.KeyboardModifier.NoModifier
    if shift:
        held |= Qt.KeyboardModifier.ShiftModifier
    if control:
        held |= Qt.KeyboardModifier.ControlModifier
    none = Qt.MouseButton.NoButton
    where = viewport.mapToGlobal(place)
    event = QMouseEvent(QEvent.Type.MouseMove, place, where, none, none, held)
    QApplication.sendEvent(viewport, event)


@pytest.fixture
def shown(opened):
    """The masks that hovering showed, in order."""
    masks = []
    opened.editor.click_preview.shown.connect(masks.append)
    return masks


@pytest.fixture
def matted(monkeypatch):
    """The previews that were matted, as (object, frame)."""
    told = []

    def told_of(results, project, object_id, frame, engine):
        told.append((object_id, frame))
        return make(results, project, object_id, frame, engine)

    make = ResultService.preview
    monkeypatch.setattr(ResultService, "preview", told_of)
    return told


def test_the_mask_is_shown_before_the_matte(opened, qtbot):
    pictures = []
    opened.editor.loader.loaded.connect(pictures.append)
    masked = []
    opened.editor.runner.masked.connect(lambda item: masked.append(item))
    with qtbot.waitSignal(opened.editor.runner.found):
        Hand(opened).click(80, 100)
    assert [(item.object_id, item.frame) for item in masked] == [(FIRST, 0)]
    qtbot.waitUntil(lambda: pictures[-1].mattes == 1)


def test_a_mask_stands_in_for_its_matte_and_the_caption_says_so(opened, qtbot, monkeypatch):
    held = []
    monkeypatch.setattr(ResultService, "preview", lambda *asked: held.append(asked) or _refused())
    monkeypatch.setattr(opened.editor.messenger, "report", lambda _error: None)
    Hand(opened).click(80, 100)
    qtbot.waitUntil(lambda: opened.stage.picture.masks)
    picture = opened.stage.picture
    assert picture.mattes == 0
    assert "its matte follows" in opened.stage.caption
    alpha = picture.scene.layers[0].matte.alpha
    assert set(np.unique(alpha)) == {0.0, 1.0}


def test_a_later_gesture_drops_the_matte_of_an_earlier_one(gate, window, clip, qtbot, matted):
    gate.hold_previews = True
    open_and_wait(window, clip, qtbot)
    hand = Hand(window)
    hand.click(80, 100)
    hand.click(200, 60)
    hand.click(120, 120)
    gate.open()
    qtbot.waitUntil(lambda: window.editor.results.statuses(FIRST)[:1].tolist() == [Status.FRESH])
    assert len(matted) == 1


def test_the_frame_is_looked_at_as_soon_as_scrubbing_stops(opened, qtbot, monkeypatch):
    looked = []
    monkeypatch.setattr(Session, "prepare", lambda _session, frame: looked.append(frame))
    for frame in (3, 5, 9):
        opened.editor.playback.seek(frame)
    qtbot.waitUntil(lambda: bool(looked))
    assert looked == [9]


def test_nothing_is_looked_at_while_a_track_runs(gate, window, clip, qtbot, monkeypatch):
    open_and_wait(window, clip, qtbot)
    Hand(window).click(80, 100)
    qtbot.waitUntil(lambda: window.editor.results.statuses(FIRST)[:1].tolist() == [Status.FRESH])
    do(window, "track.both")
    asked = []
    monkeypatch.setattr(window.editor.runner, "prepare", lambda *args: asked.append(args))
    window.editor.playback.seek(5)
    qtbot.waitUntil(lambda: not window.editor.warm_up._settled.isActive())
    assert asked == []
    gate.open()
    qtbot.waitUntil(lambda: bool(asked))
    assert asked[-1][1] == 5


def test_what_fails_while_getting_ready_is_not_said(opened, qtbot, monkeypatch):
    failed = []

    def prepare(_session, frame):
        failed.append(frame)
        _refused()

    monkeypatch.setattr(Session, "prepare", prepare)
    opened.editor.playback.seek(2)
    qtbot.waitUntil(lambda: failed == [2])
    Hand(opened).click(80, 100)
    with qtbot.waitSignal(opened.editor.runner.found):
        pass  # the lane has gone on to the preview, so whatever would be said has been said
    assert not opened.stage.messages.isVisible()


def test_hovering_with_shift_shows_what_a_click_would_give(opened, shown, qtbot):
    before = opened.editor.project
    _hover(opened, 80, 100)
    qtbot.waitUntil(lambda: bool(shown))
    assert shown[-1][100, 80]
    assert not shown[-1][20, 200]
    assert opened.stage.canvas.marks.previews_click
    assert opened.editor.project == before
    _hover(opened, 80, 100, shift=False)
    assert shown[-1] is None
    assert not opened.stage.canvas.marks.previews_click


def test_hovering_with_ctrl_asks_for_a_background_point(opened, shown, qtbot):
    Hand(opened).click(80, 100)
    qtbot.waitUntil(lambda: opened.editor.results.statuses(FIRST)[:1].tolist() == [Status.FRESH])
    _hover(opened, 84, 100, control=True)
    qtbot.waitUntil(lambda: bool(shown) and shown[-1] is not None)
    assert not shown[-1][100, 84]


def test_hovering_over_a_tracked_frame_starts_from_the_mask_that_is_seen(opened, shown, qtbot):
    Hand(opened).click(80, 100)
    do(opened, "track.both")
    everything = [Status.FRESH] * FRAMES
    qtbot.waitUntil(lambda: opened.editor.results.statuses(FIRST).tolist() == everything)
    opened.editor.playback.seek(6)
    qtbot.waitUntil(lambda: opened.stage.picture.request.frame == 6)
    _hover(opened, 220, 60)
    qtbot.waitUntil(lambda: bool(shown) and shown[-1] is not None)
    assert shown[-1][100, 80]
    assert shown[-1][60, 220]


def test_a_click_and_another_tool_take_the_hovered_mask_away(opened, shown, qtbot):
    for leave in (lambda: Hand(opened).click(80, 100), lambda: do(opened, "edit.tool_box")):
        shown.clear()
        _hover(opened, 90, 110)
        qtbot.waitUntil(lambda: bool(shown) and shown[-1] is not None)
        leave()
        assert shown[-1] is None


def test_a_locked_frame_shows_nothing_while_hovering(opened, shown, qtbot):
    Hand(opened).click(80, 100)
    qtbot.waitUntil(lambda: opened.editor.results.statuses(FIRST)[:1].tolist() == [Status.FRESH])
    opened.editor.model.push("Lock", lambda p: span_edits.lock_span(p, FIRST, FrameRange(0, 1)))
    _hover(opened, 80, 100)
    assert opened.editor.click_preview._asked is None
    assert shown == []


@pytest.mark.parametrize("focus", ["canvas", "panel"])
def test_shift_shows_what_a_click_would_give_with_the_mouse_at_rest(opened, qtbot, focus):
    canvas = opened.stage.canvas
    hand, target = Hand(opened), canvas if focus == "canvas" else opened.panels.objects.list
    hand.hover(80, 100)
    target.setFocus()
    QTest.keyPress(target, Qt.Key.Key_Shift)
    qtbot.waitUntil(lambda: canvas.marks.previews_click)
    QTest.keyRelease(target, Qt.Key.Key_Shift)
    qtbot.waitUntil(lambda: not canvas.marks.previews_click)
    canvas.leaveEvent(QEvent(QEvent.Type.Leave))
    gestures = []
    canvas.gestured.connect(gestures.append)
    QTest.keyPress(target, Qt.Key.Key_Shift)
    assert gestures == []
