"""Closed-form matting of one tile (Levin, Lischinski and Weiss 2008), pulled to the guide."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import scipy.sparse
from pymatting.laplacian.cf_laplacian import cf_laplacian
from pymatting.preconditioner.ichol import ichol
from scipy.sparse.linalg import LinearOperator, cg

from matting_core.types import Frame8, Plane

EPSILON = 1e-5
_TOLERANCE = 1e-4
_MOST_STEPS = 200
_DISCARDED = 1e-3
_ROOM = 100

_Preconditioner = Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]


def solve_tile(rgb: Frame8, trimap: Plane, guide: Plane, pull: Plane) -> Plane:
    """Return alpha of a tile, (h, w) float32 in [0, 1]; known pixels keep the trimap's value.

    Minimises a' L a + sum w (a - g)^2 over the unknown pixels, L the matting Laplacian (eq. 12 of
    the paper) with 3x3 windows. The second term is not in the paper: it makes flat regions, where
    L says nothing, fall to the guide g, and keeps the system well conditioned.

    Args:
        rgb: (h, w, 3) uint8 sRGB.
        trimap: (h, w) float32: 0 outside, 1 inside, anything between is unknown.
        guide: (h, w) float32 in [0, 1], the soft mask.
        pull: (h, w) float32 > 0, the weight w of the guide at each pixel.
    """
    known = (trimap == 0) | (trimap == 1)
    if known.all():
        return trimap.copy()
    unknown = ~known.ravel()
    laplacian = cf_laplacian(rgb / 255.0, epsilon=EPSILON, is_known=known)
    rows = laplacian[unknown]
    weight = pull.ravel()[unknown].astype(np.float64)
    system = rows[:, unknown] + scipy.sparse.diags(weight)
    right = weight * guide.ravel()[unknown] - rows[:, ~unknown] @ trimap.ravel()[~unknown]
    alpha = trimap.astype(np.float64).ravel()
    alpha[unknown] = _solve(system.tocsr(), right, guide.ravel()[unknown])
    return np.asarray(np.clip(alpha, 0, 1).reshape(trimap.shape), np.float32)


def _solve(
    system: scipy.sparse.csr_matrix, right: npt.NDArray[np.float64], start: Plane
) -> npt.NDArray[np.float64]:
    """Solve by conjugate gradients from the guide, to a tolerance below what the eye sees."""
    count = len(right)
    nearly = LinearOperator((count, count), matvec=_preconditioner(system), dtype=np.float64)
    begin = start.astype(np.float64)
    solution, _ = cg(system, right, x0=begin, rtol=_TOLERANCE, maxiter=_MOST_STEPS, M=nearly)
    return np.asarray(solution)


def _preconditioner(system: scipy.sparse.csr_matrix) -> _Preconditioner:
    """Make an incomplete Cholesky preconditioner; where that fails, the diagonal's."""
    count = system.shape[0]
    try:
        # pymatting prints a warning when it has to shift the diagonal; that is no news to a user.
        with contextlib.redirect_stdout(io.StringIO()):
            factor: _Preconditioner = ichol(
                system, discard_threshold=_DISCARDED, max_nnz=_ROOM * count + 1024
            )
    except ValueError:
        diagonal = np.maximum(system.diagonal(), _TOLERANCE)
        return lambda residual: residual / diagonal
    return factor
