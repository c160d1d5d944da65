"""Moving the playhead: steps, jumps, playing, and following a running track."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal, Slot

from app.model.document import Document
from app.model.view import ViewState
from matting_core.types import FrameRange

_TICK = 10


class Playback(QObject):
    """Playback: the only mover of the playhead, besides another clip being opened.

    Args:
        document: whose clip is played.
        view: has the playhead.
        screen_ready: whether the picture of the last playhead is on screen.
        parent: the Qt parent.
    """

    playing_changed = Signal(bool)

    def __init__(
        self,
        document: Document,
        view: ViewState,
        screen_ready: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._view = view
        self._screen_ready = screen_ready
        self._clock = QElapsedTimer()
        self._from = 0
        self._home: int | None = None
        self._timer = QTimer(self, interval=_TICK)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)

    @property
    def playing(self) -> bool:
        """Whether the clip is being played."""
        return self._timer.isActive()

    @property
    def following(self) -> bool:
        """Whether the playhead goes along with the running track."""
        return self._home is not None

    @property
    def _length(self) -> int:
        clip = self._document.project.clip
        return clip.length if clip is not None else 0

    def seek(self, frame: int) -> None:
        """Go to a frame because the user said so: playing and following end."""
        self._home = None
        self._move(frame)
        if self.playing:
            self._from_here()

    def step(self, by: int) -> None:
        """Go some frames on, or back."""
        self.stop()
        self.seek(self._view.frame + by)

    def to_end(self) -> None:
        """Go to the last frame."""
        self.seek(self._length - 1)

    def to_prompt(self, direction: int) -> None:
        """Go to the active object's next (+1) or previous (-1) prompted frame, if there is one."""
        obj = self._view.active_object(self._document.project)
        frames = obj.prompt_frames if obj is not None else ()
        ahead = [f for f in frames if (f - self._view.frame) * direction > 0]
        if ahead:
            self.seek(min(ahead, key=lambda frame: abs(frame - self._view.frame)))

    def toggle(self) -> None:
        """Play, or stop playing."""
        if self.playing:
            self.stop()
        elif self._length > 1:
            self._home = None
            if self._view.frame not in self._range() or self._view.frame == self._range().stop - 1:
                self._move(self._range().start)
            self._from_here()
            self._timer.start()
            self.playing_changed.emit(True)

    def stop(self) -> None:
        """Stop playing."""
        if self.playing:
            self._timer.stop()
            self.playing_changed.emit(False)

    def start_following(self) -> None:
        """Go along with a track from here on, until the user moves the playhead."""
        self.stop()
        self._home = self._view.frame

    def follow(self, frame: int) -> None:
        """Show a frame that the track has just finished, if the screen is keeping up."""
        if self.following and self._screen_ready():
            self._move(frame)

    def drop_following(self) -> None:
        """Stay where the playhead is, whatever the track does."""
        self._home = None

    def stop_following(self) -> None:
        """Go back to where the track was started, unless the user has moved meanwhile."""
        if self._home is not None:
            self._move(self._home)
        self._home = None

    def _move(self, frame: int) -> None:
        if self._length:
            self._view.set_frame(min(max(frame, 0), self._length - 1))

    def _range(self) -> FrameRange:
        return self._document.project.range

    def _from_here(self) -> None:
        self._from = self._view.frame
        self._clock.start()

    @Slot()
    def _on_tick(self) -> None:
        clip = self._document.project.clip
        if clip is None:
            self.stop()
            return
        if not self._screen_ready():
            return
        seconds = Fraction(self._clock.elapsed(), 1000)
        frame = self._from + int(seconds * clip.rate)
        if frame >= self._range().stop:
            self._move(self._range().start)
            self._from_here()
            return
        self._move(frame)
