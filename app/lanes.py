"""The threads that work goes to."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.canvas.pictures.maker import PictureMaker
from app.features.tracking.model_worker import ModelWorker
from app.shell.jobs import JobLane


class Lanes(QObject):
    """Threads that work goes to; each runs one job after the other.

    Args:
        worker: whose models live on the gpu lane.
        maker: whose clip lives on the media lane.
        parent: the Qt parent.
    """

    def __init__(
        self, worker: ModelWorker, maker: PictureMaker, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.gpu = JobLane("gpu", worker.close, self)
        self.media = JobLane("media", maker.close, parent=self)
        self.slow = JobLane("slow", parent=self)
        self.export = JobLane("export", parent=self)
        self.models = JobLane("models", parent=self)

    @property
    def busy(self) -> bool:
        """Whether any of them has something to do."""
        return any(lane.busy for lane in self._all)

    def close(self) -> None:
        """Stop and release all; what runs is cancelled."""
        for lane in self._all:
            lane.close()

    @property
    def _all(self) -> tuple[JobLane, ...]:
        return self.export, self.slow, self.media, self.gpu, self.models
