"""The editor without its window: what happens when something changes, or is asked for."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.canvas.pictures.loader import FrameLoader
from app.canvas.pictures.maker import PictureMaker
from app.canvas.pictures.requests import Requests
from app.canvas.tools.gestures import DrawShape, PickShape, Select, Step
from app.features.export.link import ExportLink
from app.features.files.cache_link import CacheLink
from app.features.files.collect_link import CollectLink
from app.features.files.mask_link import ImportedMasks, MaskLink
from app.features.files.project_files import ProjectFiles
from app.features.files.recovery import Recovery
from app.features.models.link import ModelsLink
from app.features.painting.paints import Paints
from app.features.review.backdrop_memory import BackdropMemory
from app.features.tracking.correction import Corrections
from app.features.tracking.engine import Engine, Masked
from app.features.tracking.engine_link import EngineLink
from app.features.tracking.hover import Hover
from app.features.tracking.previews import Previews
from app.features.tracking.readiness import Readiness
from app.features.tracking.tracking import Tracking
from app.lanes import Lanes
from app.model.change import Change
from app.model.document import Changes
from app.model.model import Model
from app.model.results import Coverage
from app.model.seen import Found
from app.options import EditorOptions
from app.shell.messages import Messenger
from app.shell.pending_edits import Underway
from app.shell.running import RunningJobs
from app.shell.settings import UserSettings
from app.shell.words import QT_TRANSLATE_NOOP
from app.timeline.thumbnails import Thumbnails
from matting_core.document import edits
from matting_core.document.project import MatteObject, Project
from matting_core.errors import ModelError
from matting_core.models.registry import head_spec, tracker_spec
from matting_core.results.store import MatteCache
from matting_core.types import ObjectId


class Editor(QObject):
    """The editor without its window: makes model, lanes and features, and joins them."""

    job_started = Signal(object)
    """Carries a titled `Job`."""
    outline_dropped = Signal()
    """The outline that a tool was drawing is not wanted any more."""

    def __init__(self, options: EditorOptions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make(options)
        self.outlining = False
        self._missed = 0
        self._told_evicted = False
        self._refresh = QTimer(self, singleShot=True, interval=0)
        self._refresh.timeout.connect(self._on_refresh)
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
        self.engine.ask_device()
        self.recovery.look()

    def apply(self, change: Change) -> None:
        """Make a tool's edit, from the mask that is seen if it corrects one."""
        found = self._seen_unprompted() if change.corrects else None
        clip = self.project.clip
        if found is None or clip is None:
            self.model.make(change)
        else:
            self.corrections.start(change, found, clip.size)

    def take(self, step: Step) -> None:
        """Do what a tool says that concerns the project and what is selected in it."""
        match step:
            case Change():
                self.apply(step)
            case Select(prompt):
                self.view.select(prompt)
            case DrawShape(points):
                self.objects.set_drawing(points)
            case PickShape(shape_id, point):
                self.objects.select_shape(shape_id, point)

    @property
    def busy(self) -> bool:
        """Whether there is anything to cancel."""
        going = self.outlining or bool(self.objects.drawing) or self.transport.playing
        return going or self.jobs.foremost is not None

    def cancel(self) -> None:
        """Stop the innermost thing: an outline, a shape, playing, or the job that is shown."""
        if self.outlining:
            self.outline_dropped.emit()
            return
        job = self.jobs.foremost
        if self.objects.drawing:
            self.objects.set_drawing(())
        elif self.transport.playing:
            self.transport.stop()
        elif job is not None:
            job.cancel()

    def close(self) -> None:
        """Take in what is being drawn and saved, stop everything, release it, keep unsaved work."""
        self.transport.stop()
        self.underway.finish()
        self.files.finish()
        self._refresh.stop()
        self.readiness.stop()
        self.thumbnails.stop()
        self.lanes.close()
        self.caching.stop()
        self.recovery.close()

    def _make(self, options: EditorOptions) -> None:
        mattes = options.mattes or options.folder / "mattes"
        self.cache = cache = MatteCache(mattes, disk_limit=options.cache_limit)
        self.user = UserSettings(self)
        self.messenger = Messenger(self)
        self.jobs = RunningJobs(self)
        engine, maker = Engine(cache, options.device), PictureMaker(cache)
        self.lanes = lanes = Lanes(engine, maker, self)
        self.coverage = Coverage(lanes.media, cache, self)
        self.model = model = Model(options.settings, self.coverage, self._screen_ready, self)
        self.document = model.document
        self.view = model.view
        self.objects = model.objects
        self.versions = model.versions
        self.transport = model.playback
        BackdropMemory(self.user, self.view, self)
        self.models = ModelsLink(lanes.models, options.device, self.messenger, self)
        self.engine = EngineLink(lanes.gpu, engine, self)
        self.loader = FrameLoader(lanes.media, lanes.slow, maker, self)
        self.hover = Hover(self.engine, self.coverage, self)
        self.requests = Requests(
            self.document, self.view, self.coverage, self.versions, self.objects
        )
        self.underway = Underway(lanes.media, self)
        self.corrections = Corrections(lanes.media, cache, self.underway, self)
        self.paints = Paints(lanes.media, cache, self.coverage, self.underway, self)
        self.exports = ExportLink(lanes.export, cache, self.messenger, self)
        self.masks = MaskLink(lanes.media, self.messenger, self)
        self.collects = CollectLink(lanes.export, cache, self.messenger, self)
        self.caching = CacheLink(lanes.media, cache, self.document, self)
        self._add_files(options.folder / "recovery", maker)
        self.previews = Previews(self.document, self.view, self.engine, cache)
        self.thumbnails = Thumbnails(lanes.media, maker, self.document, self)
        self.readiness = Readiness(self.document, self.view, self.engine, self.transport, self)

        self.tracking = Tracking(
            model,
            self.engine,
            self.previews,
            self.readiness,
            self.messenger,
            self.user,
            follow=options.follow,
            parent=self,
        )

    def _screen_ready(self) -> bool:
        return self.loader.idle

    def _add_files(self, kept: Path, maker: PictureMaker) -> None:
        """Make what reads and writes the document; unsaved work goes to the folder `kept`."""
        lane, document, coverage = self.lanes.media, self.document, self.coverage
        underway = self.underway
        self.recovery = Recovery(kept, lane, document, coverage, underway, self.user, self)
        self.files = ProjectFiles(
            lane,
            maker,
            document,
            coverage,
            underway,
            self.recovery,
            self.messenger,
            self.user,
            self,
        )

    def _connect(self) -> None:
        self.document.changed.connect(self._on_changed)
        self.files.adopted.connect(self._on_adopted)
        self.files.clip_searched.connect(self._on_looked_elsewhere)
        self.view.playhead_moved.connect(self._on_looked_elsewhere)
        view, objects = self.view, self.objects
        view.active_changed.connect(self._on_active_changed)
        for shown in (
            view.mode_changed,
            view.look_changed,
            objects.solo_changed,
            self.versions.changed,
        ):
            shown.connect(self._refresh.start)
        self.engine.found.connect(self._on_found)
        self.engine.masked.connect(self._on_masked)
        self.exports.started.connect(self.recovery.write)
        self.tracking.starting.connect(self.recovery.write)
        self.corrections.ready.connect(self.model.make)
        self.paints.ready.connect(self.model.make)
        self.model.refused.connect(self.messenger.report)
        self.caching.cleared.connect(self._on_cleared)
        self.caching.evicted.connect(self._on_evicted)
        self.coverage.surveyed.connect(self._on_surveyed)
        for part in (self.engine, self.loader, self.recovery, self.paints):
            part.failed.connect(self.messenger.report)
        self.collects.started.connect(self.recovery.write)
        self.collects.taken.connect(self._on_results_changed)
        self.models.replaced.connect(self._on_results_changed)
        self.masks.started.connect(self.recovery.write)
        self.masks.ready.connect(self._on_masks_ready)
        links = (
            self.engine,
            self.exports,
            self.files,
            self.models,
            self.collects,
            self.masks,
        )
        for starting in (link.started for link in links):
            starting.connect(self.job_started)
        self.job_started.connect(self.jobs.add)

    def _seen_unprompted(self) -> Found | None:
        """The active object's matte on this frame, if it came from prompts on other frames."""
        obj, frame = self.active, self.view.frame
        if obj is None or obj.prompts_on(frame):
            return None
        return self.coverage.shown(obj, frame)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.CLIP:
            self.corrections.drop()
            self.paints.drop()
            self.coverage.reset()
            self.versions.reset()
            self._missed = 0
        self.engine.follow(self.project, changes)
        if changes & ~(Changes.RANGE | Changes.OBJECTS | Changes.FINISHING):
            self.coverage.survey(self.project)
        self._on_looked_elsewhere()

    @Slot()
    def _on_active_changed(self) -> None:
        self.objects.set_drawing(())
        self.objects.select_shape(None)

    @Slot()
    def _on_adopted(self) -> None:
        self.transport.stop()
        prompted = [obj.prompt_frames[0] for obj in self.project if obj.prompts]
        self.view.set_frame(min(prompted, default=0))
        if prompted:  # its mattes may be there from an earlier run
            self.versions.keep(self.project)
        if self.files.path is not None:
            self.collects.take(self.files.path)
        settings = self.project.settings
        try:
            tracker_spec(settings.tracker)
            head_spec(settings.head)
        except ModelError as error:
            self.messenger.report(error)

    @Slot(object)
    def _on_masks_ready(self, imported: ImportedMasks) -> None:
        clip = self.project.clip
        if clip is None or clip.fingerprint != imported.clip.fingerprint:
            return  # another clip was opened meanwhile
        new = ObjectId(self.project.next_id)
        taken = imported.on_open_frames(self.project)
        change = Change(
            QT_TRANSLATE_NOOP("Commands", "Import masks"),
            lambda p: edits.put_masks(p, taken.object_id, taken.masks),
        )
        if not self.model.make(change):
            return  # it was refused, and said why
        if any(obj.id == new for obj in self.project):
            self.view.set_active(new)
        said = self.masks.describe(taken)
        if said:
            self.messenger.tell(said)

    @Slot()
    def _on_evicted(self) -> None:
        self.coverage.survey(self.project)
        self._on_looked_elsewhere()
        if self._told_evicted:
            return
        self._told_evicted = True
        self.messenger.warn(
            self.tr(
                "Mattes cannot be written to disk, so the oldest were dropped; free some space, or "
                "choose another folder in Preferences (Ctrl+,)."
            )
            if self.cache.refused
            else self.tr(
                "The oldest mattes were dropped to stay below the limit on disk; raise it in "
                "Preferences (Ctrl+,)."
            )
        )

    @Slot(int)
    def _on_surveyed(self, missed: int) -> None:
        """Say once that locked frames are missing, unless they are on their way."""
        if self.collects.taking or missed == self._missed:
            return
        self._missed = missed
        if missed:
            text = (
                self.tr("1 locked frame needs the models it was made with; choose them and track.")
                if missed == 1
                else self.tr(
                    "{count} locked frames need the models they were made with; choose them and "
                    "track."
                )
            )
            self.messenger.warn(text.format(count=missed))

    @Slot()
    def _on_results_changed(self) -> None:
        self.coverage.survey(self.project)
        self._on_looked_elsewhere()

    @Slot()
    def _on_cleared(self) -> None:
        self.coverage.reset()
        self.coverage.survey(self.project)
        self._on_looked_elsewhere()

    @Slot()
    def _on_looked_elsewhere(self) -> None:
        self._refresh.start()
        self.previews.ask()

    @Slot()
    def _on_refresh(self) -> None:
        request = self.requests.now()
        if request is not None and not self.document.clip_missing:
            self.loader.request(request)

    @Slot(object)
    def _on_masked(self, masked: Masked) -> None:
        if masked.frame == self.view.frame:
            self._refresh.start()

    @Slot(object)
    def _on_found(self, found: Found) -> None:
        self.coverage.mark(self.project, found)
        self.caching.grown.emit()
        self.caching.look()
        if found.key.frame == self.view.frame:
            self._refresh.start()
        if self.engine.tracking:
            self.transport.follow(found.key.frame)
