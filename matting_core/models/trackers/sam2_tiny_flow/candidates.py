"""Candidates: answers of the decoder to several prompts, and the choice among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from matting_core.models.trackers.sam2_tiny_flow.image_model import (
    DecodedMask,
    DecoderPrompt,
    EncodedPicture,
    ImageModel,
)
from matting_core.types import Plane
from matting_core.windows import bounding_box

_GUIDE_GAIN = 20.0
_SMALLEST_PART = 0.1
_FAINTEST = 0.15
_WEIGHT_MEMORY = 0.5
_WEIGHT_PREDICTED = 0.2
_WEIGHT_AREA = 0.25


@dataclass(frozen=True, slots=True)
class Expectation:
    """Expectation of the answer; planes are (S/4, S/4) float32 in [0, 1].

    Attributes:
        guide: best guess from flow and memory together.
        from_memory: guess from memory alone.
        area: expected area as a fraction of the picture.
    """

    guide: Plane
    from_memory: Plane
    area: float


def decode_guides(
    model: ImageModel, encoded: EncodedPicture, guides: Sequence[Plane]
) -> list[list[DecodedMask]]:
    """Decode (S/4, S/4) guides, each as mask, as mask with box and point, and as box and point.

    Returns:
        Five answers for each guide, the last three from box and point; none for a faint one.
    """
    forms = [_make_prompts(guide, encoded.side) for guide in guides]
    clear = [each for each in forms if each is not None]
    masked = model.decode_each(encoded, [mask for mask, _, _ in clear])
    both = model.decode_each(encoded, [hints for _, hints, _ in clear])
    placed = model.decode_each(encoded, [place for _, _, place in clear], several=True)
    answers = iter([[*a, *b, *c] for a, b, c in zip(masked, both, placed, strict=True)])
    return [[] if each is None else next(answers) for each in forms]


def _make_prompts(
    guide: Plane, side: int
) -> tuple[DecoderPrompt, DecoderPrompt, DecoderPrompt] | None:
    """Make prompts of a guide: mask, mask with box and point, box and point; None if faint."""
    main = _find_main_parts(guide)
    bounds = bounding_box(main)
    if bounds is None:
        return None
    scale = side / guide.shape[0]
    left, top, right, bottom = (scale * edge for edge in bounds)
    depth = cv2.distanceTransform(np.pad(main.astype(np.uint8), 1), cv2.DIST_L2, 5)[1:-1, 1:-1]
    y, x = np.unravel_index(int(depth.argmax()), depth.shape)
    box = (left, top, right, bottom)
    points = [((scale * (float(x) + 0.5), scale * (float(y) + 0.5)), 1)]
    logits = np.clip((guide - 0.5) * _GUIDE_GAIN, -10, 10).astype(np.float32)
    return (
        DecoderPrompt(logits=logits),
        DecoderPrompt(points, box, logits),
        DecoderPrompt(points, box),
    )


def choose(answers: Sequence[DecodedMask], expected: Expectation) -> DecodedMask | None:
    """Return the answer that fits best what flow, memory and size say; None without answers.

    The decoder's own predicted IoU counts little: it stays near 1 on wrong objects too.
    """
    return max(answers, key=lambda answer: _rate_answer(answer, expected), default=None)


def _rate_answer(answer: DecodedMask, expected: Expectation) -> float:
    mask = answer_probability(answer)
    growth = abs(float(np.log((mask.mean() + 1e-4) / (expected.area + 1e-4))))
    return (
        soft_iou(mask, expected.guide)
        + _WEIGHT_MEMORY * soft_iou(mask, expected.from_memory)
        + _WEIGHT_PREDICTED * answer.predicted_iou
        - _WEIGHT_AREA * growth
    )


def answer_probability(answer: DecodedMask) -> Plane:
    """Convert an answer to probability, (S/4, S/4) float32 in [0, 1]."""
    return np.asarray(1 / (1 + np.exp(-answer.logits)), np.float32)


def soft_iou(a: Plane, b: Plane) -> float:
    """Soft IoU: sum of minima over sum of maxima; 1 for equal planes, 0 without overlap."""
    return float(np.minimum(a, b).sum() / max(1e-6, float(np.maximum(a, b).sum())))


def _find_main_parts(guide: Plane) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Find the guide's inside without crumbs; of a faint guide, its strongest part."""
    peak = float(guide.max())
    if peak < _FAINTEST:
        return np.zeros(guide.shape, np.bool_)
    strong = guide > min(0.5, 0.6 * peak)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(strong.astype(np.uint8))
    areas = stats[:, cv2.CC_STAT_AREA].astype(np.float64)
    areas[0] = 0
    return np.asarray((areas >= _SMALLEST_PART * areas.max())[labels] & strong, np.bool_)
