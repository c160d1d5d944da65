"""The timeline scrubs, and draws clips of any length."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.model.model import Model
from app.model.results import Results
from app.shell import theme
from app.timeline.content import Row, TimelineContent
from app.timeline.geometry import TimeScale, reaches, slots, spans, ticks, timecode
from app.timeline.lanes.base import LaneSources, lane_specs
from app.timeline.widget import Timeline
from matting_core.document import edits
from matting_core.document.project import Project, Settings
from matting_core.document.propagation import governing_frame
from matting_core.results.service import ResultService
from matting_core.results.status import Status
from matting_core.results.store import MatteCache
from matting_core.types import FrameRange, ObjectId
from tests.app.factories import a_clip
from tests.tables import table


class Pictures(QObject):
    """Thumbnails that note what is wanted."""

    changed = Signal()

    def __init__(self):
        super().__init__()
        self.wanted = []
        self.image = lambda _frame: None

    def want(self, frames, _ratio):
        self.wanted.append(list(frames))


@pytest.fixture
def pictures(qapp):
    return Pictures()


@pytest.fixture
def timeline(qtbot, tmp_path, pictures):
    """Return a timeline of a clip of 100 frames with twelve objects."""
    service = ResultService(MatteCache(tmp_path), 1 << 20)
    model = Model(Settings(), Results(service), lambda: True)
    model.document.adopt(edits.set_clip(Project(), a_clip(100)))
    for _ in range(12):
        model.push("", edits.add_object)
    timeline = Timeline(LaneSources(model, pictures))
    qtbot.addWidget(timeline)
    timeline.resize(1000, 100)
    timeline.show()
    qtbot.waitUntil(lambda: len(timeline.content.rows) == 12)
    pictures.wanted.clear()
    return timeline


def content(length, statuses=(), **options):
    row = Row(ObjectId(1), "dog", "#e69f00", (0,), np.array(statuses, np.uint8), True)
    return TimelineContent(length, Fraction(24), rows=(row,), **options)


def test_a_click_seeks_and_a_drag_goes_on_seeking(timeline):
    sought = []
    timeline._model.view.playhead_moved.connect(sought.append)
    place = QPoint(round(timeline.scale.middle(30)), 10)
    QTest.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=place)
    assert sought == [30]


def many(active, count=12):
    rows = tuple(
        Row(ObjectId(n), f"object {n}", "#e69f00", (), np.zeros(100, np.uint8), n == active)
        for n in range(1, count + 1)
    )
    return TimelineContent(100, Fraction(24), rows=rows)


def test_rows_that_do_not_fit_are_scrolled_and_the_room_stays(timeline):
    timeline.show_content(many(1, 4))
    least = timeline.minimumSizeHint().height()
    timeline.resize(1000, least)
    assert not timeline._rows.isVisible()
    timeline.show_content(many(1))
    assert timeline.minimumSizeHint().height() == timeline.sizeHint().height() == least
    assert timeline._rows.isVisible()
    wheel(timeline, -120)
    assert timeline.row_rect(0).top() < timeline._rows.y()
    place = QPoint(20, round(timeline.row_rect(3).center().y()))
    QTest.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=place)
    assert timeline._model.view.active == 4


def test_the_active_row_comes_into_sight(timeline):
    timeline.show_content(many(1))
    for active in (12, 1, 7):
        timeline.show_content(many(active))
        row = timeline.row_rect(active - 1)
        assert timeline._rows.y() <= row.top()
        assert row.bottom() <= timeline.height()


def wheel(widget, turned):
    place = QPointF(widget.rect().center())
    event = QWheelEvent(
        place,
        widget.mapToGlobal(place),
        QPoint(0, 0),
        QPoint(0, turned),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_a_click_on_a_name_chooses_the_object_and_does_not_seek(timeline):
    view = timeline._model.view
    view.set_frame(7)
    view.set_active(ObjectId(5))
    timeline.show_content(content(100))
    QTest.mouseClick(
        timeline,
        Qt.MouseButton.LeftButton,
        pos=QPoint(20, round(timeline.row_rect(0).center().y())),
    )
    assert view.active == 1
    assert view.frame == 7


@pytest.mark.parametrize("length", [1, 2, 240, 109_192])
def test_every_length_is_drawn(timeline, length):
    statuses = np.arange(length) // 7 % 4
    timeline.show_content(content(length, statuses, work_range=FrameRange(0, max(length // 2, 1))))
    timeline._model.view.set_frame(length - 1)
    assert not timeline.grab().isNull()


def test_stale_spans_are_hatched_and_lost_ones_red(timeline):
    statuses = [Status.FRESH] * 25 + [Status.STALE] * 25 + [Status.LOST] * 25 + [Status.NONE] * 25
    timeline.show_content(content(100, statuses))
    picture = timeline.grab().toImage()
    y = int(timeline.row_rect(0).center().y())

    def colors(first, last):
        xs = range(int(timeline.scale.x(first)) + 3, int(timeline.scale.x(last)) - 3)
        return {picture.pixelColor(x, y).name() for x in xs}

    assert colors(5, 24) == {"#e69f00"}
    assert "#d9a441" in colors(26, 49)
    assert len(colors(26, 49)) > 1
    assert colors(51, 74) == {"#e8605a"}


@pytest.mark.parametrize("length", [100, 20_000])
def test_doubtful_spans_have_light_dashes_along_the_top(timeline, length):
    statuses = np.full(length, Status.FRESH)
    statuses[length // 4 : length // 2] = Status.DOUBTFUL
    statuses[3 * length // 4] = Status.DOUBTFUL
    timeline.show_content(content(length, statuses))
    picture = timeline.grab().toImage()
    middle = round(timeline.row_rect(0).center().y())

    def colors(first, last, y):
        xs = range(int(timeline.scale.x(first)) + 1, int(timeline.scale.x(last)) - 1)
        return {picture.pixelColor(x, y).name() for x in xs}

    quarter, half = length // 4, length // 2
    assert colors(quarter, half, middle - 4) == {theme.TEXT, theme.WINDOW}
    assert colors(quarter + length // 50, half - length // 50, middle + 2) >= {"#e69f00"}
    assert theme.TEXT not in colors(half + length // 50, 3 * quarter - 1, middle - 4)
    one = round(timeline.scale.x(3 * quarter)) + 1
    assert picture.pixelColor(one, middle - 4).name() == theme.TEXT


def test_what_is_doubtful_is_said_under_the_pointer(timeline):
    timeline.show_content(content(4, [Status.FRESH, Status.DOUBTFUL, Status.LOST, Status.NONE]))
    at = QPointF(timeline.scale.middle(1), timeline.row_rect(0).center().y())
    assert timeline._describe(at).endswith("dog: the tracker doubts it: if it is wrong, correct it")


def test_spans_leave_out_what_has_no_matte():
    found = spans(np.array([0, 1, 1, 0, 2, 3, 3], np.uint8))
    assert [(span.start, span.stop, span.status) for span in found] == [
        (1, 3, Status.FRESH),
        (4, 5, Status.STALE),
        (5, 7, Status.LOST),
    ]
    assert spans(np.zeros(0, np.uint8)) == []


@table("length", [1, 10, 240, 5000, 109_192])
def test_ticks_are_never_crowded(length):
    scale = TimeScale(0, 900, length)
    marks = ticks(scale)
    assert marks[0] == 0
    assert all((b - a) * scale.per_frame >= 70 for a, b in itertools.pairwise(marks))


def test_frames_and_positions_agree():
    scale = TimeScale(120, 777, 133)
    assert [scale.frame(scale.middle(frame)) for frame in range(133)] == list(range(133))


@table(("x", "frame"), [(-999, 0), (119, 0), (120, 0), (897, 132), (9999, 132)])
def test_places_beside_the_clip_are_its_ends(x, frame):
    assert TimeScale(120, 777, 133).frame(x) == frame


def test_timecode_counts_at_the_rounded_rate():
    assert timecode(30, Fraction(30000, 1001)) == "00:00:01:00"
    assert timecode(86399, Fraction(24)) == "00:59:59:23"


def test_locked_spans_have_violet_lines_and_absent_ones_are_dotted(timeline):
    statuses = [Status.LOCKED] * 50 + [Status.ABSENT] * 50
    timeline.show_content(content(100, statuses))
    picture = timeline.grab().toImage()
    middle = timeline.row_rect(0).center().y()
    column = round(timeline.scale.middle(25))
    lines = [picture.pixelColor(column, round(middle + dy)).name() for dy in (-4, 0, 4)]
    assert lines == ["#8f8fd6", "#e69f00", "#8f8fd6"]
    left, right = round(timeline.scale.x(55)), round(timeline.scale.x(95))
    seen = {picture.pixelColor(x, round(middle)).name() for x in range(left, right)}
    assert len(seen) > 1
    assert "#e69f00" not in seen


def test_the_selected_span_is_outlined_on_the_active_line(timeline):
    statuses = [Status.FRESH] * 100
    timeline.show_content(content(100, statuses, selected=FrameRange(20, 40)))
    picture = timeline.grab().toImage()
    top = round(timeline.row_rect(0).top() + 2)
    inside, outside = (round(timeline.scale.middle(frame)) for frame in (30, 60))
    assert picture.pixelColor(inside, top).name() == "#4c9be8"
    assert picture.pixelColor(outside, top).name() != "#4c9be8"


@given(st.sets(st.integers(0, 40), min_size=1, max_size=6), st.integers(41, 60))
def test_arrows_point_away_from_the_prompt_that_governs(frames, length):
    prompted = sorted(frames)
    reached = {}
    for reach in reaches(prompted, length):
        for frame in range(reach.start, reach.stop):
            governing = governing_frame(prompted, frame)
            assert (frame > governing) == reach.forward
            reached[frame] = governing
    assert set(reached) == set(range(length)) - frames


def test_an_arrow_is_drawn_on_each_side_of_a_prompt(timeline):
    def dark(frame):
        column = round(timeline.scale.middle(frame))
        middle = round(timeline.row_rect(0).center().y())
        picture = timeline.grab().toImage()
        near = [picture.pixelColor(column + dx, middle) for dx in range(-6, 7)]
        return min(color.lightness() for color in near) < 60

    timeline.show_content(content(100, [Status.FRESH] * 100))
    assert dark(50)
    assert not dark(30)


def test_thumbnails_are_asked_for_where_there_is_room(timeline, pictures):
    asked = pictures.wanted
    timeline.show_content(content(100))
    assert len(asked) == 1
    count, frames = len(asked[0]), list(asked[0])
    assert frames == sorted(set(frames))
    timeline.resize(500, 140)
    assert len(asked[-1]) < count
    timeline.show_content(content(100, aspect=1.0))
    assert len(asked[-1]) > len(asked[-2])
    timeline.show_content(content(100, aspect=1.0))
    assert len(asked) == 3


def test_thumbnails_are_drawn_under_the_ruler(timeline, pictures):
    image = QImage(64, 36, QImage.Format.Format_RGB888)
    image.fill(QColor("#ff0000"))
    pictures.image = lambda frame: image if frame < 50 else None
    timeline.show_content(content(100))
    picture, scale = timeline.grab().toImage(), timeline.scale
    strip = round(timeline.row_rect(0).top()) - 20
    first, last = (slots(scale, 64)[index] for index in (0, -1))
    assert picture.pixelColor(round(first.left + first.width / 2), strip).name() == "#ff0000"
    assert picture.pixelColor(round(last.left + last.width / 2), strip).name() == "#303030"


def test_lanes_stand_in_their_order():
    clip = [spec.id for spec in lane_specs() if not spec.per_object]
    assert clip[:2] == ["ruler", "thumbnails"]
    assert next(spec.id for spec in lane_specs() if spec.per_object) == "status"
