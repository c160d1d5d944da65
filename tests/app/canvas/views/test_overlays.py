"""Onion skin, difference, ROI and trimap over the picture, and the legend that names colours."""

import itertools

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor

from app.model.look import Overlay
from app.model.tool_names import ToolName
from app.model.view import ViewMode
from app.shell import theme
from tests.app.conftest import FRAMES, do
from tests.tables import table


def names(window):
    return [name for _color, name in window.stage.controls.legend.entries]


def test_the_onion_skin_has_both_neighbours(tracked, qtbot):
    do(tracked, "view.over_onion")
    qtbot.waitUntil(lambda: names(tracked) == ["Frame before", "Frame after"])
    scene = tracked.stage.picture.scene
    assert scene.before[0].matte.alpha.shape == scene.after[0].matte.alpha.shape
    tracked.editor.playback.seek(0)
    qtbot.waitUntil(lambda: names(tracked) == ["Frame after"])
    tracked.editor.playback.seek(FRAMES - 1)
    qtbot.waitUntil(lambda: names(tracked) == ["Frame before"])
    do(tracked, "view.over_onion")
    qtbot.waitUntil(lambda: names(tracked) == [])
    assert not tracked.stage.controls.legend.isVisible()


def test_neighbours_without_a_matte_have_no_outline(matted, qtbot):
    do(matted, "view.over_onion")
    look = matted.editor.view.look
    qtbot.waitUntil(lambda: matted.stage.picture.request.look == look)
    assert names(matted) == []


def test_the_difference_is_to_the_frame_before(tracked, hand, qtbot):
    do(tracked, "view.difference")
    qtbot.waitUntil(lambda: tracked.stage.picture.request.mode is ViewMode.DIFFERENCE)
    assert not tracked.stage.picture.rgb.any()  # the fake tracker's matte stands still
    hand.click(200, 100)
    qtbot.waitUntil(lambda: tracked.stage.picture.rgb.any() and not tracked.stage.picture.masks)
    assert tracked.stage.caption == "Difference to the frame before (F9)"
    assert names(tracked) == ["Only on the frame before", "Only on this frame"]
    tracked.editor.playback.seek(0)
    qtbot.waitUntil(lambda: "nothing before the first frame" in tracked.stage.caption)
    assert not tracked.stage.picture.rgb.any()


def test_a_difference_that_needs_a_track_says_so(matted, hand, qtbot):
    matted.editor.playback.seek(7)
    qtbot.waitUntil(lambda: matted.stage.picture.request.frame == 7)
    hand.click(80, 100)
    qtbot.waitUntil(lambda: matted.stage.picture.mattes == 1)
    do(matted, "view.difference")
    qtbot.waitUntil(lambda: "no matte on the frame before: track it" in matted.stage.caption)


def show(window, mode, overlays, qtbot):
    window.editor.view.set_mode(mode)
    qtbot.waitUntil(
        lambda: (
            window.stage.picture.request.mode is mode
            and window.stage.picture.request.look.overlays == frozenset(overlays)
        )
    )


def test_roi_and_trimap_lie_over_every_view_but_their_own(matted, qtbot, subtests):
    do(matted, "view.over_roi")
    do(matted, "view.over_trimap")
    for mode in ViewMode:
        with subtests.test(mode=mode):
            show(matted, mode, {Overlay.ROI, Overlay.TRIMAP}, qtbot)
            legend = dict(map(reversed, matted.stage.controls.legend.entries))
            assert ("ROI" in legend) is (mode is not ViewMode.ROI)
            assert legend["Unknown"] == ("#808080" if mode is ViewMode.TRIMAP else theme.UNKNOWN)
            assert matted.stage.controls.legend.isVisible()


def test_no_colour_of_a_legend_means_two_things(tracked, qtbot, subtests):
    for overlay in Overlay:
        do(tracked, f"view.over_{overlay.value}")
    for mode in ViewMode:
        with subtests.test(mode=mode):
            show(tracked, mode, Overlay, qtbot)
            colors = [color for color, _name in tracked.stage.controls.legend.entries]
            assert len(colors) >= 5
            assert sorted(set(colors)) == sorted(colors)


def test_a_black_swatch_is_seen_on_the_chip(matted, qtbot):
    matted.editor.view.set_mode(ViewMode.TRIMAP)
    legend = matted.stage.controls.legend
    qtbot.waitUntil(lambda: len(legend.entries) == 3)
    picture = legend.grab().toImage()
    row = [
        QColor(picture.pixel(x, y)).name()
        for x in range(picture.width())
        for y in range(picture.height())
    ]
    assert "#000000" in row
    assert theme.QUIET in row


@pytest.fixture
def long_legend(tracked):
    for overlay in Overlay:
        do(tracked, f"view.over_{overlay.value}")
    do(tracked, "view.difference")
    return tracked


@table("message", ["", "Something was done.", "A long message " * 30])
@table("tool", [ToolName.POINT, ToolName.BRUSH, ToolName.REFINE])
def test_a_long_legend_stays_clear_of_all_else_at_the_top(long_legend, qtbot, tool, message):
    stage = long_legend.stage
    long_legend.editor.view.set_tool(tool)
    stage.messages.dismiss()
    if message:
        long_legend.editor.messenger.tell(message)
    legend = stage.controls.legend
    qtbot.waitUntil(lambda: len(legend.entries) == 8)
    assert legend.height() >= legend.heightForWidth(legend.width())
    there = [
        QRect(each.mapTo(stage, QPoint(0, 0)), each.size())
        for each in (stage.messages, stage.options, legend, stage.controls.levels)
        if each.isVisible()
    ]
    assert len(there) == 2 + bool(message) + (tool is not ToolName.POINT)
    for one, other in itertools.combinations(there, 2):
        assert not one.intersects(other)
        assert stage.rect().contains(one)
