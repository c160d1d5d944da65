"""When the memory is full: what is done stays, a choice is offered, the track goes on."""

import threading
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtWidgets import QPushButton

from matting_core.document.project import DEFAULT_TRACKER, Settings
from matting_core.document.prompts import Prompts
from matting_core.errors import OutOfMemoryError
from matting_core.models import registry
from matting_core.models.devices import clear_on_drop
from matting_core.models.trackers.base import Features, MaskLookup, TrackedFrame
from matting_core.models.trackers.fake import SPEC, FakeTracker
from matting_core.results.status import Status
from matting_core.types import DeviceChoice, FrameRange, ObjectId, Quality, Segmentation
from matting_core.windows import Window
from tests.app.conftest import FRAMES, Hand, do, open_and_wait

FIRST = ObjectId(1)
FULL_AT = 5
PAUSED_AT = 3
_PATIENCE = 20
FULL = RuntimeError("MPS backend out of memory")


@dataclass
class Memory:
    """How often it will be full, and what was computed."""

    fails: int = 1
    error: Exception = FULL
    devices: list[DeviceChoice] = field(default_factory=list)
    full_previews: bool = False
    full_looks: bool = False
    held: threading.Event | None = None
    midway: threading.Event | None = None
    reached: threading.Event = field(default_factory=threading.Event)
    log: list[tuple[str, str, int]] = field(default_factory=list)
    closed: int = 0
    dropped: int = 0

    @property
    def elsewhere(self) -> bool:
        """Whether it is not the track that fills it."""
        return self.full_previews or self.full_looks

    def cache_clear(self) -> None:
        """Stands in for a cache of networks."""
        self.dropped += 1

    def fill(self) -> None:
        """Be full, if it is time."""
        if self.fails:
            self.reached.set()
            if self.held is not None:
                assert self.held.wait(_PATIENCE)
            self.fails -= 1
            raise self.error


class HungryTracker(FakeTracker):
    """The fake tracker, whose memory may be full on one frame."""

    def __init__(self, name: str, memory: Memory, device: DeviceChoice) -> None:
        super().__init__()
        self._name, self._memory = name, memory
        memory.devices.append(device)

    def segment(self, frame: int, prompts: Prompts) -> Segmentation:
        if self._memory.full_previews:
            self._memory.fill()
        return super().segment(frame, prompts)

    def track(
        self, prompts: Mapping[ObjectId, Prompts], frames: FrameRange, known: MaskLookup
    ) -> Generator[TrackedFrame, None, None]:
        for step in super().track(prompts, frames, known):
            if step.frame == PAUSED_AT and self._memory.midway is not None:
                self._memory.reached.set()
                assert self._memory.midway.wait(_PATIENCE)
            if step.frame == FULL_AT and not self._memory.elsewhere:
                self._memory.fill()
            self._memory.log.append(("track", self._name, step.frame))
            yield step

    def features(self, frame: int, window: Window, side: int) -> Features | None:
        if self._memory.full_looks:
            self._memory.fill()
        return super().features(frame, window, side)

    def close(self) -> None:
        self._memory.closed += 1
        super().close()


@pytest.fixture
def memory(monkeypatch) -> Memory:
    """Makes "fake", and the shipped tracker, hungry ones."""
    memory = Memory()
    specs = dict(registry.tracker_specs())
    for name in ("fake", DEFAULT_TRACKER):
        build = lambda device, _quality, name=name: HungryTracker(name, memory, device)  # noqa: E731
        specs[name] = replace(SPEC, id=name, title=specs[name].title, build=build)
    monkeypatch.setattr(registry, "tracker_specs", lambda: specs)
    monkeypatch.setattr("matting_core.models.devices._clear_caches", [])
    clear_on_drop(memory)
    return memory


@pytest.fixture
def start(memory, make_window, clip, qtbot, log_guard):
    """Opens a window with these settings, one object, and its track, which fills the memory."""

    def start(tracker: str = "fake", quality: Quality = Quality.FULL, head: str = "mask"):
        log_guard.expect("The memory is full")
        window = make_window(settings=Settings(tracker, head, quality))
        open_and_wait(window, clip, qtbot)
        Hand(window).click(80, 100)
        qtbot.waitUntil(lambda: fresh(window) == 1)
        do(window, "track.both")
        qtbot.waitUntil(lambda: window.stage.messages.text.startswith("The memory is full"))
        return window

    return start


def fresh(window) -> int:
    return int((window.editor.results.statuses(FIRST) == Status.FRESH).sum())


def answers(window) -> list[str]:
    return [button.text() for button in window.stage.messages._buttons]


def press(window, label: str) -> None:
    buttons = window.stage.messages.findChildren(QPushButton)
    next(each for each in buttons if each.text() == label).click()


def done(window, qtbot) -> None:
    qtbot.waitUntil(lambda: not window.editor.runner.tracking)
    qtbot.waitUntil(lambda: fresh(window) == FRAMES)


def stopped(window, qtbot) -> None:
    qtbot.waitUntil(lambda: window.stage.messages.text.startswith("The memory is full"))
    qtbot.waitUntil(lambda: not window.editor.runner.tracking)
    assert fresh(window) < FRAMES


@pytest.mark.parametrize(
    ("tracker", "quality", "offered"),
    [
        ("fake", Quality.FULL, ["Use fast quality", "Use SAM 2 Tiny + flow", "Try again"]),
        ("fake", Quality.FAST, ["Use SAM 2 Tiny + flow", "Try again"]),
        (DEFAULT_TRACKER, Quality.FULL, ["Use fast quality", "Try again"]),
        (DEFAULT_TRACKER, Quality.FAST, ["Try again"]),
    ],
)
def test_the_answers_fit_the_settings(start, tracker, quality, offered):
    window = start(tracker, quality)
    assert answers(window) == offered
    assert window.editor.project.settings == Settings(tracker, "mask", quality)
    assert not window.editor.runner.tracking


def test_what_the_engine_says_is_read(start):
    said = "cpu is out of memory in the tracker; choose quality 'fast' or a smaller model"
    assert said in start().stage.messages.text


def test_all_answers_of_many_are_on_screen(start, memory, qtbot):
    memory.error = OutOfMemoryError("cuda:0 is out of memory here; choose less.", "cuda")
    window = start(head="closed-form")
    bar = window.stage.messages
    assert answers(window) == [
        "Use fast quality",
        "Use Mask only",
        "Use SAM 2 Tiny + flow",
        "Use the CPU until Wisp ends",
        "Try again",
    ]
    qtbot.waitUntil(lambda: all(bar.rect().contains(button.geometry()) for button in bar._buttons))
    for button in bar._buttons:
        assert button.width() >= button.minimumSizeHint().width()


def test_the_cpu_is_used_at_once_and_until_the_end(start, memory, qtbot):
    memory.error = OutOfMemoryError("cuda:0 is out of memory here; choose less.", "cuda")
    window = start()
    before = window.editor.project
    press(window, "Use the CPU until Wisp ends")
    done(window, qtbot)
    assert memory.devices == [DeviceChoice.AUTO, DeviceChoice.CPU]
    assert window.editor.project.settings == before.settings
    assert window.editor.user.device is DeviceChoice.AUTO
    assert window.status._device.text().startswith("CPU")


def test_another_head_is_an_edit_and_the_track_completes(start, memory, qtbot):
    window = start(head="closed-form")
    press(window, "Use Mask only")
    assert window.editor.project.settings == Settings("fake", "mask", Quality.FULL)
    done(window, qtbot)
    do(window, "edit.undo")
    assert window.editor.project.settings == Settings("fake", "closed-form", Quality.FULL)


def test_finished_frames_stay_and_the_models_go(start, memory):
    window = start()
    assert fresh(window) == FULL_AT
    assert memory.closed == 1
    assert memory.dropped == 1


def test_trying_again_computes_only_what_is_missing(start, memory, qtbot):
    window = start()
    press(window, "Try again")
    done(window, qtbot)
    assert memory.log == [("track", "fake", frame) for frame in range(1, FRAMES)]
    assert window.stage.messages.text == ""


@pytest.mark.parametrize(
    ("answer", "chosen"),
    [
        ("Use fast quality", Settings("fake", "mask", Quality.FAST)),
        ("Use SAM 2 Tiny + flow", Settings(DEFAULT_TRACKER, "mask", Quality.FULL)),
    ],
)
def test_a_smaller_choice_is_an_edit_and_the_track_completes(start, memory, qtbot, answer, chosen):
    window = start()
    press(window, answer)
    assert window.editor.project.settings == chosen
    done(window, qtbot)
    do(window, "edit.undo")
    assert window.editor.project.settings == Settings("fake", "mask", Quality.FULL)
    memory.log.clear()
    do(window, "track.both")  # what the larger choice had made is still there
    done(window, qtbot)
    assert memory.log == [("track", "fake", frame) for frame in range(FULL_AT, FRAMES)]


def test_a_second_full_memory_asks_once(start, memory, qtbot):
    memory.fails = 2
    window = start()
    press(window, "Try again")
    qtbot.waitUntil(lambda: memory.fails == 0 and bool(window.stage.messages.text))
    press(window, "Try again")
    done(window, qtbot)
    assert window.stage.messages.text == ""


def test_two_questions_about_the_memory_are_one(start, memory, qtbot):
    window = start()
    memory.fails, memory.full_previews = 1, True
    Hand(window).click(200, 50)
    qtbot.waitUntil(lambda: memory.fails == 0 and memory.dropped == 2)
    qtbot.waitUntil(lambda: window.editor.runner.job is None and not window.editor.lanes.gpu.busy)
    press(window, "Try again")
    assert window.stage.messages.text == ""
    done(window, qtbot)


@pytest.fixture
def paused(memory, make_window, clip, qtbot, log_guard):
    """A window whose track is paused midway, and has enough memory for itself."""
    log_guard.expect("The memory is full")
    memory.fails, memory.midway = 0, threading.Event()
    window = make_window(settings=Settings("fake", "mask"))
    open_and_wait(window, clip, qtbot)
    Hand(window).click(80, 100)
    qtbot.waitUntil(lambda: fresh(window) == 1)
    do(window, "track.both")
    qtbot.waitUntil(memory.reached.is_set)
    do(window, "track.pause")
    memory.midway.set()
    memory.reached.clear()
    return window


def test_a_preview_that_fills_the_memory_stops_the_track_and_both_go_on(paused, memory, qtbot):
    memory.fails, memory.full_previews = 1, True
    do(paused, "object.add")
    Hand(paused).click(200, 50)
    stopped(paused, qtbot)
    press(paused, "Try again")
    done(paused, qtbot)
    second = ObjectId(2)
    qtbot.waitUntil(lambda: paused.editor.results.statuses(second)[0] == Status.FRESH)


def test_hovering_that_fills_the_memory_stops_the_track_and_it_goes_on(paused, memory, qtbot):
    memory.fails, memory.full_previews = 1, True
    Hand(paused).hover(200, 50, shift=True)
    stopped(paused, qtbot)
    press(paused, "Try again")
    done(paused, qtbot)


def test_getting_a_frame_ready_that_fills_the_memory_stops_the_track(paused, memory, qtbot):
    memory.fails, memory.full_looks = 1, True
    paused.editor.runner.prepare(paused.editor.project, 3)
    stopped(paused, qtbot)
    press(paused, "Try again")
    done(paused, qtbot)


def test_a_question_that_nobody_waits_for_any_more_ends_no_track_in_silence(paused, memory, qtbot):
    memory.fails, memory.full_previews, memory.held = 1, True, threading.Event()
    Hand(paused).hover(200, 50, shift=True)
    qtbot.waitUntil(memory.reached.is_set)
    Hand(paused).hover(30, 50, shift=True)
    do(paused, "track.pause")
    memory.held.set()
    stopped(paused, qtbot)
    press(paused, "Try again")
    done(paused, qtbot)


def test_trying_again_gets_the_frame_ready(memory, make_window, clip, qtbot, log_guard):
    log_guard.expect("The memory is full")
    memory.full_looks = True
    window = make_window(settings=Settings("fake", "mask"))
    open_and_wait(window, clip, qtbot)
    qtbot.waitUntil(lambda: window.stage.messages.text.startswith("The memory is full"))
    memory.fails = 1
    memory.reached.clear()
    press(window, "Try again")
    qtbot.waitUntil(memory.reached.is_set)
    qtbot.waitUntil(lambda: window.stage.messages.text.startswith("The memory is full"))
