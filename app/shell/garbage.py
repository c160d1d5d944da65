"""Cyclic garbage is collected on the UI thread only, as long as any other thread runs.

WORKAROUND for PySide6 (seen with 6.11.3): a receiver of signals that dies takes its connections
out of one table of the whole process, with no lock held. Python collects cyclic garbage on
whichever thread happens to allocate; when that was a lane's, the table changed while the UI thread
read it, and the window crashed or hung for ever (docs/decisions/0021).
"""

from __future__ import annotations

import gc
import time
from typing import ClassVar

from PySide6.QtCore import QObject, QTimer, Slot

_INTERVAL = 250
"""Milliseconds between two looks at what has gathered."""
_PATIENCE = 0.05
"""Seconds that a collection may hold the window up without consequences."""


class GarbageCollector(QObject):
    """Collector in the place of Python's automatic one until `stop`; lives in the UI thread.

    There may be several: the automatic collection comes back when the last one stops.
    """

    _active: ClassVar[int] = 0

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=_INTERVAL)
        self._timer.timeout.connect(self.collect)
        self._timer.start()
        GarbageCollector._active += 1
        gc.disable()

    @classmethod
    def active(cls) -> int:
        """How many have not stopped."""
        return cls._active

    @Slot()
    def collect(self) -> None:
        """Collect the oldest generation that is due, by Python's own thresholds.

        What survives a collection that took long, mostly the modules of torch, is set aside: later
        ones look only at what was made since.
        """
        pairs = zip(gc.get_count(), gc.get_threshold(), strict=True)
        due = [count > limit for count, limit in pairs]
        if not any(due):
            return
        began = time.monotonic()
        gc.collect(len(due) - 1 - due[::-1].index(True))
        if time.monotonic() - began > _PATIENCE:
            gc.freeze()

    def stop(self) -> None:
        """Give the collection back."""
        if not self._timer.isActive():
            return
        self._timer.stop()
        GarbageCollector._active -= 1
        if not GarbageCollector._active:
            gc.unfreeze()
            gc.enable()
