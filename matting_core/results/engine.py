"""What the result service asks of models on a clip; `models.session` is one."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from typing import Protocol

from matting_core.document.project import Settings
from matting_core.document.prompts import Prompt
from matting_core.document.refine import RefineStrokes
from matting_core.models.trackers.base import MaskLookup, TrackedFrame
from matting_core.types import FrameRange, Matte, ObjectId, Segmentation

Prompts = tuple[Prompt, ...]


class Engine(Protocol):
    """Tracker and head on an open clip. Used by one thread; knows no keys and stores nothing."""

    @property
    def settings(self) -> Settings:
        """The models that were loaded."""
        ...

    @property
    def fingerprint(self) -> str:
        """Identity of the clip's contents."""
        ...

    @property
    def outdated(self) -> bool:
        """Whether a file of the models was replaced since they were loaded."""
        ...

    def check(self, prompts: Iterable[Prompt]) -> None:
        """Refuse prompts that the tracker does not understand.

        Raises:
            InputError: there is one.
        """
        ...

    def segment(self, frame: int, prompts: Prompts) -> Segmentation:
        """Answer an object's prompts on one frame, without propagating.

        Raises:
            InputError: there are none on this frame.
            OutOfMemoryError: the device's memory is full.
        """
        ...

    def track(
        self, prompts: Mapping[ObjectId, Prompts], frames: FrameRange, known: MaskLookup
    ) -> Generator[TrackedFrame, None, None]:
        """Find objects on frames (`Tracker.track`); raises as `segment`."""
        ...

    def matte(
        self, frame: int, segmentation: Segmentation, strokes: RefineStrokes | None = None
    ) -> Matte:
        """Make the matte of a segmentation.

        Raises:
            OutOfMemoryError: the device's memory is full.
        """
        ...
