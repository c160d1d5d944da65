"""A box on a later frame: the decoder's answer, joined with what an earlier prompted frame tells.

A box says where the object is, and not what belongs to it: of a rider on his bicycle the decoder
finds the rider. The frame that was prompted before knows better.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from matting_core.trackers.sam2_tiny_flow.image_model import Decoded
from matting_core.trackers.sam2_tiny_flow.memory import Memory, Page, read
from matting_core.trackers.sam2_tiny_flow.propagate import Models, probability
from matting_core.trackers.sam2_tiny_flow.views import View, cues_of
from matting_core.types import Plane, Size
from matting_core.windows import Window, around, box_of, paste

_OUTSIDE = -10.0
_FILLS = 0.5
_ALLOWANCE = 0.3

Corners = tuple[float, float, float, float]


def join_box(
    alone: Decoded, box: Corners, frame: int, earlier: Page, models: Models, raster: Size
) -> Decoded:
    """Let the network join a box's answer with memory; what is found lies within the box.

    Where the joined answer leaves the box much emptier than the decoder's own does, the object has
    changed beyond recognition, and the decoder's is kept.

    Args:
        alone: the decoder's answer to the box on the whole frame, (G, G).
        box: in cells of that answer.
        frame: the box's frame.
        earlier: a prompted frame with its mask.
        models: the networks.
        raster: size of the tracker's masks.
    """
    grid = Size(*reversed(alone.logits.shape))
    bounds = _on_raster(box, grid, raster)
    allowed = np.zeros(raster.hw, np.float32)
    allowed[bounds.y0 : bounds.y1, bounds.x0 : bounds.x1] = 1
    memory, encode, window = Memory(earlier), models.eye.encode, around(bounds, raster, 0.0)
    encoded = encode(frame, window)
    anchor = read(encoded, [earlier], encode).inside
    remembered = allowed * paste(anchor, window, raster, 0.0)
    drawn = allowed * probability(_resized(alone.logits, raster))
    guide = np.maximum(drawn, remembered)
    view = View(encoded, window, drawn, np.zeros_like(drawn), anchor, anchor, remembered, guide)
    area = _FILLS * float(allowed.mean())
    told = models.follower.ask(encoded, cues_of(view, models.eye.model, area), memory, encode)
    found = paste(told.logits, window, raster, _OUTSIDE)
    joined = _resized(np.where(allowed > 0, found, _OUTSIDE), grid)
    if _filled(joined, box) < _filled(alone.logits, box) - _ALLOWANCE:
        return alone
    return Decoded(joined, told.expected_iou)


def _on_raster(box: Corners, grid: Size, raster: Size) -> Window:
    """The cells of the raster that a box touches, one at least."""
    across, down = raster.width / grid.width, raster.height / grid.height
    x0, y0 = min(raster.width - 1, int(box[0] * across)), min(raster.height - 1, int(box[1] * down))
    x1, y1 = math.ceil(box[2] * across), math.ceil(box[3] * down)
    return Window(x0, y0, max(x0 + 1, x1), max(y0 + 1, y1))


def _filled(logits: Plane, box: Corners) -> float:
    """IoU of a mask's bounds with a box, both in cells; 0 without a mask."""
    bounds = box_of(logits > 0)
    if bounds is None:
        return 0.0
    width = max(0.0, min(bounds.x1, box[2]) - max(bounds.x0, box[0]))
    height = max(0.0, min(bounds.y1, box[3]) - max(bounds.y0, box[1]))
    drawn = (box[2] - box[0]) * (box[3] - box[1])
    both = width * height
    return both / (bounds.width * bounds.height + drawn - both)


def _resized(plane: Plane, size: Size) -> Plane:
    return np.asarray(cv2.resize(plane, tuple(size), interpolation=cv2.INTER_LINEAR), np.float32)
