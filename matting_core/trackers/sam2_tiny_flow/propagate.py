"""One step of propagation: predict from flow and memory, ask the decoder, take what fits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.trackers.sam2_tiny_flow.candidates import Choice, Expectation, ask, choose
from matting_core.trackers.sam2_tiny_flow.flow import SmallFrame, Warped, carry
from matting_core.trackers.sam2_tiny_flow.image_model import Encoded, ImageModel
from matting_core.trackers.sam2_tiny_flow.memory import Encode, Memory, Page, read
from matting_core.trackers.sam2_tiny_flow.windows import (
    Window,
    around,
    box_of,
    cut_out,
    paste,
    whole,
)
from matting_core.types import Plane, Size

_OUTSIDE = -10.0
_LOST_BELOW = 0.3
_FOUND_AGAIN_ABOVE = 0.6
_SURE_ABOVE = 0.55
_REACH = 0.08
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
        confidence: [0, 1].
        lost: whether nothing believable was found; then the logits are all negative.
    """

    logits: npt.NDArray[np.float16]
    confidence: float
    lost: bool


@dataclass(frozen=True, slots=True)
class _View:
    """What is known about a frame before the decoder is asked; planes are whole rasters."""

    window: Window
    encoded: Encoded
    carried: Plane
    remembered: Plane
    guide: Plane


def begin(frame: int, small: SmallFrame, mask: Plane) -> State:
    """State right after the prompted frame with its (h, w) mask on the raster."""
    page = Page(frame, _window(mask, small.size, doubt=0.0), mask)
    return State(small, mask, Memory(page), (float(mask.mean()),), 1.0)


def step(state: State, frame: int, small: SmallFrame, encode: Encode, model: ImageModel) -> Found:
    """Find the object on the next frame."""
    warped = carry(state.mask, state.small, small)
    searching = warped.cut or not (warped.mask > 0.5).any()
    view = (
        _search(state, frame, small.size, encode)
        if searching
        else _follow(state, frame, small.size, encode, warped)
    )
    choice = _decide(model, view, small.size, float(np.mean(state.areas)))
    needed = _FOUND_AGAIN_ABOVE if searching else _LOST_BELOW
    if choice is None or choice.agreement < needed:
        return Found(np.full(small.size.hw, _OUTSIDE, np.float16), 0.0, lost=True)
    logits = paste(choice.logits, view.window, small.size, _OUTSIDE)
    return Found(logits.astype(np.float16), min(1.0, choice.agreement), lost=False)


def advance(state: State, frame: int, small: SmallFrame, found: Found) -> State:
    """State after a step, or after a result taken over from an earlier run."""
    if found.lost:
        return replace(state, small=small, mask=np.zeros_like(state.mask), confidence=0.0)
    mask = probability(found.logits)
    memory = state.memory
    if found.confidence >= _SURE_ABOVE:
        memory = memory.remember(Page(frame, _window(mask, small.size, doubt=0.0), mask))
    areas = (*state.areas, float(mask.mean()))[-_AREAS:]
    return State(small, mask, memory, areas, found.confidence)


def probability(logits: npt.NDArray[np.floating]) -> Plane:
    """Sigmoid, (h, w) float32 in [0, 1]."""
    return np.asarray(1 / (1 + np.exp(-np.clip(logits.astype(np.float32), -20, 20))), np.float32)


def _follow(state: State, frame: int, size: Size, encode: Encode, warped: Warped) -> _View:
    """Look where flow says the object went; memory fills in where flow cannot be trusted."""
    window = _window(warped.mask, size, 1 - state.confidence)
    encoded = encode(frame, window)
    remembered = read(encoded, [state.memory.anchor], encode).inside
    if state.memory.pages:
        remembered = 0.5 * (remembered + read(encoded, state.memory.pages, encode).inside)
    near = paste(remembered, window, size, 0.0) * _nearness(warped.mask, state.confidence)
    trusted = 0.6 * warped.mask + 0.4 * near
    guide = warped.trust * trusted + (1 - warped.trust) * near
    return _View(window, encoded, warped.mask, near, guide)


def _search(state: State, frame: int, size: Size, encode: Encode) -> _View:
    """Look for the object over the whole frame, by memory alone."""
    window = whole(size)
    encoded = encode(frame, window)
    pages = [replace(page, window=window) for page in (state.memory.anchor, *state.memory.pages)]
    remembered = paste(read(encoded, pages, encode).inside, window, size, 0.0)
    return _View(window, encoded, np.zeros_like(remembered), remembered, remembered)


def _decide(model: ImageModel, view: _View, size: Size, area: float) -> Choice | None:
    side = model.side // 4
    guide, carried, remembered = (
        cut_out(plane, view.window, side) for plane in (view.guide, view.carried, view.remembered)
    )
    answers = [
        answer
        for plane in (guide, carried, remembered)
        for answer in ask(model, view.encoded, plane)
    ]
    share = view.window.width * view.window.height / (size.width * size.height)
    return choose(answers, Expectation(guide, remembered, min(1.0, area / share)))


def _nearness(mask: Plane, confidence: float) -> Plane:
    """Falls with the distance from the predicted mask; reaches further the more doubt there is."""
    distance = cv2.distanceTransform((mask <= 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    reach = _REACH * float(np.hypot(*mask.shape)) * (1 + 2 * (1 - confidence))
    return np.asarray(np.exp(-0.5 * (distance / reach) ** 2), np.float32)


def _window(mask: Plane, size: Size, doubt: float) -> Window:
    box = box_of(mask > 0.5)
    return whole(size) if box is None else around(box, size, doubt)
