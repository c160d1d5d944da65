"""What every tracker does, whatever model is behind it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from matting_core.document.prompts import PromptKind, Prompts, prompts_on
from matting_core.errors import InputError
from matting_core.media.source import FrameSource
from matting_core.types import (
    DeviceChoice,
    FrameRange,
    ObjectId,
    Quality,
    Segmentation,
    TrackState,
)
from matting_core.windows import Window


class MaskLookup(Protocol):
    """Looks up what was found before; what a run yields can be looked up from then on."""

    def __call__(
        self, object_id: ObjectId, frame: int, anchor: int | None = None, /
    ) -> Segmentation | None:
        """What the same prompts gave on a frame, or None if that is not known.

        Args:
            object_id: whose.
            frame: its index.
            anchor: the prompted frame whose answer is asked for; by default the one that governs
                the frame. Another one may have governed it before it was corrected.
        """
        ...


Influence = Literal["nearest", "earlier", "all"]
"""Which prompts can change a frame: those of its governing frame only, also those that this one's
box leans on (`propagation.supporting_frames`), or all of the object's."""


@dataclass(frozen=True, slots=True)
class TrackedFrame:
    """One newly computed result of a running track.

    Attributes:
        object_id: whose.
        frame: its index.
        segmentation: what was found.
        again: it is known already and was computed once more on the way to what is not.
        anchor: the prompted frame that it was computed from, if that is not the one that governs
            the frame: it was needed on the way, and is no result of the track itself.
    """

    object_id: ObjectId
    frame: int
    segmentation: Segmentation
    again: bool = False
    anchor: int | None = None


@dataclass(frozen=True, slots=True)
class Features:
    """Image features of a window of a frame, as the heads take them (torch tensors, float32).

    Attributes:
        stride4: (1, 32, S/4, S/4) for an S x S input.
        stride8: (1, 64, S/8, S/8).
        stride16: (1, 256, S/16, S/16).
    """

    stride4: object
    stride8: object
    stride16: object


class Tracker(Protocol):
    """Carries objects through a clip. Used by one thread; only frozen values go in and out."""

    def open(self, source: FrameSource) -> None:
        """Start on a clip; forgets another one. The tracker reads from `source` until `close`."""
        ...

    def segment(self, frame: int, prompts: Prompts) -> Segmentation:
        """Answer an object's prompts on one frame alone, without propagating.

        Args:
            frame: its index.
            prompts: all of the object's, in the order in which they were made, checked against the
                clip; a box may lean on those of other frames.

        Raises:
            InputError: there are none on this frame.
        """
        ...

    def track(
        self, prompts: Mapping[ObjectId, Prompts], frames: FrameRange, known: MaskLookup
    ) -> Generator[TrackedFrame, None, None]:
        """Find objects on `frames`, following `matting_core.document.propagation`.

        Yields each result that `known` lacks, prompted frames included, as soon as it is computed;
        each object comes once a frame. Frames outside `frames` that had to be passed on the way are
        yielded too, so that they can be known next time and the caller can stop there; so are
        answers of another prompted frame than the governing one, with that frame as `anchor`.
        A tracker that cannot take a known frame over computes it again and yields it with `again`,
        for the caller to stop there too; nothing else is to be done with it.

        What `known` has is taken over as if it had just been computed, so that an interrupted run
        ends with the same results as an uninterrupted one.

        Args:
            prompts: all prompts of each object that is to be found.
            frames: where.
            known: looks up what was found before.

        Raises:
            InputError: an object has no prompts at all.
        """
        ...

    def features(self, frame: int, window: Window, side: int) -> Features | None:
        """Image features for heads that want them, or None if the model has none.

        Args:
            frame: its index.
            window: the part to look at, pixels of the frame; stretched to a square.
            side: S, the square's side, 512 or 1024.
        """
        ...

    def close(self) -> None:
        """Forget the clip and free what belongs to it; calling twice is fine."""
        ...


@dataclass(frozen=True, slots=True)
class TrackerSpec:
    """How a tracker appears in the registry.

    Attributes:
        id: stable name, used on the command line and in project files.
        title: what the user reads.
        version: changes whenever results change, so that cached ones are not mistaken for new.
        build: makes the tracker; imports torch only when called.
        weights: ids of the weights in `matting_core.models.weights` that it needs.
        influence: which prompts can change a frame.
        accepts: the kinds of prompts that it understands.
        needs: packages that it imports and that Wisp does not bring, as (module, what to install).
        encoder: the network that `Tracker.features` come from, by the id of its weights; None if it
            gives none.
        doubtful_below: the confidence below which a tracked frame deserves a look; None if the
            confidence was never compared with the truth, so that nothing can be said of it.
        hidden: for tests; not offered to the user.
    """

    id: str
    title: str
    version: str
    build: Callable[[DeviceChoice, Quality], Tracker]
    weights: tuple[str, ...] = ()
    influence: Influence = "all"
    accepts: frozenset[PromptKind] = frozenset({"point", "box", "mask"})
    needs: tuple[tuple[str, str], ...] = ()
    encoder: str | None = None
    doubtful_below: float | None = None
    hidden: bool = False

    def doubts(self, found: Segmentation) -> bool:
        """Whether the tracker itself doubts what it has found on a frame that was not prompted."""
        below = self.doubtful_below
        return below is not None and found.state is TrackState.TRACKED and found.confidence < below


def check_prompted(prompts: Mapping[ObjectId, Prompts]) -> None:
    """Refuse objects that have no prompts.

    Raises:
        InputError: there is one.
    """
    for object_id, each in prompts.items():
        if not each:
            raise InputError(f"Object {object_id} has no prompts; click on it first.")


def require_prompts_on(prompts: Prompts, frame: int) -> Prompts:
    """An object's prompts on one frame.

    Raises:
        InputError: it has none there.
    """
    here = prompts_on(prompts, frame)
    if not here:
        raise InputError(f"The object has no prompts on frame {frame}; add one.")
    return here
