"""What the editor consists of: document, view, lanes, cache, and the links between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject

from app.canvas.pictures.loader import FrameLoader
from app.canvas.pictures.maker import PictureMaker
from app.canvas.pictures.requests import Requests
from app.features.export.link import ExportLink
from app.features.files.cache_link import CacheLink
from app.features.files.collect_link import CollectLink
from app.features.files.mask_link import MaskLink
from app.features.files.project_files import ProjectFiles
from app.features.files.recovery import Recovery
from app.features.models.link import ModelsLink
from app.features.painting.paints import Paints
from app.features.review.backdrop_memory import BackdropMemory
from app.features.tracking.correction import Corrections
from app.features.tracking.engine import Engine
from app.features.tracking.engine_link import EngineLink
from app.features.tracking.hover import Hover
from app.features.tracking.previews import Previews
from app.features.tracking.readiness import Readiness
from app.model.model import Model
from app.model.results import Coverage
from app.shell.jobs import JobLane
from app.shell.messages import Messenger
from app.shell.pending_edits import Underway
from app.shell.running import RunningJobs
from app.shell.settings import UserSettings
from app.timeline.thumbnails import Thumbnails
from matting_core.document.project import Settings
from matting_core.files import cache_folder
from matting_core.results.store import MatteCache
from matting_core.types import DeviceChoice


@dataclass(frozen=True, slots=True)
class EditorOptions:
    """What an editor starts with.

    Attributes:
        settings: models and quality of new projects.
        device: where models run.
        folder: where derived results and unsaved work are kept.
        follow: whether the playhead goes along with a track.
        mattes: where mattes are kept, or None for below `folder`.
        cache_limit: bytes of mattes on disk.
    """

    settings: Settings = field(default_factory=Settings)
    device: DeviceChoice = DeviceChoice.AUTO
    folder: Path = field(default_factory=cache_folder)
    follow: bool = True
    mattes: Path | None = None
    cache_limit: int = 4 << 30


class Lanes(QObject):
    """The threads that work goes to; each runs one job after the other.

    Args:
        engine: whose models live on the gpu lane.
        maker: whose clip lives on the media lane.
        parent: the Qt parent.
    """

    def __init__(self, engine: Engine, maker: PictureMaker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.gpu = JobLane("gpu", engine.close, self)
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


class Parts(QObject):
    """Makes the parts, each knowing those that it needs; what happens between them is `Editor`'s.

    Args:
        options: what to start with.
        parent: the Qt parent.
    """

    def __init__(self, options: EditorOptions, parent: QObject | None = None) -> None:
        super().__init__(parent)
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
