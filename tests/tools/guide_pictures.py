"""Takes the guide's pictures: `python -m tests.tools.guide_pictures [FOLDER]`, some minutes.

The real models on the demo clip, at 1280 x 720, into `resources/guide/images`.
"""

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, QSettings, QSize, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.editor import Editor
from app.main_window import MainWindow
from app.model.tool_names import ToolName
from app.options import EditorOptions
from app.shell.theme import apply_theme
from matting_core.resources import resource_path
from matting_core.types import FrameRange
from tests.tools.screenshots import settle, wait

SIZE = QSize(1280, 720)
HERE = 77
TRACKED = FrameRange(70, 85)
LOCKED = FrameRange(72, 75)
GONE = FrameRange(70, 71)
BOX = ((150, 60), (592, 632))
ON_THE_EAR = (330, 112)
HOLE = ((400, 380), (440, 430), (470, 470))
FUR = ((190, 215), (260, 245), (330, 275))
GARBAGE = ((900, 420), (1200, 420), (1200, 650), (900, 650), (900, 420))
Places = Iterable[tuple[float, float]]


class Tourist:
    """Walks through the round of the work, taking pictures."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        self.window, self.editor, self.folder = window, window.editor, folder

    def shoot(self, name: str, widget: QWidget | None = None) -> None:
        settle(600)
        (widget or self.window).grab().save(str(self.folder / f"{name}.jpg"), quality=86)

    def do(self, command: str) -> None:
        self.window.commands[command].trigger()
        settle(300)

    def click(self, place: tuple[float, float]) -> None:
        viewport = self.window.stage.canvas.viewport()
        QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=self._at(place))
        settle(200)

    def drag(self, places: Places) -> None:
        viewport = self.window.stage.canvas.viewport()
        points = [self._at(place) for place in places]
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=points[0])
        for point in points[1:]:
            self._move(viewport, point)
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=points[-1])

    def rest(self) -> None:
        """Wait until the frame's matte is on screen."""
        editor = self.editor
        wait(lambda: not editor.lanes.gpu.busy and not editor.lanes.media.busy)
        wait(lambda: self.window.stage.picture.mattes > 0 and editor.loader.idle)
        settle(1500)

    def run(self) -> None:
        editor = self.editor
        editor.files.open(resource_path("demo/bigbuckbunny.mp4"))
        wait(lambda: self.window.stage.picture is not None)
        editor.playback.seek(HERE)
        editor.view.set_tool(ToolName.BOX)
        settle(2000)
        self.drag(BOX)
        self.rest()
        editor.view.set_tool(ToolName.POINT)  # the box's answer lacks an ear
        self.click(ON_THE_EAR)
        self.rest()
        self.shoot("prompting")
        editor.tracking.track([editor.active.id], TRACKED)
        wait(lambda: not editor.runner.tracking, 300)
        for span, command in ((LOCKED, "track.lock"), (GONE, "track.delete")):
            editor.view.select_span(span)
            self.do(command)
        editor.playback.seek(81)
        editor.view.select_span(FrameRange(80, 83))
        self.rest()
        editor.view.set_tool(ToolName.ERASER)
        self.drag(HOLE)
        self.rest()
        self.shoot("tracking")
        self.do("edit.undo")
        editor.view.select_span(None)
        editor.playback.seek(HERE)
        self.rest()
        editor.view.set_tool(ToolName.REFINE)
        self.drag(FUR)
        self.rest()
        self.shoot("refining")
        editor.view.set_tool(ToolName.SELECT)
        self.do("view.backdrop_magenta")
        self.do("view.compare_wipe")
        self.rest()
        self.shoot("comparing")
        self.do("view.compare_wipe")
        self.do("view.overlay")
        editor.view.set_tool(ToolName.GARBAGE)
        for place in GARBAGE:
            self.click(place)
        self.rest()
        self.shoot("finishing")
        editor.view.set_tool(ToolName.POINT)
        self.do("help.palette")
        palette = self.window.findChild(QWidget, "palette")
        QTest.keyClicks(palette.line, "tr")
        self.shoot("palette", palette)

    def _at(self, place: tuple[float, float]) -> QPoint:
        return self.window.stage.canvas.to_widget(place).toPoint()

    def _move(self, viewport: QWidget, point: QPoint) -> None:
        where = viewport.mapToGlobal(point)
        held = Qt.KeyboardModifier.NoModifier
        left = Qt.MouseButton.LeftButton
        none = Qt.MouseButton.NoButton
        kind = QMouseEvent.Type.MouseMove
        event = QMouseEvent(kind, point.toPointF(), where.toPointF(), none, left, held)
        QApplication.sendEvent(viewport, event)


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else resource_path("guide") / "images"
    folder.mkdir(parents=True, exist_ok=True)
    application = QApplication(sys.argv[:1])
    apply_theme(application)
    with tempfile.TemporaryDirectory() as scratch:
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, scratch)
        window = MainWindow(Editor(EditorOptions(folder=Path(scratch), follow=False)))
        window.resize(SIZE)
        window.show()
        Tourist(window, folder).run()
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
