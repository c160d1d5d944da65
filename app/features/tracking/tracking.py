"""Tracking: starts, pauses and follows tracks of objects."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from app.features.tracking.engine import TrackRequest
from app.features.tracking.engine_link import EngineLink
from app.features.tracking.previews import Previews
from app.features.tracking.readiness import Readiness
from app.model.model import Model
from app.shell.messages import Messenger
from app.shell.settings import UserSettings
from app.shell.words import translated
from matting_core.results.plans import Wanted
from matting_core.types import DeviceChoice, FrameRange, ObjectId


class Tracking(QObject):
    """Tracks objects over spans of frames in the background.

    Args:
        model: whose objects are tracked.
        engine: runs the track.
        previews: mattes prompted frames.
        readiness: prepares the frame at the playhead.
        messenger: says what stands in the way.
        settings: remembers whether the playhead follows.
        follow: whether the playhead goes along with a track at first.
        parent: the Qt parent.
    """

    starting = Signal()
    """A track is about to start: unsaved work is written down before it."""

    def __init__(
        self,
        model: Model,
        engine: EngineLink,
        previews: Previews,
        readiness: Readiness,
        messenger: Messenger,
        settings: UserSettings,
        *,
        follow: bool,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = model
        self._engine = engine
        self._previews = previews
        self._readiness = readiness
        self._messenger = messenger
        self._settings = settings
        self._follow = follow
        engine.tracking_changed.connect(self._on_tracking_changed)

    @property
    def follow(self) -> bool:
        """Whether the playhead goes along with a track."""
        return self._follow

    @property
    def tracking(self) -> bool:
        """Whether a track runs or is paused."""
        return self._engine.tracking

    @property
    def paused(self) -> bool:
        """Whether the track is paused."""
        return self._engine.job is not None and self._engine.job.paused

    def track(self, object_ids: Sequence[ObjectId], frames: FrameRange) -> None:
        """Track objects over frames."""
        self.track_spans(dict.fromkeys(object_ids, (frames,)))

    def track_spans(self, wanted: Wanted) -> None:
        """Track spans of objects; what there was is kept as a version."""
        project = self.model.project
        request = TrackRequest(project, wanted).runnable(project)
        if request is None:
            return
        if self._follow and not self._engine.tracking:
            self.model.playback.start_following()
        self.starting.emit()
        self.model.versions.keep(project)
        self._engine.track(request)

    def try_again(self) -> None:
        """Go on with what a full memory or a licence ended; finished frames are kept."""
        self._previews.ask()
        self._readiness.ask()
        request = self._engine.interrupted
        if request is not None:
            self.track_spans(request.wanted)

    def use_device(self, device: DeviceChoice) -> None:
        """Let the models run on another device until Wisp ends."""
        self._engine.use(device)

    def toggle_pause(self) -> None:
        """Pause the track, or go on with it."""
        job = self._engine.job
        if job is not None:
            job.set_paused(not job.paused)

    def set_follow(self, follow: bool) -> None:
        """Choose whether the playhead goes along with tracks, the running one too."""
        self._follow = follow
        if not follow:
            self.model.playback.drop_following()
        elif self._engine.tracking:
            self.model.playback.start_following()
        self._settings.follow = follow  # whoever shows it reads the one above

    def tell(self, text: str) -> None:
        """Say what stands in the way; a text of the context "Commands"."""
        self._messenger.tell(translated(text))

    @Slot()
    def _on_tracking_changed(self) -> None:
        if not self._engine.tracking:
            self.model.playback.stop_following()
