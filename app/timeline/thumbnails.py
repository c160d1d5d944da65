"""Thumbnails of the clip along the timeline, read when nothing else is to be done."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from app.model.model import Model
from app.shell.jobs import JobLane, Priority
from app.shell.tasks import Task, Tasks
from matting_core.jobs import CancelToken
from matting_core.lru import LruCache
from matting_core.types import Frame8

_LOG = logging.getLogger(__name__)
HEIGHT = 36
_KEPT = 256
_PAUSE = 300


@dataclass(frozen=True, slots=True)
class _Read:
    """Frame of a clip, reduced."""

    path: str
    frame: int
    rgb: Frame8
    ratio: float


class ThumbnailMaker(Protocol):
    """Reader of frames on the lane."""

    def thumbnail(self, path: str, frame: int, height: int) -> Frame8 | None:
        """A frame of a clip, reduced to a height; None where it cannot be read."""
        ...


class Thumbnails(QObject):
    """Thumbnails that the timeline has room for; those that are there stay for a while."""

    changed = Signal()

    def __init__(
        self,
        tasks: Tasks,
        lane: JobLane,
        maker: ThumbnailMaker,
        model: Model,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._lane = lane
        self._maker = maker
        self._model = model
        self._kept: LruCache[int, QImage] = LruCache(_KEPT)
        self._wanted: tuple[int, ...] = ()
        self._ratio = 1.0
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE)
        self._soon.timeout.connect(self._on_soon)
        model.clip_changed.connect(self._on_clip_changed)

    def want(self, frames: Sequence[int], ratio: float = 1.0) -> None:
        """Read these frames, unless others are wanted before it comes to that.

        Args:
            frames: indexes.
            ratio: pixels of the screen for each of `HEIGHT`; of another ratio none is kept.
        """
        if ratio != self._ratio:
            self._ratio = ratio
            self._kept.clear()
        self._wanted = tuple(frames)
        self._soon.start()

    def image(self, frame: int) -> QImage | None:
        """A frame's picture, `HEIGHT` high, or None while it has not been read."""
        return self._kept.get(frame)

    def stop(self) -> None:
        """Ask for nothing any more."""
        self._soon.stop()

    @Slot()
    def _on_clip_changed(self) -> None:
        self._kept.clear()
        self.changed.emit()
        self._soon.start()

    @Slot()
    def _on_soon(self) -> None:
        clip = self._model.project.clip
        if clip is None:
            return
        path, maker, ratio = clip.path, self._maker, self._ratio
        missing = [f for f in self._wanted if f < clip.length and self._kept.get(f) is None]

        def work(_token: CancelToken) -> Iterator[object]:
            for frame in missing:
                rgb = maker.thumbnail(path, frame, round(HEIGHT * ratio))
                yield None if rgb is None else _Read(path, frame, rgb, ratio)

        if missing:
            task = Task(work).each(self._on_read).failed(self._on_failed)
            background = Priority.BACKGROUND
            self._tasks.run(task, self._lane, key="thumbnails", priority=background)

    @staticmethod
    def _on_failed(error: Exception) -> None:
        """Leave the places grey: what cannot be read is reported where it is shown."""
        _LOG.info("no thumbnail: %s", error)

    def _on_read(self, read: _Read) -> None:
        clip = self._model.project.clip
        if clip is None or clip.path != read.path or read.ratio != self._ratio:
            return
        height, width = read.rgb.shape[:2]
        kind = QImage.Format.Format_RGB888
        image = QImage(read.rgb.tobytes(), width, height, 3 * width, kind).copy()  # its own bytes
        image.setDevicePixelRatio(read.ratio)
        self._kept.put(read.frame, image)
        self.changed.emit()
