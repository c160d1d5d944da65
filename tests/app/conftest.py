"""The editor with the fake tracker, on clips that the tests make."""

import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEvent, QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.editor import Editor
from app.main_window import MainWindow
from app.options import EditorOptions
from app.shell.conditions import Topic
from app.shell.theme import apply_theme
from matting_core.document.project import Settings
from matting_core.document.prompts import Prompts
from matting_core.models import registry
from matting_core.models.session import Session
from matting_core.models.trackers.base import MaskLookup, TrackedFrame
from matting_core.models.trackers.fake import SPEC, FakeTracker
from matting_core.types import FrameRange, ObjectId, Segmentation
from tests.clips import write_moving_disc_clip

FRAMES = 12
FAKE = Settings("fake", "mask")
_PATIENCE = 20
GATES: list["Gate"] = []
"""Gates of the running test: they open before its windows close, or closing would wait."""


class PatientBot(QtBot):
    """Waits longer than five seconds: a busy machine is no reason to fail."""

    def waitUntil(self, callback, *, timeout: int = _PATIENCE * 1000) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal, *, timeout: int = _PATIENCE * 1000, **options):
        return super().waitSignal(signal, timeout=timeout, **options)


@pytest.fixture
def qtbot(qapp, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture(autouse=True)
def settings_in_tmp(tmp_path: Path) -> None:
    folder = str(tmp_path / "settings")
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
    pg.setConfigOption("mouseRateLimit", 0)


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clips") / "disc.mp4"
    write_moving_disc_clip(path, FRAMES)
    return path


@pytest.fixture
def make_window(qtbot, qapp, tmp_path: Path) -> Iterator[Callable[..., MainWindow]]:
    apply_theme(qapp)
    windows = []

    def make(**options) -> MainWindow:
        given = {"settings": FAKE, "folder": tmp_path / "wisp-cache", "follow": False, **options}
        window = MainWindow(Editor(EditorOptions(**given)))
        window.resize(1000, 700)
        window.show()
        windows.append(window)
        return window

    yield make
    for gate in GATES:
        gate.open()
    for window in windows:
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(make_window) -> MainWindow:
    return make_window()


@pytest.fixture
def opened(window, clip, qtbot) -> MainWindow:
    """A window with the disc clip on screen."""
    open_and_wait(window, clip, qtbot)
    return window


def open_and_wait(window: MainWindow, path: Path, qtbot) -> None:
    window.editor.files.open(path)
    qtbot.waitUntil(lambda: window.stage.picture is not None and window.editor.loader.idle)


@contextmanager
def task_ends(qtbot, controller) -> Iterator[None]:
    """Start a controller's task inside; it has ended afterwards, however."""
    yield
    qtbot.waitUntil(lambda: not controller.running)


def do(window: MainWindow, command_id: str) -> None:
    """Give a command as its menu would: only when it can be given."""
    action = window.commands[command_id]
    limit = QDeadlineTimer(_PATIENCE * 1000)
    while not action.isEnabled():
        assert not limit.hasExpired(), f"{command_id} stays disabled"
        QTest.qWait(1)
    action.trigger()


def ask_all_commands(window: MainWindow) -> None:
    """Ask every command anew, as after a change that no signal tells of."""
    window.commands.announce(Topic.all())
    window.commands.refresh()


class Hand:
    """The user's hand on the canvas: positions are pixels of the clip."""

    def __init__(self, window: MainWindow) -> None:
        self._canvas = window.stage.canvas

    def at(self, x: float, y: float) -> QPoint:
        return self._canvas.to_widget((x, y)).toPoint()

    def click(self, x: float, y: float, button=Qt.MouseButton.LeftButton, *, control=False) -> None:
        held = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        QTest.mouseClick(self._canvas.viewport(), button, held, self.at(x, y))

    def hover(self, x: float, y: float, *, shift: bool = False) -> None:
        held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        _move(self._canvas.viewport(), Qt.MouseButton.NoButton, self.at(x, y), held)

    def press(self, x: float, y: float) -> None:
        QTest.mousePress(self._canvas.viewport(), Qt.MouseButton.LeftButton, pos=self.at(x, y))

    def move(self, x: float, y: float) -> None:
        _move(self._canvas.viewport(), Qt.MouseButton.LeftButton, self.at(x, y))

    def release(self, x: float, y: float) -> None:
        QTest.mouseRelease(self._canvas.viewport(), Qt.MouseButton.LeftButton, pos=self.at(x, y))

    def drag(
        self,
        *places: tuple[float, float],
        button=Qt.MouseButton.LeftButton,
        control: bool = False,
    ) -> None:
        viewport = self._canvas.viewport()
        held = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        QTest.mousePress(viewport, button, held, self.at(*places[0]))
        for place in places[1:]:
            _move(viewport, button, self.at(*place), held)
        QTest.mouseRelease(viewport, button, held, self.at(*places[-1]))


def _move(widget, button, position: QPoint, held=Qt.KeyboardModifier.NoModifier) -> None:
    """QTest's mouseMove tells of no held button, so the event is made here."""
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    place = QPointF(position)
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        place,
        widget.mapToGlobal(place),
        Qt.MouseButton.NoButton,
        button,
        held,
    )
    QApplication.sendEvent(widget, event)


@pytest.fixture
def hand(opened) -> Hand:
    return Hand(opened)


@dataclass
class Gate:
    """Lets a gated tracker through frame by frame, and writes down what it did."""

    permits: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    log: list[tuple[str, int]] = field(default_factory=list)
    hold_previews: bool = False
    waiting: bool = False
    """Whether a propagated frame is at the gate."""

    def let(self, count: int) -> None:
        """Let so many more frames through."""
        self.permits.release(count)

    def open(self) -> None:
        """Let everything through."""
        self.permits.release(100_000)


class GatedTracker(FakeTracker):
    """The fake tracker, but each propagated frame waits for the gate."""

    def __init__(self, gate: Gate) -> None:
        super().__init__()
        self._gate = gate

    def segment(self, frame: int, prompts: Prompts) -> Segmentation:
        if self._gate.hold_previews:
            assert self._gate.permits.acquire(timeout=_PATIENCE)
        self._gate.log.append(("preview", frame))
        return super().segment(frame, prompts)

    def track(
        self, prompts: Mapping[ObjectId, Prompts], frames: FrameRange, known: MaskLookup
    ) -> Generator[TrackedFrame, None, None]:
        for step in super().track(prompts, frames, known):
            self._gate.waiting = True
            assert self._gate.permits.acquire(timeout=_PATIENCE)
            self._gate.waiting = False
            self._gate.log.append(("track", step.frame))
            yield step


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """Makes "fake" a gated tracker, which only what a test asks for goes through."""
    monkeypatch.setattr(Session, "prepare", lambda *_: None)
    gate = Gate()
    GATES.append(gate)
    spec = replace(SPEC, build=lambda _device, _quality: GatedTracker(gate))
    specs = {**registry.tracker_specs(), "fake": spec}
    monkeypatch.setattr(registry, "tracker_specs", lambda: specs)
    yield gate
    GATES.clear()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform says this at every show and popup; it means nothing."""
    for item in items:
        item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))
