"""The editor without its window: what happens when something changes, or is asked for."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from app.canvas.pictures.controller import PictureController
from app.canvas.pictures.loader import FrameLoader
from app.canvas.pictures.maker import PictureMaker
from app.canvas.pictures.requests import Requests
from app.canvas.tools.gestures import PickShape, PreviewClick, Select, Tell
from app.canvas.tools.host import ToolHost
from app.features.export.controller import Exports
from app.features.files.cache import CacheControl
from app.features.files.collecting import ProjectCollector
from app.features.files.mask_import import MaskImporter
from app.features.files.project_files import ProjectFiles
from app.features.files.recovery import Recovery
from app.features.models.controller import ModelFiles
from app.features.painting.composer import StrokeComposer
from app.features.review.backdrop_setting import BackdropSetting
from app.features.tracking.click_preview import ClickPreview
from app.features.tracking.correction import Corrections
from app.features.tracking.model_worker import ModelWorker
from app.features.tracking.previews import PromptPreviews
from app.features.tracking.runner import ModelRunner
from app.features.tracking.tracking import Tracking
from app.features.tracking.warm_up import FrameWarmUp
from app.lanes import Lanes
from app.model.change import Change
from app.model.model import Model
from app.model.results import Results
from app.options import EditorOptions
from app.shell.jobs import Priority
from app.shell.messages import Messenger
from app.shell.pending_edits import PendingEdits
from app.shell.settings import UserSettings
from app.shell.tasks import Task, Tasks
from app.shell.words import translate
from app.timeline.thumbnails import Thumbnails
from matting_core.document.project import MatteObject, Project
from matting_core.results.service import ResultService
from matting_core.results.store import MatteCache

_UNPACKED_BYTES = 192 << 20


class Editor(QObject):
    """Editor without its window: model, lanes and features, made and joined."""

    def __init__(self, options: EditorOptions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make(options)
        self._connect()

    @property
    def project(self) -> Project:
        """The project as it is now."""
        return self.document.project

    @property
    def active(self) -> MatteObject | None:
        """The object that prompts go to."""
        return self.model.active

    def start(self) -> None:
        """Begin what takes time: naming the device, looking for unsaved work."""
        self.runner.ask_device()
        self.recovery.look()

    @property
    def busy(self) -> bool:
        """Whether there is anything to cancel."""
        going = self.tools.unfinished or self.playback.playing
        return going or self.tasks.foremost is not None

    def cancel(self) -> None:
        """Stop the innermost thing: what is being drawn, playing, or the task that is shown."""
        job = self.tasks.foremost
        if self.tools.unfinished:
            self.tools.cancel()
        elif self.playback.playing:
            self.playback.stop()
        elif job is not None:
            job.cancel()

    def close(self) -> None:
        """Take in what is being drawn and saved, stop everything, release it, keep unsaved work."""
        self.playback.stop()
        self.pending_edits.finish()
        self.files.finish()
        self.pictures.stop()
        self.warm_up.stop()
        self.thumbnails.stop()
        self.lanes.close()
        self.caching.stop()
        self.recovery.close()

    def _make(self, options: EditorOptions) -> None:
        mattes = options.mattes or options.folder / "mattes"
        self.cache = cache = MatteCache(mattes, disk_limit=options.cache_limit)
        self.user = UserSettings(self)
        self.messenger = Messenger(self)
        self.tasks = Tasks(self.messenger, self)
        self.service = results = ResultService(cache, _UNPACKED_BYTES)
        worker, self._maker = ModelWorker(results, options.device), PictureMaker(results)
        self.lanes = lanes = Lanes(worker, self._maker, self)
        self.results = Results(results, self)
        self.model = model = Model(options.settings, self.results, self._screen_ready, self)
        self.document = model.document
        self.view = model.view
        self.objects = model.objects
        self.versions = model.versions
        self.playback = model.playback
        BackdropSetting(self.user, self.view, self)
        self.pending_edits = PendingEdits(lanes.media, self)
        self._add_files(options)
        self._add_canvas()
        self._add_tracking(worker, options)
        self.exports = Exports(self.tasks, lanes.export, results, self.messenger, self)
        self.models = ModelFiles(self.tasks, lanes.models, options.device, self.messenger, self)

    def _add_files(self, options: EditorOptions) -> None:
        tasks, lane, messenger = self.tasks, self.lanes.media, self.messenger
        kept = options.folder / "recovery"
        self.recovery = Recovery(
            kept,
            tasks,
            lane,
            self.document,
            self.results,
            self.pending_edits,
            self.user,
            messenger,
            self,
        )
        self.files = ProjectFiles(
            tasks,
            lane,
            self._maker,
            self.model,
            self.pending_edits,
            self.recovery,
            messenger,
            self.user,
            self,
        )
        self.masks = MaskImporter(self.model, tasks, lane, messenger, self)
        self.collects = ProjectCollector(tasks, self.lanes.export, self.service, messenger, self)
        self.caching = CacheControl(self.model, tasks, lane, self.service, messenger, self)

    def _add_canvas(self) -> None:
        tasks, media, slow = self.tasks, self.lanes.media, self.lanes.slow
        self.loader = FrameLoader(tasks, media, slow, self._maker, self.messenger, self)
        self.requests = Requests(
            self.document, self.view, self.results, self.versions, self.objects
        )
        self.pictures = PictureController(self.model, self.requests, self.loader, self)
        self.thumbnails = Thumbnails(tasks, media, self._maker, self.model, self)
        self.tools = ToolHost(self.model, self)
        self.strokes = StrokeComposer(
            self.model, tasks, media, self.cache, self.pending_edits, self
        )

    def _add_tracking(self, worker: ModelWorker, options: EditorOptions) -> None:
        model, tasks, lanes = self.model, self.tasks, self.lanes
        self.runner = ModelRunner(tasks, lanes.gpu, worker, self.messenger, self)
        self.click_preview = ClickPreview(model, self.runner, self)
        self.corrections = Corrections(
            model, tasks, lanes.media, self.cache, self.pending_edits, self
        )
        self.previews = PromptPreviews(self.document, self.view, self.runner, self.service)
        self.warm_up = FrameWarmUp(self.document, self.view, self.runner, self.playback, self)
        self.tracking = Tracking(
            model,
            self.runner,
            self.previews,
            self.warm_up,
            self.messenger,
            self.user,
            follow=options.follow,
            results_expected=lambda: self.collects.taking,
            parent=self,
        )

    def _screen_ready(self) -> bool:
        return self.loader.idle

    def _connect(self) -> None:
        self.tools.on(Change, self.corrections.apply)
        self.tools.on(Select, lambda step: self.view.select(step.prompt))
        self.tools.on(PickShape, lambda step: self.objects.select_shape(step.shape_id, step.point))
        self.tools.on(PreviewClick, self.click_preview.show)
        self.tools.on(Tell, lambda step: self.messenger.tell(translate(step.text)))
        self.model.refused.connect(self.messenger.report)
        self.model.results.unread.connect(self._on_unread)
        self.tasks.long_starting.connect(self.recovery.write)
        self.files.clip_searched.connect(self.model.results_reread)
        self.files.file_opened.connect(self.collects.take)
        self.runner.masked.connect(self.pictures.show_result)
        self.runner.found.connect(self.pictures.show_result)
        self.runner.found.connect(self.caching.grow)
        self.caching.cleared.connect(self.model.forget_results)
        self.caching.evicted.connect(self.model.reread_results)
        self.collects.taken.connect(self.model.reread_results)
        self.models.replaced.connect(self.model.reread_results)

    @Slot()
    def _on_unread(self) -> None:
        results = self.model.results
        task = Task(results.reading()).each(results.show_read)
        lane, background = self.lanes.media, Priority.BACKGROUND
        self.tasks.run(task.done(results.show_read), lane, key="survey", priority=background)
