"""Importing masks and alpha sequences: read on the media lane, one undo step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject

from app.model.change import Change
from app.model.model import Model
from app.shell.jobs import Job, JobLane, Priority, Work
from app.shell.messages import Messenger
from app.shell.tasks import Task, Tasks
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document import edits
from matting_core.document.project import Clip, Project
from matting_core.document.prompts import MaskPrompt
from matting_core.errors import InputError
from matting_core.jobs import CancelToken, Pace, Progress
from matting_core.media.mask_import import (
    MaskAssignment,
    MaskNumbering,
    assign_masks,
    fit_to_size,
    open_masks,
    read_mask,
)
from matting_core.media.masks import encode_mask
from matting_core.types import ObjectId


@dataclass(frozen=True, slots=True)
class ImportedMasks:
    """Masks that are ready to be put on their frames.

    Attributes:
        clip: the clip that they are for.
        object_id: the object that they are for, or None for a new one.
        masks: one a frame.
        placed: how they found their frames; None for a single mask on a chosen frame.
        closed: how many of a sequence were left out, because their frames take no changes.
    """

    clip: Clip
    object_id: ObjectId | None
    masks: tuple[MaskPrompt, ...]
    placed: MaskAssignment | None = None
    closed: int = 0

    def on_open_frames(self, project: Project) -> ImportedMasks:
        """The same without those of a sequence whose frames are locked or deleted by now."""
        obj = next((each for each in project if each.id == self.object_id), None)
        if obj is None or self.placed is None:
            return self
        masks = tuple(mask for mask in self.masks if not obj.refuses_changes(mask.frame))
        return replace(self, masks=masks, closed=len(self.masks) - len(masks))


class MaskImporter(QObject):
    """Imports of masks and alpha sequences, one at a time; each is one undo step."""

    def __init__(
        self,
        model: Model,
        tasks: Tasks,
        lane: JobLane,
        messenger: Messenger,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._tasks = tasks
        self._lane = lane
        self._messenger = messenger
        self._job: Job | None = None

    @property
    def running(self) -> bool:
        """Whether masks are being read."""
        return self._job is not None and not self._job.finished

    def read_one(self, path: Path, clip: Clip, object_id: ObjectId | None, frame: int) -> None:
        """Read a mask image for one frame."""

        def work(_token: CancelToken) -> Iterator[object]:
            mask = read_mask(path, clip.size)
            if not mask.any():
                raise InputError(f"The mask {path} is all black; paint the object white.")
            yield ImportedMasks(clip, object_id, (MaskPrompt(frame, encode_mask(mask)),))

        self._start(work, self.tr("Importing {name}").format(name=path.name))

    def read_all(self, path: Path, clip: Clip, object_id: ObjectId | None) -> None:
        """Read an alpha sequence or video for the frames that it belongs on."""
        title = self.tr("Importing {name}").format(name=path.name)

        def work(_token: CancelToken) -> Iterator[object]:
            yield Progress(title, 0, 0)
            yield from _read(path, clip, object_id, title)

        self._start(work, title)

    def _describe(self, imported: ImportedMasks) -> str:
        """Say where the masks of a sequence are now; empty for a single mask."""
        if imported.placed is None:
            return ""
        if not imported.masks:
            return self.tr(
                "Nothing was imported: all these frames are locked or deleted; open them first."
            )
        texts = {
            MaskNumbering.SOURCE: self.tr(
                "Imported {count} masks by the clip's own frame numbers."
            ),
            MaskNumbering.INDEX: self.tr(
                "Imported {count} masks; their numbers are frame indexes."
            ),
            MaskNumbering.ORDER: self.tr(
                "Imported {count} masks from the first frame on: they have no numbers of the clip."
            ),
        }
        text = texts[imported.placed.placement].format(count=len(imported.masks))
        black = len(imported.placed.frames) - len(imported.masks) - imported.closed
        if black:
            text += self.tr(" Left out as all black: {count}.").format(count=black)
        if imported.closed:
            closed = self.tr(" Left out as locked or deleted: {count}.")
            text += closed.format(count=imported.closed)
        if imported.placed.outside:
            outside = self.tr(" Left out as outside the clip: {count}.")
            text += outside.format(count=imported.placed.outside)
        return text

    def _start(self, work: Work, title: str) -> None:
        self._job = self._tasks.run(
            Task(work).each(self._on_read),
            self._lane,
            key="import",
            priority=Priority.BACKGROUND,
            title=title,
            pausable=True,
        )

    def _on_read(self, item: object) -> None:
        project = self._model.project
        if not isinstance(item, ImportedMasks) or project.clip is None:
            return
        if project.clip.fingerprint != item.clip.fingerprint:
            return  # another clip was opened meanwhile
        new = ObjectId(project.next_id)
        masks = item.on_open_frames(project)
        change = Change(
            QT_TRANSLATE_NOOP("Commands", "Import masks"),
            lambda p: edits.put_masks(p, masks.object_id, masks.masks),
        )
        if not self._model.make(change):
            return  # it was refused, and said why
        if any(obj.id == new for obj in self._model.project):
            self._model.view.set_active(new)
        text = self._describe(masks)
        if text:
            self._messenger.tell(text)


def _read(path: Path, clip: Clip, object_id: ObjectId | None, stage: str) -> Iterator[object]:
    source = open_masks(path)
    try:
        placed = assign_masks(source.numbers, len(source), Path(clip.path), clip.length)
        masks = []
        pace = Pace(stage, len(placed.frames))
        for index, frame in placed.frames:
            mask = fit_to_size(source.read(index), clip.size, path.name)
            if mask.any():
                masks.append(MaskPrompt(frame, encode_mask(mask)))
            yield pace.advance()
    finally:
        source.close()
    if not masks:
        raise InputError(f"{path} has no mask for this clip: all are black; choose others.")
    yield ImportedMasks(clip, object_id, tuple(masks), placed)
