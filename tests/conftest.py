"""For all tests: no window on screen, nothing outside a temporary folder, no loose ends."""

import gc
import logging
import os
import sys
import threading
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import pytest

from matting_core.models.files.contents import forget_contents


class LogGuard(logging.Handler):
    """Collects records at WARNING and above; `expect` lets those through that a test is about."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []
        self._expected: list[str] = []
        self._allowed: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def expect(self, part: str) -> None:
        """Let messages that contain `part` pass, and demand at least one."""
        self._expected.append(part)

    def allow(self, part: str) -> None:
        """Let messages that contain `part` pass, and demand none."""
        self._allowed.append(part)

    def complaints(self) -> list[str]:
        said = [record.getMessage() for record in self.records]
        loud = [text for text in said if not any(p in text for p in self._expected + self._allowed)]
        silent = [part for part in self._expected if not any(part in text for text in said)]
        return loud + [f"expected but not logged: {part}" for part in silent]


def _open_lanes() -> int:
    """How many lanes have not been closed; `tests/test_threads.py` knows of no other threads."""
    garbage = sys.modules.get("app.shell.garbage")
    return 0 if garbage is None else garbage.GarbageCollector.active()


def _python_threads() -> set[threading.Thread]:
    dummies = threading._DummyThread
    return {thread for thread in threading.enumerate() if not isinstance(thread, dummies)}


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Derived results and added models go to folders of the test's own."""
    monkeypatch.setenv("WISP_CACHE", str(tmp_path / "wisp-cache"))
    monkeypatch.setenv("WISP_MODELS", str(tmp_path / "wisp-models"))
    forget_contents()


@pytest.fixture(autouse=True)
def log_guard():
    """Fails a test on an unexpected log record at WARNING or above."""
    guard = LogGuard()
    logging.getLogger().addHandler(guard)
    yield guard
    logging.getLogger().removeHandler(guard)
    assert not guard.complaints()


@pytest.fixture(autouse=True)
def no_thread_survives():
    """Fails a test that leaves a thread running."""
    threads, lanes = _python_threads(), _open_lanes()
    yield
    assert _open_lanes() <= lanes
    assert not _python_threads() - threads


@pytest.fixture(scope="module", autouse=True)
def imports_set_aside(request: pytest.FixtureRequest) -> None:
    """Leaves what was imported out of searches for garbage: half a second each among networks.

    The editor's windows do the same by themselves, and take it back when they close.
    """
    if not gc.get_freeze_count() and not request.module.__name__.startswith("tests.app."):
        gc.collect()
        gc.freeze()


def pytest_unconfigure() -> None:
    gc.unfreeze()
