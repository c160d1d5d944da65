"""Propagation step: prediction by flow and memory, the decoder's answers, the network's join."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.models.trackers.sam2_tiny_flow import DOUBTFUL_BELOW
from matting_core.models.trackers.sam2_tiny_flow.flow import SmallFrame, WarpedMask, warp_mask
from matting_core.models.trackers.sam2_tiny_flow.image_model import DecoderPrompt, ImageModel
from matting_core.models.trackers.sam2_tiny_flow.memory import (
    Encode,
    MemoryFrame,
    ObjectMemory,
    read_memory,
)
from matting_core.models.trackers.sam2_tiny_flow.propagation_model import PropagationModel
from matting_core.models.trackers.sam2_tiny_flow.views import (
    make_cues,
    view_by_flow,
    view_by_memory,
)
from matting_core.types import Plane, Size
from matting_core.windows import Window, bounding_box, cut_out, paste, whole, widen

_OUTSIDE = -10.0
_LOST_BELOW = 0.25
_LEAST_TRUST = 0.15
_SMALLEST = 12
_SURE_ABOVE = 0.55
_AREAS = 5


@dataclass(frozen=True, slots=True)
class PassState:
    """State of one object's pass between frames.

    Attributes:
        small: the last frame at flow size.
        mask: (h, w) float32 in [0, 1], the last mask on the raster; all zero after a loss.
        memory: frames of the object.
        areas: the last mask areas as fractions of the raster.
        confidence: the last step's confidence.
    """

    small: SmallFrame
    mask: Plane
    memory: ObjectMemory
    areas: tuple[float, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class StepResult:
    """Result of a step.

    Attributes:
        logits: (h, w) float16 over the raster.
        confidence: [0, 1], the region IoU with the object that is to be expected.
        lost: whether nothing believable was found; then the logits are all negative.
    """

    logits: npt.NDArray[np.float16]
    confidence: float
    lost: bool


@dataclass(frozen=True, slots=True)
class FrameTarget:
    """Target of a step: the window of the next frame that is encoded.

    Attributes:
        warped: the last mask carried over by flow.
        window: the part of the raster to look at.
        searching: whether the object's place is unknown: after a loss, at a cut, or where flow
            finds nothing of it.
    """

    warped: WarpedMask
    window: Window
    searching: bool


@dataclass(frozen=True, slots=True)
class CachedImageModel:
    """Image model with the caller's cache of encoded windows.

    Attributes:
        model: encoder and decoder.
        encode: encodes a window (on the raster) of a frame, or returns the kept features.
    """

    model: ImageModel
    encode: Encode


@dataclass(frozen=True, slots=True)
class Models:
    """Models of a step.

    Attributes:
        image: sees `propagation_model.SIDE` pixels.
        network: joins its answers with flow and memory.
        fine: sees more pixels; its decoder has a say in the outline. None for the fast quality.
    """

    image: CachedImageModel
    network: PropagationModel
    fine: CachedImageModel | None = None


def start_state(small: SmallFrame, mask: Plane, memory: ObjectMemory) -> PassState:
    """Make the state right after a prompted frame.

    Args:
        small: the frame at flow size.
        mask: (h, w) float32 in [0, 1] on the raster, the prompts' answer.
        memory: of the pass, that frame included.
    """
    return PassState(small, mask, memory, (float(mask.mean()),), 1.0)


def make_memory_frame(frame: int, mask: Plane) -> MemoryFrame:
    """Make a memory frame with the window around its (h, w) mask."""
    return MemoryFrame(
        frame, _window_around(mask, Size(mask.shape[1], mask.shape[0]), doubt=0.0), mask
    )


def choose_target(state: PassState, small: SmallFrame) -> FrameTarget:
    """Choose the target on the next frame."""
    warped = warp_mask(state.mask, state.small, small)
    inside = warped.mask > 0.5
    searching = warped.cut or not inside.any() or float(warped.trust[inside].mean()) < _LEAST_TRUST
    window = (
        whole(small.size)
        if searching
        else _window_around(warped.mask, small.size, 1 - state.confidence)
    )
    return FrameTarget(warped, window, searching)


def step(state: PassState, target: FrameTarget, frame: int, models: Models) -> StepResult:
    """Find the object on a target's frame."""
    size, window, source = state.small.size, target.window, (frame, models.image.encode)
    if target.searching:
        view = view_by_memory(window, size, state.memory, source)
    else:
        view = view_by_flow(target.warped, window, state.memory, 1 - state.confidence, source)
    cues = make_cues(view, models.image.model, float(np.mean(state.areas)))
    prediction = models.network.predict(view.encoded, cues, state.memory, models.image.encode)
    covered = float((prediction.logits > 0).mean()) * window.width * window.height
    lost = StepResult(np.full(size.hw, _OUTSIDE, np.float16), 0.0, lost=True)
    if covered < _SMALLEST or prediction.right < _LOST_BELOW:
        return lost
    logits = prediction.logits
    if models.fine is not None:
        logits = _refine_outline(logits, models.fine, frame, window)
    found = paste(logits, window, size, _OUTSIDE).astype(np.float16)
    answer = MemoryFrame(frame, window, probability(found))
    held = [
        measure_kept(frame_memory, answer, models.image.encode)
        for frame_memory in state.memory.prompted
    ]
    sure = estimate_confidence(prediction.expected_iou, float(np.mean(held)))
    if target.searching and sure < DOUBTFUL_BELOW:
        return lost
    return StepResult(found, sure, lost=False)


def advance(
    state: PassState, target: FrameTarget, frame: int, small: SmallFrame, found: StepResult
) -> PassState:
    """Make the state after a step, or after a result taken over from an earlier run."""
    if found.lost:
        return replace(state, small=small, mask=np.zeros_like(state.mask), confidence=0.0)
    mask = probability(found.logits)
    memory = state.memory
    if is_worth_keeping(found):
        memory = memory.add(MemoryFrame(frame, target.window, mask))
    areas = (*state.areas, float(mask.mean()))[-_AREAS:]
    return PassState(small, mask, memory, areas, found.confidence)


def is_worth_keeping(found: StepResult) -> bool:
    """Whether a result is certain enough to be added to memory."""
    return not found.lost and found.confidence >= _SURE_ABOVE


def probability(logits: npt.NDArray[np.floating]) -> Plane:
    """Sigmoid, (h, w) float32 in [0, 1]."""
    return np.asarray(1 / (1 + np.exp(-np.clip(logits.astype(np.float32), -20, 20))), np.float32)


def _refine_outline(logits: Plane, image: CachedImageModel, frame: int, window: Window) -> Plane:
    """Add the logits of a finer decoder, prompted with the answer, to the answer's."""
    side = image.model.side // 4
    hint = cv2.resize(logits, (side, side), interpolation=cv2.INTER_LINEAR)
    answer = image.model.decode(image.encode(frame, window), DecoderPrompt(logits=hint))[0]
    return np.asarray(hint + answer.logits, np.float32)


def _window_around(mask: Plane, size: Size, doubt: float) -> Window:
    box = bounding_box(mask > 0.5)
    return whole(size) if box is None else widen(box, size, doubt)


_WEIGHT_EXPECTED = 0.27
_WEIGHT_KEPT = 5.34
_BIAS = -2.99
_NEAR_ONE = 1e-3


def measure_kept(anchor: MemoryFrame, answer: MemoryFrame, encode: Encode) -> float:
    """Measure the share of the prompted object that finds its like inside the answer, in [0, 1].

    Memory read backwards: each cell of the prompted frame's window looks itself up in the
    answered frame, as that frame's cells do in `memory.read_memory`.
    """
    seen = encode(anchor.frame, anchor.window)
    found = read_memory(seen, [answer], encode).inside
    truth = cut_out(anchor.mask, anchor.window, seen.grid)
    return float((found * truth).sum() / max(1e-6, float(truth.sum())))


def estimate_confidence(expected_iou: float, kept_share: float) -> float:
    """Estimate the region IoU to be expected, in [0, 1].

    Args:
        expected_iou: the network's own expectation, [0, 1].
        kept_share: see `measure_kept`.
    """
    held = min(max(expected_iou, _NEAR_ONE), 1 - _NEAR_ONE)
    evidence = _WEIGHT_EXPECTED * math.log(held / (1 - held)) + _WEIGHT_KEPT * kept_share + _BIAS
    return 1 / (1 + math.exp(-evidence))
