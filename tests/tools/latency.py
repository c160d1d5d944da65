"""How long a click waits for its mask and its matte: `python -m tests.tools.latency [CLIP]`.

The real window, offscreen, with the embedded weights, on a frame of the demo clip that has been
looked at; from the mouse's press to the mask, to the matte, and to the picture with the matte.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.editor import Editor
from app.main_window import MainWindow
from app.options import EditorOptions
from matting_core.resources import resource_path
from tests.tools.screenshots import settle, wait

FRAME = 77
PLACES = ((460, 430), (260, 180), (345, 115), (400, 300), (480, 500), (430, 250), (300, 200))


def main() -> None:
    """Click, and print the seconds of each click, then median, worst and first."""
    clip = Path(sys.argv[1]) if len(sys.argv) > 1 else resource_path("demo/bigbuckbunny.mp4")
    with tempfile.TemporaryDirectory() as folder:
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
        _app = QApplication([])
        window = MainWindow(Editor(EditorOptions(folder=Path(folder), follow=False)))
        window.show()
        rows = measure(window, clip)
        window.close()
    for name, number in (("mask", 0), ("matte", 1), ("picture", 2)):
        seconds = [row[number] for row in rows]
        print(
            f"{name:8} median {statistics.median(seconds):6.3f} s   worst {max(seconds):6.3f} s   "
            f"first {seconds[0]:6.3f} s"
        )


def measure(window: MainWindow, clip: Path) -> list[tuple[float, float, float]]:
    """Seconds from each click to mask, matte and picture."""
    editor, canvas = window.editor, window.stage.canvas
    editor.files.open(clip)
    wait(lambda: window.stage.picture is not None)
    editor.playback.seek(FRAME)
    settle(1000)
    wait(lambda: not editor.lanes.gpu.busy)
    times: dict[str, float] = {}
    editor.runner.masked.connect(lambda _: times.setdefault("mask", time.perf_counter()))
    editor.runner.found.connect(lambda _: times.setdefault("matte", time.perf_counter()))
    rows = []
    for number, place in enumerate(PLACES):
        times.clear()
        at = canvas.to_widget(place).toPoint()
        began = time.perf_counter()
        QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)
        wait(lambda: "matte" in times)
        wait(lambda: window.stage.picture.mattes == 1 and editor.loader.idle)
        shown = time.perf_counter()
        rows.append((times["mask"] - began, times["matte"] - began, shown - began))
        print(f"click {number + 1}: " + "  ".join(f"{value:.3f}" for value in rows[-1]))
        settle(500)
    return rows


if __name__ == "__main__":
    main()
