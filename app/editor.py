"""The editor without its window: what happens when something changes, or is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.canvas.tools.gestures import DrawShape, PickShape, Select, Step
from app.features.files.mask_link import ImportedMasks
from app.features.tracking.engine import Masked, TrackRequest
from app.model.change import Change
from app.model.document import Changes
from app.model.seen import Found
from app.model.versions import Version, going_back
from app.parts import EditorOptions, Parts
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document import edits
from matting_core.document.edits import Edit
from matting_core.document.project import MatteObject, Project
from matting_core.errors import ModelError
from matting_core.models.registry import head_spec, tracker_spec
from matting_core.results.plans import Wanted
from matting_core.types import FrameRange, ObjectId


class Editor(Parts):
    """Passes on what happens in one part to the others."""

    job_started = Signal(object)
    """Carries a titled `Job`."""
    outline_dropped = Signal()
    """The outline that a tool was drawing is not wanted any more."""

    def __init__(self, options: EditorOptions, parent: QObject | None = None) -> None:
        super().__init__(options, parent)
        self.follow = options.follow
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

    def push(self, text: str, edit: Edit) -> None:
        """Make an undoable edit; say so if it does not fit."""
        self.apply(Change(text, edit))

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

    def add_object(self) -> None:
        """Append an object and make it the active one."""
        new = ObjectId(self.project.next_id)
        self.push(QT_TRANSLATE_NOOP("Commands", "Add object"), edits.add_object)
        self.view.set_active(new)

    def track(
        self, object_ids: Sequence[ObjectId], frames: FrameRange, then: int | None = None
    ) -> None:
        """Track objects over frames, in the background; go to the frame `then` afterwards."""
        self.track_spans(dict.fromkeys(object_ids, (frames,)))
        if then is not None:
            self.transport.seek(then)

    def set_follow(self, follow: bool) -> None:
        """Choose whether the playhead goes along with tracks, the running one too."""
        self.follow = follow
        if not follow:
            self.transport.drop_following()
        elif self.engine.tracking:
            self.transport.start_following()

    def track_spans(self, wanted: Wanted) -> None:
        """Track spans of objects, in the background; what there was is kept as a version."""
        request = TrackRequest(self.project, wanted).runnable(self.project)
        if request is None:
            return
        if self.follow and not self.engine.tracking:
            self.transport.start_following()
        self.recovery.write()
        self.versions.keep(self.project)
        self.engine.track(request)

    @Slot(object)
    def go_back(self, version: Version) -> None:
        """Give the objects what they had in an earlier version."""
        self.push(QT_TRANSLATE_NOOP("Commands", "Go back to a version"), going_back(version))

    def try_again(self) -> None:
        """Go on with what a full memory or a licence ended; what is finished is kept."""
        self.previews.ask()
        self.readiness.ask()
        request = self.engine.interrupted
        if request is not None:
            self.track_spans(request.wanted)

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
        self.engine.tracking_changed.connect(self._on_tracking_changed)
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
        if obj is None or obj.on_frame(frame):
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
        self.caching.look()
        if found.key.frame == self.view.frame:
            self._refresh.start()
        if self.engine.tracking:
            self.transport.follow(found.key.frame)

    @Slot()
    def _on_tracking_changed(self) -> None:
        if not self.engine.tracking:
            self.transport.stop_following()
