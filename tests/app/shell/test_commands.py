"""What each command does, given as the user gives it: by its key, where it has one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QColorDialog, QDockWidget, QFileDialog

from app.command_order import all_commands
from app.features.objects.commands import add_object
from app.main_window import MainWindow
from app.model.look import PRESETS, Backdrop, Levels
from app.model.tool_names import ToolName
from app.model.view import ViewMode
from app.shell.keys.panel_cycle import parts
from matting_core.document import edits
from matting_core.document.project import PALETTE
from matting_core.results.status import Status
from matting_core.types import FrameRange
from tests.app.conftest import FRAMES, Hand, ask_all_commands, do
from tests.tables import table

KEYS = {command.id: command.keys for command in all_commands()}


@dataclass(frozen=True)
class Group:
    """Commands that change the same thing.

    Attributes:
        begin: brings the window to where each of them is given.
        read: what they change.
        after: what it is after each of them; never what it is at the beginning.
    """

    begin: Callable[[MainWindow], object]
    read: Callable[[MainWindow], object]
    after: Mapping[str, object]


def _choose_backdrop(window: MainWindow) -> None:
    view = window.editor.view
    view.set_look(replace(view.look, backdrop=Backdrop((1, 2, 3))))


def _show_alpha_as_it_is(window: MainWindow) -> None:
    view = window.editor.view
    view.set_mode(ViewMode.ALPHA)
    view.set_look(replace(view.look, levels=Levels()))


def _have_nine_objects(window: MainWindow) -> None:
    while len(window.editor.project.objects) < 9:
        add_object(window.editor)
    window.editor.view.set_active(None)


def _have_another_color(window: MainWindow) -> None:
    if window.editor.active is None:
        add_object(window.editor)
    only = window.editor.active.id
    window.editor.model.push("Change colour", lambda p: edits.set_color(p, only, "#123456"))


def _focused_part(window: MainWindow) -> int:
    """The number of the part that has the focus, counted from the canvas either way."""
    focus, around = QApplication.focusWidget(), parts(window)
    (at,) = [at for at, each in enumerate(around) if each is focus or each.isAncestorOf(focus)]
    return at if at < len(around) / 2 else at - len(around)


def _at(frame: int) -> Callable[[MainWindow], None]:
    return lambda window: window.editor.playback.seek(frame)


def _frame(window: MainWindow) -> int:
    return window.editor.view.frame


GROUPS = {
    "views": Group(
        lambda window: window.editor.view.set_mode(ViewMode.DIFFERENCE),
        lambda window: window.editor.view.mode,
        {f"view.{mode.value}": mode for mode in ViewMode if mode is not ViewMode.DIFFERENCE}
        | {"view.toggle_alpha": ViewMode.ALPHA, "view.toggle_overlay": ViewMode.OVERLAY},
    ),
    "tools": Group(
        lambda window: window.editor.view.set_tool(ToolName.POINT),
        lambda window: window.editor.view.tool,
        {f"edit.tool_{tool.value}": tool for tool in ToolName if tool is not ToolName.POINT},
    ),
    "backgrounds": Group(
        _choose_backdrop,
        lambda window: window.editor.view.look.backdrop,
        {f"view.backdrop_{name}": Backdrop(color) for name, color in PRESETS.items()},
    ),
    "levels": Group(
        _show_alpha_as_it_is,
        lambda window: window.editor.view.look.levels,
        {
            "view.gain_up": Levels(gain_steps=2),
            "view.gain_down": Levels(gain_steps=-2),
            "view.gamma_up": Levels(gamma_steps=2),
            "view.gamma_down": Levels(gamma_steps=-2),
        },
    ),
    "zoom": Group(
        lambda window: window.stage.canvas.zoom_to(2.0),
        lambda window: pytest.approx(window.stage.canvas.shown_zoom),
        {"view.zoom_in": 2.5, "view.zoom_out": 1.6, "view.actual": 1.0},
    ),
    "panels": Group(
        lambda window: window.stage.canvas.setFocus(),
        _focused_part,
        {"view.next_panel": 1, "view.previous_panel": -1},
    ),
    "layout": Group(
        lambda window: window.findChild(QDockWidget, "objects").close(),
        lambda window: window.findChild(QDockWidget, "objects").isVisible(),
        {"view.reset_layout": True},
    ),
    "object by number": Group(
        _have_nine_objects,
        lambda window: window.editor.active and window.editor.active.name,
        {f"object.choose_{number}": f"object {number}" for number in range(1, 10)},
    ),
    "colours": Group(
        _have_another_color,
        lambda window: window.editor.active.color,
        {f"object.color_{number}": color for number, color in enumerate(PALETTE, 1)},
    ),
    "from the first frame": Group(
        _at(0), _frame, {"playback.on": 1, "playback.on_ten": 10, "playback.last": FRAMES - 1}
    ),
    "from the last frame": Group(
        _at(FRAMES - 1),
        _frame,
        {"playback.back": FRAMES - 2, "playback.back_ten": FRAMES - 11, "playback.first": 0},
    ),
}

TRACKS = {
    "track.all": {1: range(2, 9), 2: range(2, 9)},
    "track.both": {1: [5], 2: range(2, 9)},
    "track.forward": {1: [5], 2: range(5, 9)},
    "track.backward": {1: [5], 2: range(2, 6)},
}
"""Frames of each object that have mattes after it: both are prompted on frame 5, which is made at
once; the second is active, and in and out are 2 and 8."""

ALONE = {"file.save_as", "file.quit", "view.fit", "object.color_other"}
"""Those with a test of their own below."""

ELSEWHERE = {
    "files/test_files.py": ["file.open", "file.open_folder", "file.save", "file.unsaved"],
    "files/test_backups.py": ["file.revert"],
    "engine/test_doubt.py": ["playback.next_doubt", "playback.previous_doubt"],
    "views/test_prompt_marks.py": ["view.prompts"],
    "files/test_relink.py": ["file.find_clip"],
    "files/test_mask_import.py": ["file.import_mask", "file.import_alpha"],
    "files/test_collect.py": ["file.collect"],
    "help/test_guide.py": ["file.demo", "help.guide"],
    "help/test_tour.py": ["help.tour"],
    "keys/test_names.py": ["help.palette", "help.about"],
    "keys/test_keys_dialog.py": ["help.keys"],
    "models/test_models.py": ["edit.models"],
    "test_preferences.py": ["edit.preferences", "track.follow"],
    "test_flow.py": ["file.export", "edit.undo", "edit.redo", "edit.delete", "object.add"],
    "test_shape_tool.py": ["edit.tool_point", "object.close_shape"],
    "test_text.py": ["edit.text"],
    "painting/test_painting.py": [
        *("edit.brush_smaller", "edit.brush_larger", "edit.brush_softer", "edit.brush_harder"),
        "edit.brush_mark",
    ],
    "views/test_overlays.py": [
        *("view.difference", "view.over_onion", "view.over_roi", "view.over_trimap"),
    ],
    "views/test_on_a_background.py": [
        *("view.backdrop_next", "view.backdrop_color", "view.backdrop_image"),
    ],
    "views/test_levels.py": ["view.levels_reset"],
    "views/test_comparison.py": [
        "view.wipe_left",
        "view.wipe_right",
        *("view.compare_wipe", "view.compare_beside"),
        *("view.compare_source", "view.compare_earlier"),
    ],
    "test_objects.py": [
        *("object.duplicate", "object.rename", "object.visible", "object.solo"),
        *("object.lock", "object.up", "object.down"),
    ],
    "engine/test_tracking.py": ["object.remove", "track.pause", "track.cancel"],
    "test_finishing.py": [
        *("object.share", "object.previous_key", "object.next_key", "object.auto_key"),
    ],
    "test_spans.py": [
        *("track.one_on", "track.one_back", "track.to_next", "track.to_previous"),
        *("track.span", "track.update", "track.select", "track.lock", "track.delete"),
        "track.versions",
    ],
    "test_actions.py": [
        *("playback.play", "playback.previous_prompt", "playback.next_prompt", "playback.in"),
        *("playback.out", "playback.clear_in", "playback.clear_out"),
    ],
}
"""The file that shows what each of the others does."""


@pytest.fixture
def front(opened, qtbot) -> MainWindow:
    """The window in front, so that keys reach it."""
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    return opened


def give(window: MainWindow, command_id: str) -> None:
    """Press the command's first key, or choose it where it has none."""
    if KEYS[command_id]:
        QTest.keySequence(window, QKeySequence(KEYS[command_id][0]))
    else:
        do(window, command_id)


@pytest.mark.parametrize("name", GROUPS)
def test_commands_do_what_they_say(front, name):
    group, found = GROUPS[name], {}
    for command_id, expected in group.after.items():
        group.begin(front)
        assert group.read(front) != expected, f"{command_id} would show nothing"
        ask_all_commands(front)
        give(front, command_id)
        found[command_id] = group.read(front)
    assert found == group.after


@pytest.mark.parametrize("command_id", TRACKS)
def test_tracks_go_over_the_frames_that_their_command_names(front, command_id, qtbot):
    editor, hand = front.editor, Hand(front)
    editor.playback.seek(5)
    qtbot.waitUntil(lambda: front.stage.picture.request.frame == 5)
    hand.click(90, 100)
    add_object(editor)
    hand.click(200, 60)
    editor.model.push("Set in", lambda p: edits.set_work_range(p, FrameRange(2, 9)))

    def done():
        statuses = {obj.id: editor.results.statuses(obj.id) for obj in editor.project}
        return {
            key: [frame for frame, status in enumerate(each) if Status(int(status)) is Status.FRESH]
            for key, each in statuses.items()
        }

    qtbot.waitUntil(lambda: done() == {1: [5], 2: [5]})
    wanted = {key: list(frames) for key, frames in TRACKS[command_id].items()}
    ask_all_commands(front)
    give(front, command_id)
    qtbot.waitUntil(lambda: done() == wanted)
    qtbot.waitUntil(lambda: not editor.runner.tracking)
    assert done() == wanted


def test_the_frame_is_fitted_to_the_window(front):
    canvas = front.stage.canvas
    fitting = canvas.zoom
    canvas.zoom_to(3.0)
    give(front, "view.fit")
    assert canvas.zoom == pytest.approx(fitting)


def test_save_as_goes_on_in_another_file(front, hand, tmp_path, qtbot):
    files, first, second = front.editor.files, tmp_path / "one.wisp", tmp_path / "two.wisp"
    with qtbot.waitSignal(files.saved):
        files.save(first)
    before = first.read_bytes()
    hand.click(80, 100)
    give(front, "file.save_as")
    chooser = front.findChild(QFileDialog)
    with qtbot.waitSignal(files.saved):
        chooser.fileSelected.emit(str(second))
    chooser.close()
    assert files.path == second
    assert first.read_bytes() == before
    assert second.read_bytes() != before


def test_another_colour_can_be_chosen_for_an_object(front, hand):
    hand.click(80, 100)
    give(front, "object.color_other")
    dialog = front.findChild(QColorDialog, "object_color")
    dialog.setCurrentColor(QColor("#654321"))
    dialog.accept()
    assert front.editor.active.color == "#654321"


def test_quit_closes_the_window(front):
    give(front, "file.quit")
    assert not front.isVisible()


def test_every_command_has_a_test():
    here = {each for group in GROUPS.values() for each in group.after} | TRACKS.keys() | ALONE
    elsewhere = {each for ids in ELSEWHERE.values() for each in ids}
    assert here | elsewhere == KEYS.keys()
    assert not here & elsewhere


@table("name", ELSEWHERE)
def test_the_file_that_shows_a_command_gives_it(name):
    (path,) = Path(__file__).parents[1].rglob(Path(name).name)
    text = path.read_text()
    assert [each for each in ELSEWHERE[name] if f'"{each}"' not in text] == []
