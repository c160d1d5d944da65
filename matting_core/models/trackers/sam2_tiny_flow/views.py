"""Views of a frame before the network runs: flow, memory, and a guide from both."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from matting_core.models.trackers.sam2_tiny_flow.candidates import (
    Expectation,
    answer_probability,
    choose,
    decode_guides,
    soft_iou,
)
from matting_core.models.trackers.sam2_tiny_flow.flow import WarpedMask
from matting_core.models.trackers.sam2_tiny_flow.image_model import (
    DecodedMask,
    EncodedPicture,
    ImageModel,
)
from matting_core.models.trackers.sam2_tiny_flow.memory import Encode, ObjectMemory, read_memory
from matting_core.types import Plane, Size
from matting_core.windows import Window, cut_out, paste

_REACH = 0.08
_NO = -10.0
_CUE_LIMIT = 20.0


@dataclass(frozen=True, slots=True)
class FrameView:
    """View of a frame in a window.

    Attributes:
        encoded: its features.
        window: the part of the raster that was looked at.
        carried: (h, w) raster, the last mask carried over by flow.
        trust: (h, w) raster, trust in flow.
        anchor: (g, g), what the prompted frames make of each place in the window.
        later: (g, g), what the frames answered since make of it.
        from_memory: (h, w) raster, memory's reading near the place where the object is expected.
        guide: (h, w) raster, the best guess before the decoder is asked.
    """

    encoded: EncodedPicture
    window: Window
    carried: Plane
    trust: Plane
    anchor: Plane
    later: Plane
    from_memory: Plane
    guide: Plane


def view_by_flow(
    warped: WarpedMask,
    window: Window,
    memory: ObjectMemory,
    doubt: float,
    source: tuple[int, Encode],
) -> FrameView:
    """View where flow says the object went; memory fills in where flow cannot be trusted."""
    frame, encode = source
    encoded = encode(frame, window)
    anchor, later = _read_both(encoded, memory, encode)
    size = Size(warped.mask.shape[1], warped.mask.shape[0])
    found = 0.5 * (anchor + later)
    near = paste(found, window, size, 0.0) * _measure_nearness(warped.mask, doubt)
    trusted = 0.6 * warped.mask + 0.4 * near
    guide = warped.trust * trusted + (1 - warped.trust) * near
    return FrameView(encoded, window, warped.mask, warped.trust, anchor, later, near, guide)


def view_by_memory(
    window: Window, size: Size, memory: ObjectMemory, source: tuple[int, Encode]
) -> FrameView:
    """View the whole frame, with the object's place from memory alone."""
    frame, encode = source
    encoded = encode(frame, window)
    frames = [replace(page, window=window) for page in (*memory.prompted, *memory.frames)]
    found = paste(read_memory(encoded, frames, encode).inside, window, size, 0.0)
    anchor, later = _read_both(encoded, memory, encode)
    nothing = np.zeros_like(found)
    return FrameView(encoded, window, nothing, nothing, anchor, later, found, found)


def make_cues(view: FrameView, model: ImageModel, area: float) -> Plane:
    """Make the network's seven cue planes, (7, S/4, S/4) float32; see `network.NetworkInput`.

    Args:
        view: the frame.
        model: its decoder is asked nine times: from each guess as mask, as mask with box and
            point, and as box and point.
        area: expected area as a fraction of the raster.
    """
    side = model.side // 4
    guide, carried, from_memory, trust = (
        cut_out(plane, view.window, side)
        for plane in (view.guide, view.carried, view.from_memory, view.trust)
    )
    share = view.window.width * view.window.height / view.guide.size
    answers = decode_guides(model, view.encoded, (guide, carried, from_memory))
    expected = Expectation(guide, from_memory, min(1.0, area / share))
    best = choose([answer for part in answers for answer in part], expected)
    masked = answers[0][0] if answers[0] else None
    boxed = max(
        answers[0][2:], key=lambda one: soft_iou(answer_probability(one), guide), default=None
    )
    grown = (
        cv2.resize(plane, (side, side), interpolation=cv2.INTER_LINEAR)
        for plane in (view.anchor, view.later)
    )
    decoded = (_make_cue(answer, side) for answer in (best, masked, boxed))
    return np.stack([carried, trust, *grown, *decoded]).astype(np.float32)


def _make_cue(answer: DecodedMask | None, side: int) -> Plane:
    if answer is None:
        return np.full((side, side), _NO / 10, np.float32)
    return np.asarray(np.clip(answer.logits, -_CUE_LIMIT, _CUE_LIMIT) / 10, np.float32)


def _read_both(
    encoded: EncodedPicture, memory: ObjectMemory, encode: Encode
) -> tuple[Plane, Plane]:
    anchor = read_memory(encoded, memory.prompted, encode).inside
    return anchor, read_memory(encoded, memory.frames, encode).inside if memory.frames else anchor


def _measure_nearness(mask: Plane, doubt: float) -> Plane:
    """Weight by distance from the predicted mask; it reaches further the more doubt there is."""
    distance = cv2.distanceTransform((mask <= 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    reach = _REACH * float(np.hypot(*mask.shape)) * (1 + 2 * doubt)
    return np.asarray(np.exp(-0.5 * (distance / reach) ** 2), np.float32)
