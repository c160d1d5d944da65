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
from matting_core.types import Plane, Size
from matting_core.windows import (
    Window,
    around,
    box_of,
    cut_out,
    paste,
    whole,
)

_OUTSIDE = -10.0
_LOST_BELOW = 0.3
_FOUND_AGAIN_ABOVE = 0.6
_STRANGE_BELOW = 0.15
_SURE_ABOVE = 0.55
_REACH = 0.08
_AREAS = 5
_PRIOR_LIMIT = 0.03
_PRIOR_WEIGHT = 1.0
_THIN = 0.05


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
class Aim:
    """Where to look on the next frame, before the encoder is asked.

    Attributes:
        warped: the last mask carried over by flow.
        window: the part of the raster to look at.
        searching: whether the object's place is unknown: after a loss, or at a cut.
    """

    warped: Warped
    window: Window
    searching: bool


@dataclass(frozen=True, slots=True)
class _View:
    """What is known about a frame before the decoder is asked; planes are whole rasters."""

    encoded: Encoded
    carried: Plane
    remembered: Plane
    guide: Plane
    prior: Plane


def begin(frame: int, small: SmallFrame, mask: Plane) -> State:
    """State right after the prompted frame with its (h, w) mask on the raster."""
    page = Page(frame, _window(mask, small.size, doubt=0.0), mask)
    return State(small, mask, Memory(page), (float(mask.mean()),), 1.0)


def aim(state: State, small: SmallFrame) -> Aim:
    """Decide where to look on the next frame."""
    warped = carry(state.mask, state.small, small)
    searching = warped.cut or not (warped.mask > 0.5).any()
    window = (
        whole(small.size) if searching else _window(warped.mask, small.size, 1 - state.confidence)
    )
    return Aim(warped, window, searching)


def step(state: State, target: Aim, frame: int, encode: Encode, model: ImageModel) -> Found:
    """Find the object on the frame aimed at."""
    size = state.small.size
    view = (_search if target.searching else _follow)(state, target, frame, encode)
    choice = _decide(model, view, target.window, float(np.mean(state.areas)))
    needed = _FOUND_AGAIN_ABOVE if target.searching else _LOST_BELOW
    if choice is None or choice.agreement < needed or choice.recognised < _STRANGE_BELOW:
        return Found(np.full(size.hw, _OUTSIDE, np.float16), 0.0, lost=True)
    logits = paste(choice.logits, target.window, size, _OUTSIDE)
    return Found(logits.astype(np.float16), min(1.0, choice.agreement), lost=False)


def advance(state: State, target: Aim, frame: int, small: SmallFrame, found: Found) -> State:
    """State after a step, or after a result taken over from an earlier run."""
    if found.lost:
        return replace(state, small=small, mask=np.zeros_like(state.mask), confidence=0.0)
    mask = probability(found.logits)
    memory = state.memory
    if found.confidence >= _SURE_ABOVE:
        memory = memory.remember(Page(frame, target.window, mask))
    areas = (*state.areas, float(mask.mean()))[-_AREAS:]
    return State(small, mask, memory, areas, found.confidence)


def probability(logits: npt.NDArray[np.floating]) -> Plane:
    """Sigmoid, (h, w) float32 in [0, 1]."""
    return np.asarray(1 / (1 + np.exp(-np.clip(logits.astype(np.float32), -20, 20))), np.float32)


def _follow(state: State, target: Aim, frame: int, encode: Encode) -> _View:
    """Look where flow says the object went; memory fills in where flow cannot be trusted."""
    warped, window, size = target.warped, target.window, state.small.size
    encoded = encode(frame, window)
    remembered = read(encoded, [state.memory.anchor], encode).inside
    if state.memory.pages:
        remembered = 0.5 * (remembered + read(encoded, state.memory.pages, encode).inside)
    near = paste(remembered, window, size, 0.0) * _nearness(warped.mask, state.confidence)
    trusted = 0.6 * warped.mask + 0.4 * near
    guide = warped.trust * trusted + (1 - warped.trust) * near
    return _View(encoded, warped.mask, near, guide, _prior(warped, near))


def _search(state: State, target: Aim, frame: int, encode: Encode) -> _View:
    """Look for the object over the whole frame, by memory alone."""
    encoded = encode(frame, target.window)
    known = (state.memory.anchor, *state.memory.pages)
    pages = [replace(page, window=target.window) for page in known]
    found = read(encoded, pages, encode).inside
    remembered = paste(found, target.window, state.small.size, 0.0)
    nothing = np.zeros_like(remembered)
    return _View(encoded, nothing, remembered, remembered, nothing)


def _decide(model: ImageModel, view: _View, window: Window, area: float) -> Choice | None:
    side = model.side // 4
    guide, carried, remembered, prior = (
        cut_out(plane, window, side)
        for plane in (view.guide, view.carried, view.remembered, view.prior)
    )
    answers = [
        answer
        for plane in (guide, carried, remembered)
        for answer in ask(model, view.encoded, plane)
    ]
    share = window.width * window.height / view.guide.size
    choice = choose(answers, Expectation(guide, remembered, min(1.0, area / share)))
    return None if choice is None else replace(choice, logits=choice.logits + prior)


def _prior(warped: Warped, near: Plane) -> Plane:
    """What the way here says of thin parts, as (h, w) logits to be added to the decoder's.

    The decoder sees one picture and drops ears, tails and straps whenever it is unsure. Flow knows
    them from the frame before; it counts as far as it can be trusted and memory agrees. Elsewhere
    nothing is added: along a whole outline such a pull would let the mask grow frame by frame.
    """
    inside = (warped.mask > 0.5).astype(np.uint8)
    radius = max(1, round(_THIN * float(np.sqrt(inside.sum()))))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    body = cv2.dilate(cv2.morphologyEx(inside, cv2.MORPH_OPEN, disc), disc)
    thin = (inside & (1 - body)).astype(np.float32)
    likely = np.minimum(warped.mask, 1 - _PRIOR_LIMIT)
    weight = _PRIOR_WEIGHT * thin * warped.trust * (1 - np.abs(warped.mask - near))
    return np.asarray(weight * np.log(np.maximum(likely, 0.5) / (1 - likely)), np.float32)


def _nearness(mask: Plane, confidence: float) -> Plane:
    """Falls with the distance from the predicted mask; reaches further the more doubt there is."""
    distance = cv2.distanceTransform((mask <= 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    reach = _REACH * float(np.hypot(*mask.shape)) * (1 + 2 * (1 - confidence))
    return np.asarray(np.exp(-0.5 * (distance / reach) ** 2), np.float32)


def _window(mask: Plane, size: Size, doubt: float) -> Window:
    box = box_of(mask > 0.5)
    return whole(size) if box is None else around(box, size, doubt)
