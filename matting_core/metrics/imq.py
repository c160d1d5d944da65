"""IMQ: instance matting quality of a frame with several mattes.

Sun et al., "Human instance matting via mutual guidance and multi-instance refinement", CVPR 2022
(InstMatt), section 4, and its code, github.com/nowsyn/InstMatt, evaluation/IMQ.py. Predicted and
true mattes are matched one to one so that the sum of their IoUs is largest; a match counts (TP)
from an IoU of 0.5 on. Predictions and truths left over are FP and FN, and over all frames

    IMQ_e = 1e2 sum over TP of S_e / (TP + FP / 2 + FN / 2),   S_e = 1 - min(10 E_e, 1)

where E_e is the error's mean over the pixels where either matte is visible, for e in mad, mse, grad
and conn, none of them scaled.

Deviations: E divides by the number of pixels, not by one more; below half a level of 8 bits a matte
counts as invisible, as it was in their files; a matte that is invisible all over is absent; among
matches of one sum of IoUs, where theirs goes by the files' order, the smaller E_mad decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from matting_core.metrics.alpha import absolute_error, squared_error
from matting_core.metrics.connectivity import connectivity_error
from matting_core.metrics.gradient import gradient_error
from matting_core.metrics.tally import Alpha, ErrorMap, Mask, check_same_size, tally

_VISIBLE = 0.5 / 255
_ENOUGH = 0.5
_WEIGHT = 10.0
_TIE_BREAK = 1e-6
_ERRORS: tuple[Callable[[Alpha, Alpha], ErrorMap], ...] = (
    absolute_error,
    squared_error,
    gradient_error,
    connectivity_error,
)


@dataclass(frozen=True, slots=True)
class ImqState:
    """State of IMQ: matches so far; states of several frames add up.

    Attributes:
        similarity: sums of S over the matches, for mad, mse, grad and conn.
        matched: TP.
        missed: FP + FN.
    """

    similarity: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    matched: int = 0
    missed: int = 0

    def __add__(self, other: ImqState) -> ImqState:
        mad, mse, grad, conn = (
            one + two for one, two in zip(self.similarity, other.similarity, strict=True)
        )
        return ImqState(
            (mad, mse, grad, conn), self.matched + other.matched, self.missed + other.missed
        )


def imq_update(preds: Sequence[Alpha], truths: Sequence[Alpha]) -> ImqState:
    """Match one frame's mattes, all (H, W) in [0, 1], in any order.

    Raises:
        InputError: the mattes are not of one size.
    """
    found, wanted = _find_visible(preds), _find_visible(truths)
    state = ImqState(missed=len(found) + len(wanted))
    for i, j in _match(found, wanted):
        (pred, seen), (truth, there) = found[i], wanted[j]
        mad, mse, grad, conn = (
            1.0 - min(_WEIGHT * tally(error(pred, truth), seen | there).mean, 1.0)
            for error in _ERRORS
        )
        state += ImqState((mad, mse, grad, conn), matched=1, missed=-2)
    return state


def imq_compute(state: ImqState) -> tuple[float, float, float, float] | None:
    """IMQ x 1e2 by mad, mse, grad and conn; None if there never was a matte.

    >>> imq_compute(ImqState((1.0, 1.0, 0.5, 0.5), matched=1, missed=2))
    (50.0, 50.0, 25.0, 25.0)
    """
    weight = state.matched + state.missed / 2
    if not weight:
        return None
    mad, mse, grad, conn = (100 * total / weight for total in state.similarity)
    return mad, mse, grad, conn


def best_assignment(gains: ErrorMap) -> list[tuple[int, int]]:
    """Pair rows with columns of an (n, m) matrix, min(n, m) pairs with the largest sum.

    Kuhn's Hungarian method with shortest augmenting paths (Jonker and Volgenant 1987), n^2 m steps.

    >>> best_assignment(np.array([[0.9, 0.8], [0.7, 0.1]]))
    [(0, 1), (1, 0)]
    """
    if gains.shape[0] > gains.shape[1]:
        return sorted((i, j) for j, i in best_assignment(gains.T))
    rows, columns = gains.shape
    row_price, column_price = np.zeros(rows), np.zeros(columns)
    owner = np.full(columns, -1)
    for start in range(rows):
        distance = np.full(columns, np.inf)
        came_from = np.full(columns, -1)
        visited = np.zeros(columns, np.bool_)
        row, column, so_far = start, -1, 0.0
        while row >= 0:
            step = so_far - gains[row] - row_price[row] - column_price
            shorter = ~visited & (step < distance)
            distance[shorter], came_from[shorter] = step[shorter], column
            column = int(np.argmin(np.where(visited, np.inf, distance)))
            so_far, row = float(distance[column]), int(owner[column])
            visited[column] = True
        row_price[start] += so_far
        done = visited & (owner >= 0)
        row_price[owner[done]] += so_far - distance[done]
        column_price[visited] += distance[visited] - so_far
        while column >= 0:
            before = int(came_from[column])
            owner[column] = start if before < 0 else owner[before]
            column = before
    return sorted((int(owner[j]), int(j)) for j in np.flatnonzero(owner >= 0))


def _find_visible(alphas: Sequence[Alpha]) -> list[tuple[Alpha, Mask]]:
    """Return the mattes that are not empty, with where they are visible."""
    masks = [np.asarray(alpha >= _VISIBLE, np.bool_) for alpha in alphas]
    return [(alpha, mask) for alpha, mask in zip(alphas, masks, strict=True) if mask.any()]


def _match(
    found: Sequence[tuple[Alpha, Mask]], wanted: Sequence[tuple[Alpha, Mask]]
) -> list[tuple[int, int]]:
    if not (found and wanted):
        return []
    overlaps = np.array(
        [[_measure_overlap(seen, there) for _, there in wanted] for _, seen in found]
    )
    errors = [
        [tally(absolute_error(pred, truth), seen | there).mean for truth, there in wanted]
        for pred, seen in found
    ]
    gains = overlaps - _TIE_BREAK * np.array(errors)
    return [(i, j) for i, j in best_assignment(gains) if overlaps[i, j] >= _ENOUGH]


def _measure_overlap(one: Mask, other: Mask) -> float:
    check_same_size(one, other)
    return int(np.count_nonzero(one & other)) / int(np.count_nonzero(one | other))
