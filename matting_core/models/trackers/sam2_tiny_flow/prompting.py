"""Prompting on one frame: points, box and mask make one segmentation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from matting_core.document.prompts import BoxPrompt, MaskPrompt, PointPrompt, Prompt
from matting_core.matte.guides import mask_to_logits
from matting_core.media.masks import decode_mask
from matting_core.metrics.regions import region_similarity
from matting_core.models.trackers.sam2_tiny_flow.image_model import (
    LOGIT_LIMIT,
    DecodedMask,
    DecoderPrompt,
    EncodedPicture,
    ImageModel,
)
from matting_core.types import Plane, Segmentation, Size, TrackState
from matting_core.windows import bounding_box

Corners = tuple[float, float, float, float]
Join = Callable[[DecodedMask, Corners], DecodedMask]
"""Improves the answer to a box by what is known of the object; corners in the answer's cells."""


def segment_prompts(
    model: ImageModel,
    prompts: Sequence[Prompt],
    size: Size,
    encode: Callable[[], EncodedPicture],
    join: Join | None = None,
) -> Segmentation:
    """Segment one frame from its prompts.

    A mask alone is taken as it is. Points beside a mask or a box are corrections of that mask, or
    of the box's. One point alone is ambiguous, so the decoder's best of three readings is taken.

    Args:
        model: the image model at its still size.
        prompts: the frame's prompts, at least one.
        size: the frame's size.
        encode: encodes the whole frame; called only if needed.
        join: improves the answer to a box that has no mask beside it.
    """
    points = [p for p in prompts if isinstance(p, PointPrompt)]
    boxes = [p for p in prompts if isinstance(p, BoxPrompt)]
    masks = [p for p in prompts if isinstance(p, MaskPrompt)]
    mask = decode_mask(masks[-1].png, size) if masks else None
    if mask is not None and not points and not boxes:
        return Segmentation(mask_to_logits(mask), 1.0, TrackState.PROMPTED)
    prompt = DecoderPrompt(
        [(_scale_point(p.xy, size, model.side), int(p.label)) for p in points],
        _scale_box(boxes[-1], size, model.side) if boxes else None,
        None if mask is None else _make_mask_logits(mask, model.side),
    )
    best = _decode(model, encode(), prompt, join)
    return Segmentation(best.logits.astype(np.float16), best.predicted_iou, TrackState.PROMPTED)


def _decode(
    model: ImageModel, encoded: EncodedPicture, prompt: DecoderPrompt, join: Join | None
) -> DecodedMask:
    if prompt.logits is not None:
        return _correct(model, encoded, prompt, prompt.logits)
    if prompt.box is None:
        answers = model.decode(encoded, prompt, several=len(prompt.points) == 1)
        return max(answers, key=lambda answer: answer.predicted_iou)
    boxed = _decode_box(model, encoded, prompt.box)
    if join is not None:
        x0, y0, x1, y1 = (edge / 4 for edge in prompt.box)
        boxed = join(boxed, (x0, y0, x1, y1))
    return _correct(model, encoded, prompt, boxed.logits) if prompt.points else boxed


def _decode_box(model: ImageModel, encoded: EncodedPicture, box: Corners) -> DecodedMask:
    """Decode a box alone, and notice when the decoder has taken the surroundings."""
    best = model.decode(encoded, DecoderPrompt(box=box))[0]
    if _measure_contrast(best, box) >= 0:
        return best
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    others = [
        *model.decode(encoded, DecoderPrompt(box=box), several=True),
        *model.decode(encoded, DecoderPrompt([(middle, 1)], box)),
    ]
    return max(others, key=lambda answer: answer.predicted_iou + _measure_contrast(answer, box))


def _correct(
    model: ImageModel, encoded: EncodedPicture, prompt: DecoderPrompt, start: Plane
) -> DecodedMask:
    """Change a mask as little as the points ask for.

    A point beside a mask prompt makes the decoder forget the mask, so its bounds and a point inside
    it are given too. Of the answers to several such prompt, those that obey the most points count,
    and of these the one nearest to the mask that was there.
    """
    bounds, inner = _find_bounds(start, prompt), _find_inner_point(start, prompt)
    logits = np.clip(start, -LOGIT_LIMIT, LOGIT_LIMIT)
    asked = [
        DecoderPrompt(prompt.points, bounds, logits),
        DecoderPrompt([*prompt.points, inner], bounds, logits),
        DecoderPrompt([*prompt.points, inner], None, logits),
        DecoderPrompt([*prompt.points, inner], bounds),
    ]
    answers = [model.decode(encoded, each)[0] for each in asked]
    before = start > 0
    return max(
        answers,
        key=lambda answer: (
            _count_obeyed(answer, prompt),
            region_similarity(answer.logits > 0, before) + answer.predicted_iou,
        ),
    )


def _count_obeyed(answer: DecodedMask, prompt: DecoderPrompt) -> int:
    side = len(answer.logits)
    cells = [(min(side - 1, int(x / 4)), min(side - 1, int(y / 4))) for (x, y), _ in prompt.points]
    labels = [label for _, label in prompt.points]
    return sum(
        (answer.logits[y, x] > 0) == (label == 1)
        for (x, y), label in zip(cells, labels, strict=True)
    )


def _find_bounds(start: Plane, prompt: DecoderPrompt) -> Corners | None:
    """Find the bounds of mask, box and foreground points together, in pixels of the picture."""
    window = bounding_box(start > 0)
    corners = [xy for xy, label in prompt.points if label == 1]
    if window is not None:
        corners += [(4.0 * window.x0, 4.0 * window.y0), (4.0 * window.x1, 4.0 * window.y1)]
    if prompt.box is not None:
        corners += [prompt.box[:2], prompt.box[2:]]
    if len(corners) < 2:
        return None
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _find_inner_point(start: Plane, prompt: DecoderPrompt) -> tuple[tuple[float, float], int]:
    """Find a foreground point deep inside the mask, away from background points."""
    inside = np.pad((start > 0).astype(np.uint8), 1)
    for (x, y), label in prompt.points:
        if label == 0:
            inside[min(len(inside) - 1, int(y / 4) + 1), min(len(inside) - 1, int(x / 4) + 1)] = 0
    depth = cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[1:-1, 1:-1]
    row, column = np.unravel_index(int(depth.argmax()), depth.shape)
    return (4 * (float(column) + 0.5), 4 * (float(row) + 0.5)), 1


def _measure_contrast(answer: DecodedMask, box: Corners) -> float:
    """Measure how much more of the box's middle than of its corners is inside, in [-1, 1].

    An object fills the middle of its box and leaves the corners. Where that is the other way round
    the decoder has taken the surroundings for the object, as it may when the box is the frame.
    """
    inside = answer.logits > 0
    x0, y0, x1, y1 = (edge / 4 for edge in box)
    ys, xs = np.mgrid[0 : inside.shape[0], 0 : inside.shape[1]] + 0.5
    u, v = (2 * xs - x0 - x1) / max(1, x1 - x0), (2 * ys - y0 - y1) / max(1, y1 - y0)
    middle = inside[u**2 + v**2 < 0.25]
    corners = inside[(np.abs(u) < 1) & (np.abs(v) < 1) & (np.abs(u) > 0.8) & (np.abs(v) > 0.8)]
    if not len(middle) or not len(corners):
        return 0.0
    return float(middle.mean()) - float(corners.mean())


def _scale_point(xy: tuple[float, float], size: Size, side: int) -> tuple[float, float]:
    return xy[0] * side / size.width, xy[1] * side / size.height


def _scale_box(prompt: BoxPrompt, size: Size, side: int) -> Corners:
    x0, y0, x1, y1 = prompt.xyxy
    return (*_scale_point((x0, y0), size, side), *_scale_point((x1, y1), size, side))


def _make_mask_logits(mask: Plane, side: int) -> Plane:
    small = cv2.resize(mask, (side // 4, side // 4), interpolation=cv2.INTER_AREA)
    return np.asarray((small - 0.5) * 2 * LOGIT_LIMIT, np.float32)
