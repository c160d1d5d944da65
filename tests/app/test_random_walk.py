"""Sixty things done at random, and all of them undone: the project is what it was."""

import random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from matting_core.types import FrameRange
from tests.app.conftest import FRAMES, Hand

STEPS = 60
REFUSED = (
    "locked",
    "was said not to be on",
    "has no prompts yet",
    "only object",
    "keeps three points",
)
LEAVE_THE_DOCUMENT = ("file.", "help.", "edit.models", "edit.preferences", "edit.text")


def _commands(window) -> list[str]:
    """All commands that stay in the document and ask for nothing more."""
    return [
        command.id
        for command in window.commands.commands
        if not command.id.startswith(LEAVE_THE_DOCUMENT)
        if "…" not in command.text
    ]


class Walker:
    """Does things in a window as a user would."""

    def __init__(self, window, qtbot, seed: int) -> None:
        self.window = window
        self.qtbot = qtbot
        self.hand = Hand(window)
        self.rng = random.Random(seed)
        self.commands = _commands(window)
        self.log: list[str] = []

    def step(self) -> None:
        """Do one thing, gestures as often as commands."""
        if self.rng.random() < 0.5:
            self.command()
        else:
            self.gesture()
        self.qtbot.wait(1)

    def command(self) -> None:
        """Give a command that can be given."""
        ready = [each for each in self.commands if self.window.commands[each].isEnabled()]
        chosen = self.rng.choice(ready)
        self.log.append(chosen)
        self.window.commands[chosen].trigger()

    def gesture(self) -> None:
        """Draw on the canvas, or select in the timeline."""
        chosen = self.rng.choice([self.click, self.drag, self.background, self.select, self.seek])
        self.log.append(chosen.__name__)
        chosen()

    def click(self) -> None:
        self.hand.click(*self.place())

    def background(self) -> None:
        self.hand.click(*self.place(), control=True)

    def drag(self) -> None:
        self.hand.drag(self.place(), self.place(), self.place())

    def select(self) -> None:
        first = self.rng.randrange(FRAMES)
        stop = self.rng.randrange(first, FRAMES) + 1
        self.window.editor.view.select_span(FrameRange(first, stop))

    def seek(self) -> None:
        timeline = self.window.panels.timeline
        place = QPoint(round(timeline.scale.middle(self.rng.randrange(FRAMES))), 10)
        QTest.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=place)

    def place(self) -> tuple[float, float]:
        return self.rng.uniform(5, 315), self.rng.uniform(5, 235)

    def rest(self) -> None:
        """Wait until nothing that was asked for is still being done."""
        editor = self.window.editor
        editor.tools.cancel()
        editor.playback.stop()
        editor.cancel()
        self.qtbot.waitUntil(lambda: not editor.lanes.busy, timeout=20000)


@pytest.mark.parametrize("seed", range(4))
def test_sixty_things_at_random_can_all_be_undone_and_done_again(opened, qtbot, log_guard, seed):
    for part in REFUSED:
        log_guard.allow(part)
    editor, stack = opened.editor, opened.editor.document.stack
    begun = editor.project
    walker = Walker(opened, qtbot, seed)
    for _ in range(STEPS):
        walker.step()
    walker.rest()
    ended, steps = editor.project, stack.index()
    assert steps > 2, walker.log
    while stack.canUndo():
        opened.commands["edit.undo"].trigger()
    assert editor.project == begun, walker.log
    while stack.index() < steps:
        opened.commands["edit.redo"].trigger()
    assert editor.project == ended, walker.log


def test_the_walk_knows_nearly_all_commands(opened):
    known = set(_commands(opened))
    assert len(known) > 70
    assert {"track.lock", "track.delete", "object.duplicate", "edit.undo"} <= known
