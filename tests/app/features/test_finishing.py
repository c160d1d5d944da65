"""The panel Matte: live values, keyframes, shapes; one drag is one step."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.features.finishing.parameter_scale import SCALES, STEPS
from app.model.document import Changes
from app.model.view import ViewMode
from matting_core.document import edits, finishing_edits, span_edits
from matting_core.document.finishing import LIMITS, Parameter
from matting_core.document.shapes import ShapeRole
from matting_core.document.tracks import Key, Track
from matting_core.types import FrameRange, ObjectId
from tests.app.conftest import do
from tests.tables import table

CORNERS = ((20.0, 20.0), (90.0, 20.0), (60.0, 80.0))
ONE = ObjectId(1)


@pytest.fixture
def matted(opened, hand, qtbot):
    """An object with a matte on the first frame, in the alpha view."""
    hand.click(80, 100)
    qtbot.waitUntil(lambda: opened.stage.picture.mattes == 1)
    opened.editor.view.set_mode(ViewMode.ALPHA)
    qtbot.waitUntil(lambda: white(opened) > 0)
    return opened


def white(window) -> int:
    """How many pixels of the alpha view are white."""
    picture = window.stage.picture
    return int((picture.rgb == 255).all(axis=2).sum()) if picture.request.mode == "alpha" else 0


def row(window, parameter):
    return window.panels.finishing.rows[parameter]


def track(window, parameter) -> Track:
    return window.editor.active.finishing[parameter]


def type_in(window, parameter, text):
    number = row(window, parameter).number
    number.setFocus()
    number.selectAll()
    QTest.keyClicks(number, text)
    QTest.keyClick(number, Qt.Key.Key_Return)


@table("parameter", Parameter)
def test_sliders_reach_their_limits_and_come_back_to_what_they_showed(parameter):
    scale, limits = SCALES[parameter], LIMITS[parameter]
    assert scale.value(0) == pytest.approx(limits.least)
    assert scale.value(STEPS) == pytest.approx(limits.most)
    assert scale.value(scale.position(limits.neutral)) == limits.neutral
    values = [scale.value(position) for position in range(STEPS + 1)]
    assert values == sorted(values)
    assert all(scale.value(scale.position(value)) == value for value in values[::50])


def test_a_number_changes_the_picture_without_a_track(matted, qtbot):
    before = white(matted)
    keys = [layer.fresh for layer in matted.stage.picture.request.layers]
    type_in(matted, Parameter.GROW, "6")
    qtbot.waitUntil(lambda: white(matted) > before)
    assert [layer.fresh for layer in matted.stage.picture.request.layers] == keys
    assert track(matted, Parameter.GROW) == Track(6.0)
    do(matted, "edit.undo")
    qtbot.waitUntil(lambda: white(matted) == before)


def test_one_drag_of_a_slider_is_one_step(matted, qtbot):
    steps = matted.editor.document.stack.count()
    slider = row(matted, Parameter.FEATHER).slider
    slider.setSliderDown(True)
    for position in (100, 300, 500):
        slider.setSliderPosition(position)
    slider.setSliderDown(False)
    assert track(matted, Parameter.FEATHER).value == SCALES[Parameter.FEATHER].value(500)
    assert matted.editor.document.stack.count() == steps + 1
    slider.setSliderDown(True)
    slider.setSliderPosition(700)
    slider.setSliderDown(False)
    assert matted.editor.document.stack.count() == steps + 2


def test_finishing_makes_no_matte_stale(matted, qtbot):
    heard = []
    matted.editor.document.changed.connect(heard.append)
    type_in(matted, Parameter.GROW, "6")
    assert heard == [Changes.FINISHING]
    assert matted.editor.results.stale(ONE) == ()


def test_the_diamond_sets_and_removes_a_keyframe_here(matted, qtbot):
    diamond = row(matted, Parameter.GROW).diamond
    type_in(matted, Parameter.GROW, "2")
    diamond.click()
    assert track(matted, Parameter.GROW).keys == (Key(0, 2.0),)
    matted.editor.playback.seek(4)
    qtbot.waitUntil(lambda: diamond.toolTip() == "Set a keyframe here")
    type_in(matted, Parameter.GROW, "6")
    assert track(matted, Parameter.GROW).keys == (Key(0, 2.0), Key(4, 6.0))
    matted.editor.playback.seek(2)
    qtbot.waitUntil(lambda: row(matted, Parameter.GROW).number.value() == 4.0)
    matted.editor.playback.seek(4)
    qtbot.waitUntil(lambda: diamond.toolTip() == "Remove the keyframe here")
    diamond.click()
    assert track(matted, Parameter.GROW).keys == (Key(0, 2.0),)


def test_editing_sets_the_first_keyframe_only_when_asked_to(matted):
    matted.editor.playback.seek(3)
    type_in(matted, Parameter.BLACK, "0.25")
    assert track(matted, Parameter.BLACK).keys == ()
    do(matted, "object.auto_key")
    type_in(matted, Parameter.BLACK, "0.5")
    assert track(matted, Parameter.BLACK).keys == (Key(3, 0.5),)


def test_keyframes_are_stepped_through(matted, qtbot):
    editor = matted.editor
    for frame in (2, 7):
        editor.model.push(
            "",
            lambda p, f=frame: finishing_edits.set_parameter(
                p, ONE, Parameter.GROW, f, f, auto_key=True
            ),
        )
    for frame in (2, 7, 7):
        do(matted, "object.next_key")
        assert editor.view.frame == frame
    do(matted, "object.previous_key")
    assert editor.view.frame == 2


def test_a_double_click_on_the_name_resets(matted):
    type_in(matted, Parameter.GROW, "6")
    row(matted, Parameter.GROW).diamond.click()
    label = row(matted, Parameter.GROW).label
    QTest.mouseDClick(label, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert track(matted, Parameter.GROW) == Track(0.0)


@pytest.fixture
def shaped(matted, qtbot):
    """A garbage shape that is selected."""
    editor = matted.editor
    editor.model.push(
        "", lambda p: finishing_edits.add_shape(p, ONE, ShapeRole.GARBAGE, 0, CORNERS)
    )
    editor.objects.select_shape(1)
    section = matted.panels.finishing.shapes
    qtbot.waitUntil(lambda: section.list.count() == 1 and not section.details.isHidden())
    return matted


def shape(window):
    return window.editor.active.finishing.shapes[0]


def test_a_shape_is_changed_and_removed_in_its_section(shaped, qtbot):
    section = shaped.panels.finishing.shapes
    section.inverted.click()
    section.curved.click()
    section.feather.setValue(3.5)
    section.role.setCurrentIndex(1)
    changed = shape(shaped)
    assert (changed.inverted, changed.curved, changed.feather) == (True, True, 3.5)
    assert changed.role is ShapeRole.HOLDOUT
    qtbot.waitUntil(lambda: section.list.item(0).text() == "Holdout 1, inverted")
    section.list.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert not shape(shaped).enabled
    section.remove.click()
    assert shaped.editor.active.finishing.shapes == ()
    qtbot.waitUntil(section.details.isHidden)


def test_a_shape_is_seen_in_the_picture(matted, qtbot):
    whole = ((-9.0, -9.0), (400.0, -9.0), (400.0, 400.0), (-9.0, 400.0))
    matted.editor.model.push(
        "", lambda p: finishing_edits.add_shape(p, ONE, ShapeRole.GARBAGE, 0, whole)
    )
    qtbot.waitUntil(lambda: white(matted) == 0)


def test_what_is_locked_cannot_be_edited_and_says_why(matted, qtbot):
    panel = matted.panels.finishing
    do(matted, "object.lock")
    qtbot.waitUntil(lambda: not row(matted, Parameter.GROW).isEnabled())
    assert panel.note.text() == "object 1 is locked; unlock it to change it."
    do(matted, "object.lock")
    qtbot.waitUntil(lambda: row(matted, Parameter.GROW).isEnabled())
    matted.editor.model.push("", lambda p: span_edits.lock_span(p, ONE, FrameRange(0, 2)))
    qtbot.waitUntil(lambda: not row(matted, Parameter.GROW).isEnabled())
    matted.editor.playback.seek(5)
    qtbot.waitUntil(lambda: row(matted, Parameter.GROW).isEnabled())


def test_the_timeline_marks_finishing_keyframes(matted, qtbot):
    row(matted, Parameter.GROW).diamond.click()
    timeline = matted.panels.timeline
    qtbot.waitUntil(lambda: timeline.content.rows[0].finishing_frames == (0,))
    with_mark = timeline.grab().toImage()
    row(matted, Parameter.GROW).diamond.click()
    qtbot.waitUntil(lambda: timeline.content.rows[0].finishing_frames == ())
    assert timeline.grab().toImage() != with_mark


def test_objects_that_share_are_shown_so(matted, qtbot):
    editor = matted.editor
    editor.model.push("", lambda p: edits.duplicate_object(p, ONE))
    do(matted, "object.share")
    assert editor.project.share_alpha
    qtbot.waitUntil(lambda: matted.stage.picture.mattes == 2)
    total = np.sum([layer.matte.alpha for layer in matted.stage.picture.scene.layers], axis=0)
    assert total.max() == pytest.approx(1)
    assert matted.commands["object.share"].isChecked()
