"""Tracking: starts, pauses and follows tracks of objects."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Slot

from app.features.tracking.model_worker import TrackRequest
from app.features.tracking.previews import PromptPreviews
from app.features.tracking.runner import ModelRunner
from app.features.tracking.warm_up import FrameWarmUp
from app.model.document import Changes
from app.model.model import Model
from app.shell.messages import Messenger
from app.shell.settings import UserSettings
from app.shell.words import translate
from matting_core.results.latest import ResultKeys
from matting_core.results.plans import Wanted
from matting_core.types import DeviceChoice, FrameRange, ObjectId


class Tracking(QObject):
    """Tracks of objects over spans of frames, in the background.

    Args:
        model: whose objects are tracked.
        runner: runs the track.
        previews: mattes prompted frames.
        warm_up: prepares the frame at the playhead.
        messenger: says what stands in the way.
        settings: remembers whether the playhead follows.
        follow: whether the playhead goes along with a track at first.
        results_expected: whether stored results are on their way that locked frames may need.
        parent: the Qt parent.
    """

    def __init__(
        self,
        model: Model,
        runner: ModelRunner,
        previews: PromptPreviews,
        warm_up: FrameWarmUp,
        messenger: Messenger,
        settings: UserSettings,
        *,
        follow: bool,
        results_expected: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = model
        self._runner = runner
        self._previews = previews
        self._warm_up = warm_up
        self._messenger = messenger
        self._settings = settings
        self._follow = follow
        self._results_expected = results_expected
        self._missing = 0
        model.document.changed.connect(self._on_document_changed)
        model.view.playhead_moved.connect(self._on_shown_frame_changed)
        model.results_reread.connect(self._on_shown_frame_changed)
        model.results.surveyed.connect(self._on_surveyed)
        runner.found.connect(self._on_matted)
        runner.tracking_changed.connect(self._on_tracking_changed)

    @property
    def follow(self) -> bool:
        """Whether the playhead goes along with a track."""
        return self._follow

    @property
    def tracking(self) -> bool:
        """Whether a track runs or is paused."""
        return self._runner.tracking

    @property
    def paused(self) -> bool:
        """Whether the track is paused."""
        return self._runner.job is not None and self._runner.job.paused

    def track(self, object_ids: Sequence[ObjectId], frames: FrameRange) -> None:
        """Track objects over frames."""
        self.track_spans(dict.fromkeys(object_ids, (frames,)))

    def track_spans(self, wanted: Wanted) -> None:
        """Track spans of objects; what there was is kept as a version."""
        project = self.model.project
        request = TrackRequest(project, wanted).runnable(project)
        if request is None:
            return
        if self._follow and not self._runner.tracking:
            self.model.playback.start_following()
        self.model.versions.keep(project)
        self._runner.track(request)

    def try_again(self) -> None:
        """Go on with what a full memory or a licence ended; finished frames are kept."""
        self._previews.ask()
        self._warm_up.ask()
        request = self._runner.interrupted
        if request is not None:
            self.track_spans(request.wanted)

    def use_device(self, device: DeviceChoice) -> None:
        """Let the models run on another device until Wisp ends."""
        self._runner.use(device)

    def toggle_pause(self) -> None:
        """Pause the track, or go on with it."""
        job = self._runner.job
        if job is not None:
            job.set_paused(not job.paused)

    def set_follow(self, follow: bool) -> None:
        """Choose whether the playhead goes along with tracks, the running one too."""
        self._follow = follow
        if not follow:
            self.model.playback.drop_following()
        elif self._runner.tracking:
            self.model.playback.start_following()
        self._settings.follow = follow  # whoever shows it reads the one above

    def tell(self, text: str) -> None:
        """Say what stands in the way; a text of the context "Commands"."""
        self._messenger.tell(translate(text))

    @Slot()
    def _on_tracking_changed(self) -> None:
        if not self._runner.tracking:
            self.model.playback.stop_following()

    @Slot(object)
    def _on_document_changed(self, changes: Changes) -> None:
        if changes & Changes.CLIP:
            self._missing = 0
        self._runner.follow(self.model.project, changes)
        self._previews.ask()

    @Slot()
    def _on_shown_frame_changed(self) -> None:
        self._previews.ask()

    @Slot(object)
    def _on_matted(self, found: ResultKeys) -> None:
        self.model.results.mark(self.model.project, found)
        if self._runner.tracking:
            self.model.playback.follow(found.key.frame)

    @Slot(int)
    def _on_surveyed(self, missing: int) -> None:
        """Say once that locked frames are missing, unless they are on their way."""
        if self._results_expected() or missing == self._missing:
            return
        self._missing = missing
        if missing:
            text = (
                self.tr("1 locked frame needs the models it was made with; choose them and track.")
                if missing == 1
                else self.tr(
                    "{count} locked frames need the models they were made with; choose them and "
                    "track."
                )
            )
            self._messenger.warn(text.format(count=missing))
