"""Terminal output: a progress bar on stderr, results on stdout."""

from __future__ import annotations

import sys
import time

from matting_core.jobs import Progress

_WIDTH = 24
_INTERVAL = 0.1


class ProgressBar:
    """Progress bar, redrawn at most ten times a second; silent where stderr is no terminal."""

    def __init__(self) -> None:
        self._alive = sys.stderr.isatty()
        self._drawn_at = 0.0
        self._drawn = False

    def show(self, progress: Progress) -> None:
        """Draw how far the job is."""
        now = time.monotonic()
        if not self._alive or (now - self._drawn_at < _INTERVAL and progress.fraction < 1):
            return
        self._drawn_at, self._drawn = now, True
        full = round(_WIDTH * progress.fraction)
        bar = "#" * full + "." * (_WIDTH - full)
        left = "" if progress.seconds_left is None else f"  {clock(progress.seconds_left)} left"
        sys.stderr.write(f"\r\x1b[K{progress.stage} [{bar}] {progress.done}/{progress.total}{left}")
        sys.stderr.flush()

    def close(self) -> None:
        """Leave the line."""
        if self._drawn:
            sys.stderr.write("\n")
            self._drawn = False


def clock(seconds: float) -> str:
    """Minutes and seconds.

    >>> clock(75.2)
    '1:15'
    """
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def say(text: str) -> None:
    """Write a line to stdout."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Write a line to stderr."""
    sys.stderr.write(f"wisp: {text}\n")
