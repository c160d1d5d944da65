"""Takes pictures of the window offscreen: `python -m tests.tools.screenshots FOLDER [CLIP]`.

The fake tracker and the mask head are used unless `--real` is given. With `--shell` it takes only
what lies around the work: first run, focus, palette, dialogs; with `--editing` tools, spans and
comparisons; with `--states` what is rare, such as a missing clip.
`QT_SCALE_FACTOR=2` looks as HiDPI.

It ends with 1, and says where, if words are cut off or chips over the canvas overlap.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QPoint, QSettings, QSize, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.editor import Editor
from app.features.models.commands import ModelCommands
from app.features.models.licence_dialog import LicenceDialog
from app.features.objects.commands import add_object
from app.main_window import MainWindow
from app.model.tool_names import ToolName
from app.model.view import ViewMode
from app.options import EditorOptions
from app.shell.theme import apply_theme
from matting_core.document.project import Settings
from matting_core.resources import resource_path
from matting_core.types import FrameRange
from tests.tools.layout import troubles
from tests.tools.screenshot_states import shoot_states

SIZES = (QSize(1440, 900), QSize(1280, 720))


def wait(done: Callable[[], bool], seconds: float = 120) -> None:
    """Run the event loop until something is so."""
    loop, poll, limit = QEventLoop(), QTimer(interval=10), QTimer(singleShot=True)
    poll.timeout.connect(lambda: done() and loop.quit())
    limit.timeout.connect(lambda: (print("gave up waiting"), loop.quit()))
    poll.start()
    limit.start(int(seconds * 1000))
    loop.exec()


def settle(milliseconds: int = 300) -> None:
    """Let timers and lanes come to rest."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Photographer:
    """Walks through the work loop, taking pictures."""

    def __init__(self, window: MainWindow, folder: Path, size: QSize) -> None:
        self.window = window
        self.editor = window.editor
        self.folder = folder
        scale = f"@{window.devicePixelRatioF():g}" if window.devicePixelRatioF() != 1 else ""
        self.troubles: list[str] = []
        self.tag = f"{size.width()}x{size.height()}{scale}"

    def shoot(self, name: str, widget: QWidget | None = None) -> None:
        settle()
        shown = widget or self.window
        shown.grab().save(str(self.folder / f"{self.tag}_{name}.png"))
        self.troubles += [f"{self.tag}_{name}: {each}" for each in troubles(shown)]

    def at(self, x: float, y: float) -> QPoint:
        size = self.editor.project.clip.size
        place = (size.width * x, size.height * y)
        return self.window.stage.canvas.to_widget(place).toPoint()

    def click(self, x: float, y: float, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        QTest.mouseClick(self.window.stage.canvas.viewport(), button, pos=self.at(x, y))
        settle(400)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        viewport = self.window.stage.canvas.viewport()
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=self.at(*start))
        QTest.mouseMove(viewport, self.at((start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
        QTest.mouseMove(viewport, self.at(*end))
        self.shoot("box_drag")
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=self.at(*end))
        settle(400)

    def wait(self, done: Callable[[], bool]) -> None:
        wait(done)

    def open(self, clip: Path) -> None:
        self.editor.files.open(clip)
        wait(lambda: self.window.stage.picture is not None)

    def run(self, clip: Path) -> None:
        editor = self.editor
        self.shoot("empty")
        editor.files.open(clip)
        wait(lambda: self.window.stage.picture is not None)
        self.shoot("opened")
        editor.view.set_tool(ToolName.BOX)
        self.drag((0.3, 0.2), (0.65, 0.85))
        editor.view.set_tool(ToolName.POINT)
        self.click(0.7, 0.4)
        self.click(0.35, 0.3, Qt.MouseButton.RightButton)
        self.shoot("prompted")
        add_object(editor)
        self.click(0.2, 0.6)
        editor.tracking.track([obj.id for obj in editor.project], editor.project.range)
        wait(lambda: len(editor.results.statuses(editor.project.objects[0].id)) > 0)
        settle(700)
        editor.runner.job and editor.runner.job.set_paused(True)
        self.shoot("tracking")
        editor.runner.job and editor.runner.job.set_paused(False)
        wait(lambda: not editor.runner.tracking, 1200)
        self.shoot("tracked")
        editor.playback.seek(editor.project.clip.length // 2)
        for mode in ViewMode:
            editor.view.set_mode(mode)
            self.shoot(f"view_{mode.value}")
        editor.view.set_mode(ViewMode.OVERLAY)
        editor.view.set_active(editor.project.objects[0].id)
        self.click(0.5, 0.5)
        self.shoot("corrected")
        self.window.commands["playback.in"].trigger()
        editor.playback.step(-5)
        self.shoot("stale")
        self.shoot_dialogs()

    def shoot_dialogs(self) -> None:
        self.window.commands["file.export"].trigger()
        self.shoot("export", self.window.findChild(QWidget, "export_dialog"))
        self.window.findChild(QWidget, "export_dialog").close()
        self.shoot_models()
        self.editor.files.open(Path("/nowhere/missing.mp4"))
        self.shoot("message")
        for title, menu in self.window.menus.items():
            menu.popup(self.window.mapToGlobal(QPoint(10, 30)))
            self.shoot(f"menu_{title}", menu)
            menu.close()

    def run_shell(self, clip: Path) -> None:
        """The tour's steps, the outline of the focus, and the dialogs that go with any document."""
        window, commands = self.window, self.window.commands
        commands["help.tour"].trigger()
        self.shoot("tour_1")
        self.editor.files.open(clip)
        wait(lambda: window.stage.picture is not None)
        for number in (2, 3, 4):
            self.shoot(f"tour_{number}")
            window.findChild(QWidget, "tour_card").next.click()
        for part in ("objects", "prompts", "models"):
            window.focus_panel(1)
            self.shoot(f"focus_{part}")
        for name, command in (
            ("palette", "help.palette"),
            ("keys_dialog", "help.keys"),
            ("preferences_dialog", "edit.preferences"),
            ("guide_dialog", "help.guide"),
            ("about_dialog", "help.about"),
        ):
            commands[command].trigger()
            self.shoot(name, window.findChild(QWidget, name))
            window.findChild(QWidget, name).close()

    def run_editing(self, clip: Path) -> None:
        """Tools, spans, comparisons, shapes and the dialogs of projects, on tracked objects."""
        window, editor = self.window, self.editor
        editor.files.open(clip)
        wait(lambda: window.stage.picture is not None)
        editor.view.set_tool(ToolName.BOX)
        self.drag((0.3, 0.2), (0.65, 0.85))
        self.give("track.both")
        wait(lambda: not editor.runner.tracking, 1200)
        for span, command in (((20, 40), "track.lock"), ((50, 60), "track.delete")):
            editor.view.select_span(FrameRange(*span))
            self.give(command)
        editor.view.set_tool(ToolName.POINT)
        self.click(0.8, 0.4)
        self.give("track.update")
        wait(lambda: not editor.runner.tracking, 1200)
        editor.view.select_span(FrameRange(70, 90))
        self.shoot("spans")
        for tool in (ToolName.BRUSH, ToolName.LASSO, ToolName.REFINE, ToolName.SELECT):
            editor.view.set_tool(tool)
            self.drag((0.4, 0.3), (0.55, 0.6))
            settle(600)
            self.shoot(f"tool_{tool.value}")
        editor.view.set_tool(ToolName.GARBAGE)
        for place in ((0.5, 0.2), (0.8, 0.2), (0.8, 0.7), (0.5, 0.2)):
            self.click(*place)
        self.shoot("shape")
        for command in ("view.compare_wipe", "view.compare_beside", "view.compare_earlier"):
            self.give(command)
            self.shoot(command.replace(".", "_"))
        self.give("view.compare_beside")
        for command in ("view.over_onion", "view.over_roi", "view.over_trimap"):
            self.give(command)
        self.shoot("overlays")
        self.give("track.versions")
        self.shoot("versions", window.findChild(QWidget, "versions_dialog"))
        window.findChild(QWidget, "versions_dialog").close()
        for command, name in (
            ("file.unsaved", "unsaved_dialog"),
            ("file.collect", "collect_dialog"),
        ):
            self.give(command)
            dialog = window.findChild(QWidget, name)
            if dialog is not None:
                self.shoot(name, dialog)
                dialog.close()

    def give(self, command: str) -> None:
        self.window.commands[command].trigger()
        settle(300)

    def shoot_models(self) -> None:
        """The dialog, in front of the window as it is on screen."""
        self.window.findChild(ModelCommands).show("head:sam2matting-tiny")
        self.shoot("models", self.window.findChild(QWidget, "models_dialog"))
        self.window.findChild(QWidget, "models_dialog").close()
        LicenceDialog("SAM2Matting Tiny", "CC-BY-NC-SA-4.0", (), self.window).open()
        self.shoot("licence", self.window.findChild(QWidget, "licence_dialog"))
        self.window.findChild(QWidget, "licence_dialog").close()

    def run_demo(self) -> None:
        """The demo's own prompt and the real models, over a few frames (each takes seconds)."""
        editor = self.editor
        editor.files.open_demo()
        wait(lambda: self.window.stage.picture is not None and self.window.stage.picture.mattes > 0)
        self.shoot("real_prompted")
        here = editor.view.frame
        editor.tracking.track([editor.project.objects[0].id], FrameRange(here - 16, here + 5))
        settle(5000)
        self.shoot("real_tracking")
        wait(lambda: not editor.runner.tracking, 300)
        for mode in ViewMode:
            editor.view.set_mode(mode)
            self.shoot(f"real_{mode.value}")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("clip", type=Path, nargs="?")
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--shell", action="store_true")
    parser.add_argument("--editing", action="store_true")
    parser.add_argument("--states", action="store_true")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    clip = options.clip or resource_path("demo/bigbuckbunny.mp4")
    application = QApplication(sys.argv[:1])
    apply_theme(application)
    found: list[str] = []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as scratch:
            QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, scratch)
            settings = Settings() if options.real else Settings("fake", "mask")
            window = MainWindow(Editor(EditorOptions(settings, folder=Path(scratch))))
            window.resize(size)
            window.show()
            window.editor.start()
            photographer = Photographer(window, options.folder, size)
            if options.editing:
                photographer.run_editing(clip)
            elif options.states:
                shoot_states(photographer, clip, Path(scratch))
            elif options.shell:
                photographer.run_shell(clip)
            else:
                photographer.run_demo() if options.real else photographer.run(clip)
            window.close()
            found += photographer.troubles
    for trouble in found:
        print(trouble)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
