"""Prompts are marked where they are worked on, and never lie over a matte that is judged."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from app.model.tool_names import ToolName
from app.model.view import ViewMode
from tests.app.conftest import do
from tests.tables import table

JUDGED = [mode for mode in ViewMode if mode not in (ViewMode.SOURCE, ViewMode.OVERLAY)]


def marked(window):
    return bool(window.stage.canvas.marks._prompts)


def look_away(window):
    QApplication.sendEvent(window.stage.canvas, QEvent(QEvent.Type.Leave))


def show(window, mode, qtbot):
    window.editor.view.set_mode(mode)
    qtbot.waitUntil(lambda: window.stage.picture.request.mode is mode)


@table("mode", JUDGED)
def test_a_matte_is_judged_without_prompts_on_it(matted, hand, qtbot, mode):
    matted.editor.view.set_tool(ToolName.POINT)
    show(matted, ViewMode.OVERLAY, qtbot)
    qtbot.waitUntil(lambda: marked(matted))
    look_away(matted)
    show(matted, mode, qtbot)
    qtbot.waitUntil(lambda: not marked(matted))
    hand.hover(20, 20)
    qtbot.waitUntil(lambda: marked(matted))
    matted.editor.view.set_tool(ToolName.BRUSH)
    qtbot.waitUntil(lambda: not marked(matted))


def test_prompts_stay_on_the_clip(matted, hand, qtbot):
    look_away(matted)
    for mode in (ViewMode.SOURCE, ViewMode.OVERLAY):
        show(matted, mode, qtbot)
        qtbot.waitUntil(lambda: marked(matted))


def test_the_command_hides_them_everywhere(matted, hand, qtbot):
    do(matted, "view.prompts")
    qtbot.waitUntil(lambda: not marked(matted))
    hand.hover(20, 20)
    show(matted, ViewMode.ALPHA, qtbot)
    assert not marked(matted)
    qtbot.waitUntil(lambda: not matted.commands["view.prompts"].isChecked())
    do(matted, "view.prompts")
    qtbot.waitUntil(lambda: marked(matted))
