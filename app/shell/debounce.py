"""Debounce: what follows from several signals is done once, a little later."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, SignalInstance, Slot


class Debounce(QObject):
    """Debounce that acts once, however many signals came.

    Signals are connected to a slot without arguments: connected to `QTimer.start`, a signal that
    carries a number would set the timer's interval to it.

    Args:
        act: what is done.
        parent: the Qt parent; nothing is done after it is gone.
        interval: milliseconds without another signal; 0 for the end of this turn of the event loop.
    """

    def __init__(self, act: Callable[[], None], parent: QObject, interval: int = 0) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, singleShot=True, interval=interval)
        self._timer.timeout.connect(act)

    def after(self, *signals: SignalInstance) -> Debounce:
        """Act after each of these signals; return the debounce itself."""
        for signal in signals:
            signal.connect(self.start)
        return self

    @Slot()
    def start(self) -> None:
        """Act a little later, once."""
        self._timer.start()

    def stop(self) -> None:
        """Do not act for the signals that came."""
        self._timer.stop()
