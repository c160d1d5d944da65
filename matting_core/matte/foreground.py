"""Foreground colours of an object along its edges, where the picture mixes in the background."""

from __future__ import annotations

import numpy as np

from matting_core.types import Frame8, Plane

_MARGIN = 16
"""Pixels around the object that the estimate looks at: the background's colours."""


def estimate_foreground(rgb: Frame8, alpha: Plane) -> Frame8:
    """Estimate the colours that the object has before it is mixed with its background.

    Germer, Uelwer, Conrad and Harmeling 2020, "Fast multi-level foreground estimation", with
    pymatting's own settings, over the part of the picture where there is an object.

    Args:
        rgb: (H, W, 3) uint8 sRGB. The estimate is made in display values, as the mattes are.
        alpha: (H, W) float32 in [0, 1].

    Returns:
        (H, W, 3) uint8 sRGB, straight. Where alpha is 1 it is the picture, to the bit; far from
        the object it is the picture too, which nothing should show.
    """
    result = rgb.copy()
    rows, columns = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
    if not len(rows) or not (alpha < 1).any():
        return result
    part = (_span(rows, alpha.shape[0]), _span(columns, alpha.shape[1]))
    from pymatting import estimate_foreground_ml  # takes a second: not for those who never look

    estimate = estimate_foreground_ml(rgb[part] / np.float32(255), alpha[part])
    colours = np.rint(np.clip(estimate, 0, 1) * np.float32(255)).astype(np.uint8)
    mixed = alpha[part] < 1
    result[part][mixed] = colours[mixed]
    return result


def warm_up() -> None:
    """Load and compile what the first estimate needs, which takes seconds."""
    alpha = np.linspace(0, 1, _MARGIN * _MARGIN, dtype=np.float32).reshape(_MARGIN, _MARGIN)
    estimate_foreground(np.zeros((*alpha.shape, 3), np.uint8), alpha)


def _span(used: np.typing.NDArray[np.intp], length: int) -> slice:
    return slice(max(int(used[0]) - _MARGIN, 0), min(int(used[-1]) + _MARGIN + 1, length))
