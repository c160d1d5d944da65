"""Guide masks: the real decoder's answers to a training picture, with plausible damage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.types import Plane
from matting_core.windows import bounding_box

if TYPE_CHECKING:
    from matting_core.models.trackers.sam2_tiny_flow.image_model import (
        DecoderPrompt,
        EncodedPicture,
        ImageModel,
    )

_CELL = 4
"""Pixels of the encoded picture for one cell of a mask."""
_LIMIT = 12.0
_CERTAIN = (3.0, 10.0)

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Damage:
    """How often a guide mask is made worse than the decoder's answer to a good box.

    Attributes:
        neighbour: chance of another thing of the picture being included.
        part: chance of only a part of the subject being found.
        bitten: chance of a piece being cut away, or a blob added, at the outline.
        shifted: chance of the outline being moved, grown or shrunk.
        inverted: chance of the surroundings being taken for the subject.
        coarse: chance of the mask being painted by hand: hard, with a rough outline.
    """

    neighbour: float = 0.05
    part: float = 0.05
    bitten: float = 0.12
    shifted: float = 0.12
    inverted: float = 0.01
    coarse: float = 0.08


def guide_logits(
    model: ImageModel,
    encoded: EncodedPicture,
    alpha: Plane,
    rng: np.random.Generator,
    damage: Damage,
) -> Plane:
    """Return mask logits of a subject as a tracker might give them, (S/4, S/4) float32.

    Args:
        model: the image model that encoded the picture.
        encoded: the picture's features, side S.
        alpha: (S, S) float32, the true alpha on the encoded picture.
        rng: decides about prompts and damage.
        damage: how often which damage is done.

    Raises:
        ValueError: alpha is 0 everywhere.
    """
    logits = model.decode(encoded, _draw_prompt(alpha, rng))[0].logits
    small = cv2.resize(alpha, logits.shape[::-1], interpolation=cv2.INTER_AREA) > 0.5
    ways: tuple[tuple[float, Callable[[Plane], Plane]], ...] = (
        (damage.part, lambda m: _reduce_to_part(model, encoded, small, rng, m)),
        (damage.neighbour, lambda m: _add_neighbour(model, encoded, small, rng, m)),
        (damage.bitten, lambda m: _bite_outline(m, rng)),
        (damage.shifted, lambda m: _shift_outline(m, rng)),
        (damage.coarse, lambda m: _paint_by_hand(m, rng)),
        (damage.inverted, lambda m: -m),
    )
    for chance, change in ways:
        if rng.random() < chance:
            logits = change(logits)
    return np.asarray(np.clip(logits, -_LIMIT, _LIMIT), np.float32)


def _draw_prompt(alpha: Plane, rng: np.random.Generator) -> DecoderPrompt:
    """Draw a box as a person does, sometimes with a click, around the opaque or visible part."""
    from matting_core.models.trackers.sam2_tiny_flow.image_model import DecoderPrompt

    side = alpha.shape[0]
    top = float(alpha.max()) or 1.0
    bounds = bounding_box(alpha > rng.choice([0.05, 0.3, 0.5])) or bounding_box(alpha >= top)
    if bounds is None:
        raise ValueError("alpha is empty")
    spread = 0.015 * max(bounds.width, bounds.height) + 2
    x0, y0, x1, y1 = np.clip(np.array(bounds) + rng.normal(0, spread, 4), 0, side)
    box = (float(min(x0, x1 - 4)), float(min(y0, y1 - 4)), float(x1), float(y1))
    inside = alpha > 0.5
    if rng.random() < 0.25 and inside.any():
        return DecoderPrompt([(_draw_place(inside, rng), 1)], box)
    return DecoderPrompt(box=box)


def _draw_place(mask: Mask, rng: np.random.Generator, cell: float = 1.0) -> tuple[float, float]:
    ys, xs = np.nonzero(mask)
    at = rng.integers(len(ys))
    return (float(xs[at]) + 0.5) * cell, (float(ys[at]) + 0.5) * cell


def _reduce_to_part(
    model: ImageModel, encoded: EncodedPicture, small: Mask, rng: np.random.Generator, logits: Plane
) -> Plane:
    """Take the decoder's answer to one click, where that covers a fifth of the subject at least."""
    from matting_core.models.trackers.sam2_tiny_flow.image_model import DecoderPrompt

    if not small.any():
        return logits
    answers = model.decode(
        encoded, DecoderPrompt([(_draw_place(small, rng, _CELL), 1)]), several=True
    )
    parts = [
        answer.logits
        for answer in answers
        if 0.2 * small.sum() < (inside := answer.logits > 0).sum() < 1.3 * small.sum()
        and (inside & small).sum() > 0.7 * inside.sum()
    ]
    return parts[rng.integers(len(parts))] if parts else logits


def _add_neighbour(
    model: ImageModel, encoded: EncodedPicture, small: Mask, rng: np.random.Generator, logits: Plane
) -> Plane:
    """Join the mask with the decoder's answer to a click beside the subject."""
    from matting_core.models.trackers.sam2_tiny_flow.image_model import DecoderPrompt

    near = cv2.dilate(small.astype(np.uint8), np.ones((25, 25), np.uint8)) > 0
    beside = near & ~small
    if not beside.any():
        return logits
    other = model.decode(
        encoded, DecoderPrompt([(_draw_place(beside, rng, _CELL), 1)]), several=True
    )
    chosen = other[rng.integers(len(other))].logits
    if (chosen > 0).sum() > 0.6 * max(1, small.sum()):
        return logits
    return np.maximum(logits, chosen)


def _bite_outline(logits: Plane, rng: np.random.Generator) -> Plane:
    """Cut blobs from the outline, or add them."""
    result = logits.copy()
    for _ in range(rng.integers(1, 4)):
        inside = (result > 0).astype(np.uint8)
        outline = cv2.morphologyEx(inside, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
        if not outline.any():
            return result
        centre = _draw_place(outline, rng)
        extent = float(np.sqrt(max(inside.sum(), 16)))
        axes = rng.uniform(0.06, 0.3, 2) * extent + 1
        blob = np.zeros(inside.shape, np.uint8)
        middle = (int(centre[0]), int(centre[1]))
        radii = (int(axes[0]) + 1, int(axes[1]) + 1)
        cv2.ellipse(blob, middle, radii, float(rng.uniform(0, 180)), 0, 360, 1, -1)
        strength = float(rng.uniform(*_CERTAIN))
        away = rng.random() < 0.6
        soft = cv2.GaussianBlur(blob.astype(np.float32), (0, 0), 1.0)
        result = result * (1 - soft) + (-strength if away else strength) * soft
    return np.asarray(result, np.float32)


def _shift_outline(logits: Plane, rng: np.random.Generator) -> Plane:
    """Move the mask by up to 4% of its size, and grow or shrink its outline as much."""
    extent = float(np.sqrt(max((logits > 0).sum(), 16)))
    dx, dy = rng.normal(0, 0.02 * extent, 2)
    moved = cv2.warpAffine(
        logits,
        np.array([[1, 0, dx], [0, 1, dy]], np.float32),
        logits.shape[::-1],
        borderMode=cv2.BORDER_REPLICATE,
    )
    reach = int(rng.integers(0, max(2, int(0.04 * extent))))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    change = cv2.dilate if rng.random() < 0.5 else cv2.erode
    return np.asarray(change(moved, kernel), np.float32)


def _paint_by_hand(logits: Plane, rng: np.random.Generator) -> Plane:
    """Make a hard mask with a wobbling outline, as painted by hand or read from a file."""
    wobble = rng.normal(0, 1, logits.shape).astype(np.float32)
    sigma = float(rng.uniform(1.5, 5))
    wobble = cv2.GaussianBlur(wobble, (0, 0), sigma) * sigma * 2 * float(rng.uniform(0.2, 1.5))
    soft = cv2.GaussianBlur((logits > 0).astype(np.float32), (0, 0), 2.0)
    hard = (soft + 0.25 * wobble > 0.5).astype(np.float32)
    return np.asarray((cv2.GaussianBlur(hard, (0, 0), 0.6) - 0.5) * 12, np.float32)
