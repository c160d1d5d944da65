"""The gpu lane's own state: the session, opened when first needed and again for other models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from traceback import clear_frames

import numpy as np
import numpy.typing as npt

from app.features.tracking.correction import seen_mask
from app.shell.jobs import Work
from matting_core.document import edits
from matting_core.document.project import Clip, Project
from matting_core.document.prompts import Prompt
from matting_core.errors import CancelledError, MediaError, OutOfMemoryError
from matting_core.jobs import CancelToken, Pace, Progress
from matting_core.matte.guides import mask_inside
from matting_core.media.opening import open_source
from matting_core.media.source import FrameSource
from matting_core.models.devices import describe_device, drop_networks
from matting_core.models.session import Session
from matting_core.results.latest import ResultKeys
from matting_core.results.making import Result
from matting_core.results.plans import Wanted
from matting_core.results.service import ResultService
from matting_core.types import DeviceChoice, ObjectId


@dataclass(frozen=True, slots=True)
class TrackRequest:
    """Request for a track: spans of objects."""

    project: Project
    wanted: Wanted

    def runnable(self, project: Project) -> TrackRequest | None:
        """The same for a project as it is now, or None if nothing of it can be tracked."""
        ids = [obj.id for obj in project if obj.prompts and not obj.locked]
        wanted = {each: spans for each, spans in self.wanted.items() if each in ids and spans}
        return TrackRequest(project, wanted) if wanted else None


@dataclass(frozen=True, slots=True)
class MaskReady:
    """News that a prompted frame's mask is stored; its matte is not yet."""

    object_id: ObjectId
    frame: int


@dataclass(frozen=True, slots=True)
class ClickRequest:
    """What would a prompt give?

    Attributes:
        project: the project without it.
        object_id: whose it would be.
        prompt: the prompt.
        seen: the matte that is seen on the frame, where the prompt would correct one.
    """

    project: Project
    object_id: ObjectId
    prompt: Prompt
    seen: ResultKeys | None = None


@dataclass(frozen=True, slots=True)
class ClickMask:
    """The answer: (H, W) bool."""

    request: ClickRequest
    inside: npt.NDArray[np.bool_]


class ModelWorker:
    """Makes mattes. Made on the UI thread, but its session lives on one lane."""

    def __init__(self, results: ResultService, device: DeviceChoice) -> None:
        self._results = results
        self._device = device
        self._session: Session | None = None
        self._clip: Clip | None = None
        self._full: OutOfMemoryError | None = None  # what took the models away last

    def describe(self) -> Work:
        """Work that yields the device's name."""

        def work(_token: CancelToken) -> Iterator[object]:
            yield describe_device(self._device)

        return work

    def use(self, device: DeviceChoice) -> Work:
        """Work that lets the models run on another device from now on; yields its name."""

        def work(_token: CancelToken) -> Iterator[object]:
            name = describe_device(device)
            self._device = device
            yield name

        return work

    def preview(self, project: Project, object_id: ObjectId, frame: int) -> Work:
        """Work that yields a prompted frame's mask as `MaskReady`, then its matte as `ResultKeys`.

        Between the two it can be cancelled: a later gesture makes the matte useless.
        """

        def work(_token: CancelToken) -> Iterator[object]:
            session = self._open_session(project)
            self._results.segment(project, object_id, frame, session)
            yield MaskReady(object_id, frame)
            self._check(session)
            yield _keys(self._results.preview(project, object_id, frame, session))

        return self._free_when_full(work)

    def preview_click(self, request: ClickRequest) -> Work:
        """Work that yields what a prompt would give, as a `ClickMask`."""

        def work(_token: CancelToken) -> Iterator[object]:
            session = self._open_session(request.project)
            seen, size = request.seen, session.source.size
            mask = None if seen is None else seen_mask(self._results.store, seen, size)
            prompts = [request.prompt] if mask is None else [mask, request.prompt]
            project = edits.add_prompts(request.project, request.object_id, prompts)
            frame = request.prompt.frame
            found = self._results.ask(project, request.object_id, frame, session)
            yield ClickMask(request, mask_inside(found, size))

        return self._free_when_full(work)

    def prepare(self, project: Project, frame: int) -> Work:
        """Work that loads the models and looks at a frame, before anything is asked there."""

        def work(_token: CancelToken) -> Iterator[object]:
            session = self._open_session(project)
            yield None
            self._check(session)
            session.prepare(frame)

        return self._free_when_full(work)

    def track(self, request: TrackRequest, stage: str) -> Work:
        """Work that mattes what is missing, yielding `ResultKeys` and `Progress` for each frame."""

        def work(_token: CancelToken) -> Iterator[object]:
            yield Progress(stage, 0, 0)
            session = self._open_session(request.project)
            plan = self._results.plan(request.project, request.wanted)
            pace = Pace(stage, plan.missing)
            yield Progress(stage, 0, pace.total)
            self._check(session)
            with closing(self._results.make(plan, session)) as steps:
                for made in steps:
                    if made is None:
                        yield None
                    else:
                        yield _keys(made.result)
                        yield pace.advance()
                    self._check(session)

        return self._free_when_full(work)

    def close(self) -> None:
        """Release models and clip; calling twice is fine."""
        session, self._session = self._session, None
        if session is not None:
            with closing(session.source), session:
                self._results.statistics.flush()

    def _free_when_full(self, work: Work) -> Work:
        """The same work, but if it fills the memory, all models go: the next try starts free."""

        def guarded(token: CancelToken) -> Iterator[object]:
            try:
                yield from work(token)
            except OutOfMemoryError as error:
                clear_frames(error.__traceback__)  # their variables hold the models
                self._full = error
                self.close()
                drop_networks()
                raise

        return guarded

    def _check(self, session: Session) -> None:
        """Go on only with the models that the work began with.

        Raises:
            OutOfMemoryError: other work has filled the memory since the last step.
            CancelledError: other models, or another clip, are in use since.
        """
        now = self._session
        if now is session:
            return
        full = self._full
        same = now is not None and not now.outdated and _are_alike(now, session)
        if full is not None and (now is None or same):
            raise OutOfMemoryError(str(full), full.device)
        raise CancelledError("The track stopped because its models were changed; start again.")

    def _serves(self, session: Session, project: Project) -> bool:
        """Whether a session has the models and the clip of a project, and runs where it should."""
        same = (session.settings, self._clip) == (project.settings, project.clip)
        return same and session.device is self._device and not session.outdated

    def _open_session(self, project: Project) -> Session:
        session = self._session
        if session is not None and self._serves(session, project):
            return session
        self.close()
        with ExitStack() as opened:
            source = opened.enter_context(closing(_open_checked(project)))
            self._session = Session.open(project.settings, source, self._device)
            opened.pop_all()
        self._clip = project.clip
        return self._session


def _are_alike(one: Session, other: Session) -> bool:
    return (one.settings, one.source.path) == (other.settings, other.source.path)


def _open_checked(project: Project) -> FrameSource:
    if project.clip is None:
        raise MediaError("No clip is open; open one first.")
    source = open_source(project.clip.path)
    if source.fingerprint != project.clip.fingerprint:
        source.close()
        raise MediaError(f"{project.clip.path} has changed since it was opened; open it again.")
    return source


def _keys(result: Result) -> ResultKeys:
    return ResultKeys(result.key, result.mask_key)
