"""Follows a click on the UI thread to the mask on screen: signals, timers, and files that run."""

import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType

import app
import matting_core

_ROOTS = tuple(str(Path(each.__file__).parent) for each in (app, matting_core))
_ASKED, _SHOWN = "JobLane.submit", "FrameLoader.request"


@dataclass(frozen=True)
class Leg:
    """One stretch of the way: from an event of Qt's to the call that ends it.

    Attributes:
        root: the function that Qt called.
        signals: the places whose `emit` leads there, outermost first.
        files: files of Wisp that have run since Qt called.
    """

    root: str
    signals: tuple[str, ...]
    files: frozenset[str]


class ClickPath:
    """Way of a click on the calling thread: to the gpu lane, and from there to the canvas.

    The lane's own signal, which carries the mask from its thread to this one, is counted too.
    """

    def __init__(self) -> None:
        self.asked: Leg | None = None
        self.shown: Leg | None = None
        self.all_files: set[str] = set()
        self._depth = 0
        self._root = ""
        self._codes: set[CodeType] = set()
        self._emits: list[str] = []

    @property
    def signals(self) -> list[str]:
        """The signals that lead from the press to the mask on the canvas."""
        assert self.asked is not None
        assert self.shown is not None
        return [*self.asked.signals, "the lane's", *self.shown.signals]

    @property
    def files(self) -> set[str]:
        """The files that run on both stretches."""
        assert self.asked is not None
        assert self.shown is not None
        return {*self.asked.files, *self.shown.files}

    def start(self) -> None:
        """Begin to follow; only this thread is looked at."""
        assert threading.current_thread() is threading.main_thread()
        sys.setprofile(self._on_event)

    def stop(self) -> None:
        """Follow no more."""
        sys.setprofile(None)

    def _on_event(self, frame: FrameType, event: str, called: object) -> None:
        code = frame.f_code
        if not code.co_filename.startswith(_ROOTS):
            return
        if event == "call":
            if self._depth == 0:
                self._root, self._codes, self._emits = code.co_qualname, set(), []
            self._depth += 1
            self._codes.add(code)
            self.all_files.add(code.co_filename)
            self._look(frame)
        elif event == "return":
            self._depth = max(0, self._depth - 1)
        elif getattr(called, "__name__", "") == "emit":
            if event == "c_call":
                self._emits.append(f"{Path(code.co_filename).name} {code.co_qualname}")
            elif self._emits:
                self._emits.pop()

    def _look(self, frame: FrameType) -> None:
        name = frame.f_code.co_qualname
        if name == _ASKED and _is_preview(frame.f_locals.get("key")):
            self.asked = self._leg()
        elif name == _SHOWN and self.asked is not None and "_on_arrived" in self._root:
            self.shown = self.shown or self._leg()

    def _leg(self) -> Leg:
        files = frozenset(code.co_filename for code in self._codes)
        return Leg(self._root, tuple(self._emits), files)


def _is_preview(key: object) -> bool:
    return isinstance(key, tuple) and key[:1] == ("preview",)
