"""Measures what a click and a moved playhead cost: `python -m tests.tools.bench_ui`.

The real window, offscreen, without painting, with the fake tracker on a clip that the script makes.
Time is the UI thread's own processor time, so that other threads and waiting do not count.

- moved playhead: everything that follows from it, but for making and showing the picture;
- click: all that follows from it, until the picture with the matte is there; with the signals
  that lead to the mask, and the files of Wisp that run on the way.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.editor import Editor
from app.main_window import MainWindow
from app.options import EditorOptions
from app.shell.theme import apply_theme
from matting_core.document.project import Settings
from matting_core.types import FrameRange, ObjectId
from tests.clips import write_moving_disc_clip
from tests.tools.hops import ClickPath
from tests.tools.screenshots import settle, wait

FRAMES = 120
MOVES = 200
CLICKS = 12


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, scratch)
        application = QApplication([])
        apply_theme(application)
        write_moving_disc_clip(folder / "disc.mp4", FRAMES)
        options = EditorOptions(Settings("fake", "mask"), folder=folder / "cache", follow=False)
        window = MainWindow(Editor(options))
        window.show()
        prepare(window, folder / "disc.mp4")
        moves = playhead(window)
        clicks, path = click(window)
        window.close()
    report("playhead moved, ms", moves)
    report("click, ms", clicks)
    print(f"click to mask: signals {len(path.signals)}: {', '.join(path.signals)}")
    print(f"files that run on that way {len(path.files)}, in all until then {len(path.all_files)}")


def prepare(window: MainWindow, clip: Path) -> None:
    """Open the clip, prompt one object and track it."""
    editor = window.editor
    editor.files.open(clip)
    wait(lambda: window.stage.picture is not None and editor.loader.idle)
    press(window, (80, 100))
    wait(lambda: editor.model.results.latest(ObjectId(1), 0) is not None)
    editor.tracking.track([ObjectId(1)], FrameRange(0, FRAMES))
    wait(lambda: not editor.runner.tracking)
    settle(1500)
    window.setUpdatesEnabled(False)


def playhead(window: MainWindow) -> list[float]:
    """Milliseconds of each move of the playhead."""
    editor = window.editor
    editor.loader.request = lambda _request: None
    times = []
    for number in range(MOVES):
        began = time.thread_time()
        editor.playback.seek(number % 2)
        for _ in range(5):  # timers of no delay need the clock to move on
            QApplication.processEvents()
            time.sleep(0.001)
        times.append((time.thread_time() - began) * 1000)
    del editor.loader.request
    settle(500)
    return times


def click(window: MainWindow) -> tuple[list[float], ClickPath]:
    """Milliseconds of each click up to the mask, and what the last of them ran."""
    editor, times, arrived = window.editor, [], []
    editor.runner.masked.connect(arrived.append)
    path = ClickPath()

    def followed() -> bool:
        return bool(arrived) and (len(times) < CLICKS - 1 or path.shown is not None)

    for number in range(CLICKS):
        editor.playback.seek(7 * number + 3)
        settle(300)
        press(window, (60, 80))
        settle(400)  # this click begins with the tracked mask; the next one is measured
        arrived.clear()
        last = number == CLICKS - 1
        began = time.thread_time()
        if last:
            path.start()
        press(window, (70 + 3 * number, 90))
        until(followed)
        if last:
            path.stop()
        settle(200)
        times.append((time.thread_time() - began) * 1000)
    return times[:-1], path  # the last one was followed, which costs time


def press(window: MainWindow, place: tuple[float, float]) -> None:
    """Click on the canvas, at pixels of the clip."""
    canvas = window.stage.canvas
    at: QPoint = canvas.to_widget(place).toPoint()
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)


def until(done: Callable[[], bool]) -> None:
    """Process events until something is so; waiting for them costs no processor time."""
    while not done():
        QApplication.processEvents()
        time.sleep(0.001)


def report(name: str, times: list[float]) -> None:
    """Print one row."""
    print(f"{name:22} median {statistics.median(times):6.2f}   worst {max(times):6.2f}")


if __name__ == "__main__":
    sys.exit(main())
