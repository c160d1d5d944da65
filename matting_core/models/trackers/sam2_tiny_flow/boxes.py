"""Boxes on later frames: the decoder's answer, joined with memory of earlier prompted frames.

A box says where the object is, and not what belongs to it: of a rider on his bicycle the decoder
finds the rider. The frame that was prompted before knows better.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from matting_core.models.trackers.sam2_tiny_flow.image_model import LOGIT_LIMIT, DecodedMask
from matting_core.models.trackers.sam2_tiny_flow.memory import (
    MemoryFrame,
    ObjectMemory,
    read_memory,
)
from matting_core.models.trackers.sam2_tiny_flow.propagate import Models, probability
from matting_core.models.trackers.sam2_tiny_flow.views import FrameView, make_cues
from matting_core.types import Plane, Size
from matting_core.windows import Window, paste, widen

_OUTSIDE = -10.0
_LIMITS = (-LOGIT_LIMIT, LOGIT_LIMIT)
_FILLS = 0.5
_LEAST_EXPECTED = 0.5
_SLACK = 0.1

Corners = tuple[float, float, float, float]


def join_box(
    alone: DecodedMask, box: Corners, frame: int, earlier: Sequence[MemoryFrame], models: Models
) -> DecodedMask:
    """Join a box's answer with memory by the network; the result lies in or near the box.

    The mean of both answers' logits is returned: each is wrong in its own way, the decoder where an
    object is several things, the network where the object shows another side. Where the network
    itself expects little, the object has changed beyond recognition, and the decoder's is returned.

    Args:
        alone: the decoder's answer to the box on the whole frame, (G, G).
        box: in cells of that answer.
        frame: the box's frame.
        earlier: prompted frames with their (h, w) masks on the raster, the nearest first.
        models: the networks.
    """
    grid, raster = _size(alone.logits), _size(earlier[0].mask)
    bounds = _find_raster_cells(box, grid, raster)
    allowed = _draw_allowed(bounds, raster)
    memory, encode = ObjectMemory(earlier[0], tuple(earlier[1:])), models.image.encode
    window = widen(bounds, raster, 0.0)
    encoded = encode(frame, window)
    anchor = read_memory(encoded, earlier, encode).inside
    from_memory = allowed * paste(anchor, window, raster, 0.0)
    drawn = allowed * probability(_resize(alone.logits, raster))
    guide = np.maximum(drawn, from_memory)
    view = FrameView(
        encoded, window, drawn, np.zeros_like(drawn), anchor, anchor, from_memory, guide
    )
    area = _FILLS * bounds.width * bounds.height / (raster.width * raster.height)
    prediction = models.network.predict(
        encoded, make_cues(view, models.image.model, area), memory, encode
    )
    if prediction.expected_iou < _LEAST_EXPECTED:
        return alone
    found = np.clip(_resize(paste(prediction.logits, window, raster, _OUTSIDE), grid), *_LIMITS)
    mean = 0.5 * (found + np.clip(alone.logits, *_LIMITS))
    inside = _resize(allowed, grid) > 0
    return DecodedMask(np.where(inside, mean, _OUTSIDE).astype(np.float32), prediction.expected_iou)


def _find_raster_cells(box: Corners, grid: Size, raster: Size) -> Window:
    """Find the cells of the raster that a box touches, one at least."""
    across, down = raster.width / grid.width, raster.height / grid.height
    x0, y0 = min(raster.width - 1, int(box[0] * across)), min(raster.height - 1, int(box[1] * down))
    x1, y1 = math.ceil(box[2] * across), math.ceil(box[3] * down)
    return Window(x0, y0, max(x0 + 1, x1), max(y0 + 1, y1))


def _draw_allowed(bounds: Window, raster: Size) -> Plane:
    """Draw 1 in the box and a little around it, (h, w): boxes are drawn by hand."""
    across, down = round(_SLACK * bounds.width), round(_SLACK * bounds.height)
    allowed = np.zeros(raster.hw, np.float32)
    rows = slice(max(0, bounds.y0 - down), bounds.y1 + down)
    allowed[rows, max(0, bounds.x0 - across) : bounds.x1 + across] = 1
    return allowed


def _size(plane: Plane) -> Size:
    return Size(plane.shape[1], plane.shape[0])


def _resize(plane: Plane, size: Size) -> Plane:
    return np.asarray(cv2.resize(plane, tuple(size), interpolation=cv2.INTER_LINEAR), np.float32)
