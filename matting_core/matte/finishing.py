"""Finishing of a matte: levels, dots and holes, grow or shrink, feather, shapes.

The order, and why:

1. Levels first: haze and grey holes that they make clean are no longer there to be judged.
2. Dots and holes next, while areas are still those of the matte that the user looks at; grown or
   feathered ones would have other sizes, or would have run into the object.
3. Grow or shrink before feathering: moving an edge keeps its width, so the feather that was asked
   for is the feather that comes out.
4. Shapes last, one after the other: what was drawn counts exactly, with its own feather, and
   nothing after it moves it; where two overlap, the later one counts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from matting_core.document.finishing import Finishing, FinishingValues, Parameter
from matting_core.matte.cleaning import fill_holes, remove_dots
from matting_core.matte.feathering import feather
from matting_core.matte.growing import grow
from matting_core.matte.shape_masks import apply_shape
from matting_core.types import Plane

_LEAST_SPAN = 1e-3
_LEAST_TOTAL = 1e-6


def finish(alpha: Plane, finishing: Finishing, frame: int) -> Plane:
    """Return the finished matte of a frame; where nothing is to be done, `alpha` itself.

    Args:
        alpha: (H, W) float32 in [0, 1], as the head made it; stays untouched.
        finishing: the object's.
        frame: whose matte it is, since the values are keyframed.
    """
    return apply_values(alpha, finishing.values_on(frame))


def apply_values(alpha: Plane, values: FinishingValues) -> Plane:
    """Return the matte finished with the values of its frame."""
    alpha = apply_levels(
        alpha, values[Parameter.BLACK], values[Parameter.WHITE], values[Parameter.GAMMA]
    )
    alpha = remove_dots(alpha, values[Parameter.DOTS])
    alpha = fill_holes(alpha, values[Parameter.HOLES])
    alpha = grow(alpha, values[Parameter.GROW])
    alpha = feather(alpha, values[Parameter.FEATHER])
    for shape in values.shapes:
        alpha = apply_shape(alpha, shape)
    return alpha


def apply_levels(alpha: Plane, black: float, white: float, gamma: float) -> Plane:
    """Stretch [black, white] over [0, 1], then raise to 1 / gamma.

    A white at or below the black gives a hard matte, cut at the black.
    """
    if (black, white) != (0.0, 1.0):
        span = max(white - black, _LEAST_SPAN)
        stretched = (alpha - np.float32(black)) * np.float32(1 / span)
        alpha = np.asarray(np.clip(stretched, 0, 1), np.float32)
    if gamma != 1.0:
        alpha = np.asarray(np.power(alpha, np.float32(1 / gamma)), np.float32)
    return alpha


def share_alpha(
    alphas: Sequence[Plane], locked: Collection[int] = (), full_scale: int | None = None
) -> list[Plane]:
    """Scale mattes down together where their sum exceeds 1, so that it is 1 there.

    Locked mattes stay, and the others share what these leave. Only where locked ones exceed 1 by
    themselves are they scaled down to it, among themselves; the others get nothing there.

    Args:
        alphas: each (H, W) float32 in [0, 1]; stay untouched, and are returned themselves where
            there is room for all of them.
        locked: which of them are locked, by position.
        full_scale: of the whole numbers that they are going to be written as: they are rounded to
            these, and where that would make a sum exceed full scale, the last ones give way.
    """
    if len(alphas) < 2:
        return list(alphas)
    result = list(alphas)
    room = np.ones_like(alphas[0])
    free = [number for number in range(len(alphas)) if number not in locked]
    for group in (sorted(locked), free):
        fitted = _fit_to_room([alphas[number] for number in group], room)
        for number, alpha in zip(group, fitted, strict=True):
            result[number] = alpha
            room = np.maximum(room - alpha, np.float32(0))
    return (
        result
        if full_scale is None
        else _round_to_levels(result, [*sorted(locked), *free], full_scale)
    )


def _fit_to_room(alphas: list[Plane], room: Plane) -> list[Plane]:
    """Scale mattes down together where there is no room for their sum."""
    total = np.sum(alphas, axis=0, dtype=np.float32)
    if np.all(total <= room):
        return alphas
    scale = np.minimum(room / np.maximum(total, np.float32(_LEAST_TOTAL)), np.float32(1))
    return [np.asarray(alpha * scale, np.float32) for alpha in alphas]


def _round_to_levels(alphas: list[Plane], order: Sequence[int], full_scale: int) -> list[Plane]:
    """Round mattes to levels; later ones in the order get no more than is left."""
    result = list(alphas)
    left = np.full(alphas[0].shape, full_scale, np.float32)
    for number in order:
        levels = np.minimum(np.rint(alphas[number] * np.float32(full_scale)), left)
        left = left - levels
        result[number] = np.asarray(levels / np.float32(full_scale), np.float32)
    return result
