"""Measures how late the event loop is: `python -m tests.tools.stalls [--frames N]`.

A timer is due every 5 ms; how late it comes is how long the window could not have reacted.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, QSettings, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

from app.editor import Editor
from app.main_window import MainWindow
from app.options import EditorOptions
from app.shell.messages import Message
from app.shell.theme import apply_theme

_INTERVAL = 5
_SCRUB_INTERVAL = 150


@dataclass(frozen=True)
class Stalls:
    """Lateness of the ticks, and what the window's thread did between them, in milliseconds.

    Attributes:
        p50: median lateness.
        p99: lateness of the worst in a hundred.
        worst: greatest lateness.
        count: of ticks.
        busy: time of the processor that the thread itself took between two ticks, the worst in a
            hundred; what else the machine does is not in it.
        share: ticks that came of those that were due.
    """

    p50: float
    p99: float
    worst: float
    count: int
    busy: float
    share: float

    def __str__(self) -> str:
        return (
            f"p50 {self.p50:.1f} ms, p99 {self.p99:.1f} ms, max {self.worst:.1f} ms "
            f"over {self.count} ticks ({self.share:.0%} of those due), "
            f"of its own work p99 {self.busy:.1f} ms"
        )


class StallMeter(QObject):
    """Collects how late each tick of a 5 ms timer comes."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._late: list[float] = []
        self._worked: list[float] = []
        self._last = self._worked_until = 0.0
        self._timer = QTimer(self, interval=_INTERVAL, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)

    def start(self) -> None:
        self._late, self._worked = [], []
        self._last, self._worked_until = time.perf_counter(), time.thread_time()
        self._timer.start()

    def stop(self) -> Stalls:
        self._timer.stop()
        late = np.array(self._late or [0.0])
        p50, p99 = np.percentile(late, [50, 99])
        busy = np.percentile(self._worked or [0.0], 99)
        share = len(late) * _INTERVAL / (late.sum() + len(late) * _INTERVAL)
        return Stalls(
            float(p50), float(p99), float(late.max()), len(late), float(busy), float(share)
        )

    @Slot()
    def _on_tick(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        self._late.append(max(0.0, (now - self._last) * 1000 - _INTERVAL))
        self._worked.append((worked - self._worked_until) * 1000)
        self._last, self._worked_until = now, worked


class DemoRun(QObject):
    """Tracks the demo with the real models, scrubbing meanwhile, and measures stalls."""

    def __init__(self, window: MainWindow, frames: int) -> None:
        super().__init__(window)
        self._window = window
        self._editor = window.editor
        self._wanted = frames
        self._done = 0
        self._meter = StallMeter(self)
        self._loop = QEventLoop()
        self._random = np.random.default_rng(1)
        self._scrub = QTimer(self, interval=_SCRUB_INTERVAL)
        self._scrub.timeout.connect(self._on_scrub)
        self.messages: list[str] = []
        self._editor.messenger.posted.connect(self._on_posted)

    def run(self) -> Stalls:
        editor = self._editor
        editor.start()
        editor.files.open_demo()
        # The first result comes once the models are loaded; from then on it is tracking.
        editor.runner.found.connect(self._on_first)
        self._loop.exec()
        return self._meter.stop()

    @Slot(object)
    def _on_posted(self, message: Message) -> None:
        """End the run: nothing is said unless something failed."""
        self.messages.append(message.text)
        self._loop.quit()

    @Slot(object)
    def _on_first(self, _found: object) -> None:
        editor = self._editor
        editor.runner.found.disconnect(self._on_first)
        editor.runner.found.connect(self._on_found)
        editor.runner.tracking_changed.connect(self._on_tracking_changed)
        self._window.commands["track.both"].trigger()
        self._meter.start()
        self._scrub.start()

    @Slot(object)
    def _on_found(self, _found: object) -> None:
        self._done += 1
        if self._done >= self._wanted:
            self._editor.cancel()

    @Slot()
    def _on_scrub(self) -> None:
        self._editor.playback.seek(int(self._random.integers(self._editor.project.clip.length)))

    @Slot()
    def _on_tracking_changed(self) -> None:
        if not self._editor.runner.tracking:
            self._scrub.stop()
            self._loop.quit()


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--frames", type=int, default=40)
    options = parser.parse_args(argv)
    application = QApplication(sys.argv[:1])
    apply_theme(application)
    with tempfile.TemporaryDirectory() as scratch:
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, scratch)
        window = MainWindow(Editor(EditorOptions(folder=Path(scratch))))
        window.show()
        began = time.perf_counter()
        run = DemoRun(window, options.frames)
        print(f"{run.run()}; {time.perf_counter() - began:.0f} s in all")
        print("\n".join(run.messages))
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
