"""One step of propagation: predict from flow and memory, ask the decoder, let the network join."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.models.trackers.sam2_tiny_flow import DOUBTFUL_BELOW
from matting_core.models.trackers.sam2_tiny_flow.confidence import confidence, kept
from matting_core.models.trackers.sam2_tiny_flow.flow import SmallFrame, Warped, carry
from matting_core.models.trackers.sam2_tiny_flow.follower import Follower
from matting_core.models.trackers.sam2_tiny_flow.image_model import Hints, ImageModel
from matting_core.models.trackers.sam2_tiny_flow.memory import Encode, Memory, Page
from matting_core.models.trackers.sam2_tiny_flow.views import cues_of, follow, search
from matting_core.types import Plane, Size
from matting_core.windows import Window, bounding_box, paste, whole, widen

_OUTSIDE = -10.0
_LOST_BELOW = 0.25
_ASTRAY = 0.15
_SMALLEST = 12
_SURE_ABOVE = 0.55
_AREAS = 5


@dataclass(frozen=True, slots=True)
class State:
    """All that one object's pass carries from frame to frame.

    Attributes:
        small: the last frame at flow size.
        mask: (h, w) float32 in [0, 1], the last mask on the raster; all zero after a loss.
        memory: what the object looked like.
        areas: the last mask areas as fractions of the raster.
        confidence: the last step's confidence.
    """

    small: SmallFrame
    mask: Plane
    memory: Memory
    areas: tuple[float, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a step found.

    Attributes:
        logits: (h, w) float16 over the raster.
        confidence: [0, 1], the region IoU with the object that is to be expected.
        lost: whether nothing believable was found; then the logits are all negative.
    """

    logits: npt.NDArray[np.float16]
    confidence: float
    lost: bool


@dataclass(frozen=True, slots=True)
class Aim:
    """Where to look on the next frame, before the encoder is asked.

    Attributes:
        warped: the last mask carried over by flow.
        window: the part of the raster to look at.
        searching: whether the object's place is unknown: after a loss, at a cut, or where flow
            finds nothing of it.
    """

    warped: Warped
    window: Window
    searching: bool


@dataclass(frozen=True, slots=True)
class Eye:
    """A way of looking at frames.

    Attributes:
        model: encoder and decoder.
        encode: encodes a window (on the raster) of a frame, or has kept it.
    """

    model: ImageModel
    encode: Encode


@dataclass(frozen=True, slots=True)
class Models:
    """The networks of a step.

    Attributes:
        eye: sees `follower.SIDE` pixels.
        follower: joins its answers with flow and memory.
        fine: sees more pixels; its decoder has a say in the outline. None for the fast quality.
    """

    eye: Eye
    follower: Follower
    fine: Eye | None = None


def begin(small: SmallFrame, mask: Plane, memory: Memory) -> State:
    """State right after a prompted frame.

    Args:
        small: the frame at flow size.
        mask: (h, w) float32 in [0, 1] on the raster, the prompts' answer.
        memory: what the pass remembers, that frame included.
    """
    return State(small, mask, memory, (float(mask.mean()),), 1.0)


def page_of(frame: int, mask: Plane) -> Page:
    """A frame as a page, seen through the window around its (h, w) mask."""
    return Page(frame, _window(mask, Size(mask.shape[1], mask.shape[0]), doubt=0.0), mask)


def aim(state: State, small: SmallFrame) -> Aim:
    """Decide where to look on the next frame."""
    warped = carry(state.mask, state.small, small)
    inside = warped.mask > 0.5
    searching = warped.cut or not inside.any() or float(warped.trust[inside].mean()) < _ASTRAY
    window = (
        whole(small.size) if searching else _window(warped.mask, small.size, 1 - state.confidence)
    )
    return Aim(warped, window, searching)


def step(state: State, target: Aim, frame: int, models: Models) -> Found:
    """Find the object on the frame aimed at."""
    size, window, look = state.small.size, target.window, (frame, models.eye.encode)
    if target.searching:
        view = search(window, size, state.memory, look)
    else:
        view = follow(target.warped, window, state.memory, 1 - state.confidence, look)
    cues = cues_of(view, models.eye.model, float(np.mean(state.areas)))
    told = models.follower.ask(view.encoded, cues, state.memory, models.eye.encode)
    covered = float((told.logits > 0).mean()) * window.width * window.height
    lost = Found(np.full(size.hw, _OUTSIDE, np.float16), 0.0, lost=True)
    if covered < _SMALLEST or told.right < _LOST_BELOW:
        return lost
    logits = told.logits
    if models.fine is not None:
        logits = _outlined(logits, models.fine, frame, window)
    found = paste(logits, window, size, _OUTSIDE).astype(np.float16)
    answer = Page(frame, window, probability(found))
    held = [kept(page, answer, models.eye.encode) for page in state.memory.prompted]
    sure = confidence(told.expected_iou, float(np.mean(held)))
    if target.searching and sure < DOUBTFUL_BELOW:
        return lost
    return Found(found, sure, lost=False)


def advance(state: State, target: Aim, frame: int, small: SmallFrame, found: Found) -> State:
    """State after a step, or after a result taken over from an earlier run."""
    if found.lost:
        return replace(state, small=small, mask=np.zeros_like(state.mask), confidence=0.0)
    mask = probability(found.logits)
    memory = state.memory
    if worth_remembering(found):
        memory = memory.remember(Page(frame, target.window, mask))
    areas = (*state.areas, float(mask.mean()))[-_AREAS:]
    return State(small, mask, memory, areas, found.confidence)


def worth_remembering(found: Found) -> bool:
    """Whether the tracker was sure enough of a frame to learn from it."""
    return not found.lost and found.confidence >= _SURE_ABOVE


def probability(logits: npt.NDArray[np.floating]) -> Plane:
    """Sigmoid, (h, w) float32 in [0, 1]."""
    return np.asarray(1 / (1 + np.exp(-np.clip(logits.astype(np.float32), -20, 20))), np.float32)


def _outlined(logits: Plane, eye: Eye, frame: int, window: Window) -> Plane:
    """The answer's logits and those of a finer decoder that was given it, added up."""
    side = eye.model.side // 4
    hint = cv2.resize(logits, (side, side), interpolation=cv2.INTER_LINEAR)
    answer = eye.model.decode(eye.encode(frame, window), Hints(logits=hint))[0]
    return np.asarray(hint + answer.logits, np.float32)


def _window(mask: Plane, size: Size, doubt: float) -> Window:
    box = bounding_box(mask > 0.5)
    return whole(size) if box is None else widen(box, size, doubt)
