"""Asking the decoder in several ways, and telling which answer is the object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from matting_core.models.trackers.sam2_tiny_flow.image_model import (
    Decoded,
    Encoded,
    Hints,
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
    """What the answer should look like; planes are (S/4, S/4) float32 in [0, 1].

    Attributes:
        guide: best guess from flow and memory together.
        remembered: guess from memory alone.
        area: expected area as a fraction of the picture.
    """

    guide: Plane
    remembered: Plane
    area: float


def ask(model: ImageModel, encoded: Encoded, guides: Sequence[Plane]) -> list[list[Decoded]]:
    """Decode (S/4, S/4) guides, each as mask, as mask with box and point, and as box and point.

    Returns:
        Five answers for each guide, the last three from box and point; none for a faint one.
    """
    forms = [_forms(guide, encoded.side) for guide in guides]
    clear = [each for each in forms if each is not None]
    masked = model.decode_each(encoded, [mask for mask, _, _ in clear])
    both = model.decode_each(encoded, [hints for _, hints, _ in clear])
    placed = model.decode_each(encoded, [place for _, _, place in clear], several=True)
    answers = iter([[*a, *b, *c] for a, b, c in zip(masked, both, placed, strict=True)])
    return [[] if each is None else next(answers) for each in forms]


def _forms(guide: Plane, side: int) -> tuple[Hints, Hints, Hints] | None:
    """A guide as mask, as mask with box and point, and as box and point; None if it is faint."""
    main = _main_parts(guide)
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
    return Hints(logits=logits), Hints(points, box, logits), Hints(points, box)


def choose(answers: Sequence[Decoded], expected: Expectation) -> Decoded | None:
    """Return the answer that fits best what flow, memory and size say; None without answers.

    The decoder's own predicted IoU counts little: it stays near 1 on wrong objects too.
    """
    return max(answers, key=lambda answer: _fitness(answer, expected), default=None)


def _fitness(answer: Decoded, expected: Expectation) -> float:
    mask = inside(answer)
    growth = abs(float(np.log((mask.mean() + 1e-4) / (expected.area + 1e-4))))
    return (
        soft_iou(mask, expected.guide)
        + _WEIGHT_MEMORY * soft_iou(mask, expected.remembered)
        + _WEIGHT_PREDICTED * answer.predicted_iou
        - _WEIGHT_AREA * growth
    )


def inside(answer: Decoded) -> Plane:
    """An answer's probability, (S/4, S/4) float32 in [0, 1]."""
    return np.asarray(1 / (1 + np.exp(-answer.logits)), np.float32)


def soft_iou(a: Plane, b: Plane) -> float:
    """Sum of minima over sum of maxima; 1 for equal planes, 0 where nothing overlaps."""
    return float(np.minimum(a, b).sum() / max(1e-6, float(np.maximum(a, b).sum())))


def _main_parts(guide: Plane) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """The guide's inside without crumbs; of a faint guide, its strongest part."""
    peak = float(guide.max())
    if peak < _FAINTEST:
        return np.zeros(guide.shape, np.bool_)
    strong = guide > min(0.5, 0.6 * peak)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(strong.astype(np.uint8))
    areas = stats[:, cv2.CC_STAT_AREA].astype(np.float64)
    areas[0] = 0
    return np.asarray((areas >= _SMALLEST_PART * areas.max())[labels] & strong, np.bool_)
