"""What is known of a frame before the network is asked: flow's and memory's word, and a guide."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from matting_core.models.trackers.sam2_tiny_flow.candidates import (
    Expectation,
    ask,
    choose,
    inside,
    soft_iou,
)
from matting_core.models.trackers.sam2_tiny_flow.flow import Warped
from matting_core.models.trackers.sam2_tiny_flow.image_model import Decoded, Encoded, ImageModel
from matting_core.models.trackers.sam2_tiny_flow.memory import Encode, Memory, read
from matting_core.types import Plane, Size
from matting_core.windows import Window, cut_out, paste

_REACH = 0.08
_NO = -10.0
_CUE_LIMIT = 20.0


@dataclass(frozen=True, slots=True)
class View:
    """A frame seen through a window.

    Attributes:
        encoded: its features.
        window: the part of the raster that was looked at.
        carried: (h, w) raster, the last mask carried over by flow.
        trust: (h, w) raster, trust in flow.
        anchor: (g, g), what the prompted frames make of each place in the window.
        later: (g, g), what the frames answered since make of it.
        remembered: (h, w) raster, memory's word near the place where the object is expected.
        guide: (h, w) raster, the best guess before the decoder is asked.
    """

    encoded: Encoded
    window: Window
    carried: Plane
    trust: Plane
    anchor: Plane
    later: Plane
    remembered: Plane
    guide: Plane


def follow(
    warped: Warped, window: Window, memory: Memory, doubt: float, look: tuple[int, Encode]
) -> View:
    """Look where flow says the object went; memory fills in where flow cannot be trusted."""
    frame, encode = look
    encoded = encode(frame, window)
    anchor, later = _readings(encoded, memory, encode)
    size = Size(warped.mask.shape[1], warped.mask.shape[0])
    found = 0.5 * (anchor + later)
    near = paste(found, window, size, 0.0) * _nearness(warped.mask, doubt)
    trusted = 0.6 * warped.mask + 0.4 * near
    guide = warped.trust * trusted + (1 - warped.trust) * near
    return View(encoded, window, warped.mask, warped.trust, anchor, later, near, guide)


def search(window: Window, size: Size, memory: Memory, look: tuple[int, Encode]) -> View:
    """Look for the object over the whole frame, by memory alone."""
    frame, encode = look
    encoded = encode(frame, window)
    pages = [replace(page, window=window) for page in (*memory.prompted, *memory.pages)]
    found = paste(read(encoded, pages, encode).inside, window, size, 0.0)
    anchor, later = _readings(encoded, memory, encode)
    nothing = np.zeros_like(found)
    return View(encoded, window, nothing, nothing, anchor, later, found, found)


def cues_of(view: View, model: ImageModel, area: float) -> Plane:
    """The seven planes that the network is shown, (7, S/4, S/4) float32; see `network.Sight`.

    Args:
        view: the frame.
        model: its decoder is asked nine times: from each guess as mask, as mask with box and
            point, and as box and point.
        area: expected area as a fraction of the raster.
    """
    side = model.side // 4
    guide, carried, remembered, trust = (
        cut_out(plane, view.window, side)
        for plane in (view.guide, view.carried, view.remembered, view.trust)
    )
    share = view.window.width * view.window.height / view.guide.size
    answers = ask(model, view.encoded, (guide, carried, remembered))
    expected = Expectation(guide, remembered, min(1.0, area / share))
    best = choose([answer for part in answers for answer in part], expected)
    masked = answers[0][0] if answers[0] else None
    boxed = max(answers[0][2:], key=lambda one: soft_iou(inside(one), guide), default=None)
    grown = (
        cv2.resize(plane, (side, side), interpolation=cv2.INTER_LINEAR)
        for plane in (view.anchor, view.later)
    )
    decoded = (_as_cue(answer, side) for answer in (best, masked, boxed))
    return np.stack([carried, trust, *grown, *decoded]).astype(np.float32)


def _as_cue(answer: Decoded | None, side: int) -> Plane:
    if answer is None:
        return np.full((side, side), _NO / 10, np.float32)
    return np.asarray(np.clip(answer.logits, -_CUE_LIMIT, _CUE_LIMIT) / 10, np.float32)


def _readings(encoded: Encoded, memory: Memory, encode: Encode) -> tuple[Plane, Plane]:
    anchor = read(encoded, memory.prompted, encode).inside
    return anchor, read(encoded, memory.pages, encode).inside if memory.pages else anchor


def _nearness(mask: Plane, doubt: float) -> Plane:
    """Falls with the distance from the predicted mask; reaches further the more doubt there is."""
    distance = cv2.distanceTransform((mask <= 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    reach = _REACH * float(np.hypot(*mask.shape)) * (1 + 2 * doubt)
    return np.asarray(np.exp(-0.5 * (distance / reach) ** 2), np.float32)
