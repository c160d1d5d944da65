"""Alphas for hypothesis: small, with plenty of exact levels and of soft ones."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hn

HW = (6, 8)
_LEVELS = st.sampled_from([0.0, 0.0, 0.1, 0.25, 0.3, 0.5, 0.7, 0.9, 1.0, 1.0])


def alphas() -> st.SearchStrategy[np.ndarray]:
    """(6, 8) float32 in [0, 1]."""
    return hn.arrays(np.float32, HW, elements=_LEVELS | st.floats(0, 1, width=32))


def masks() -> st.SearchStrategy[np.ndarray]:
    """(6, 8) bool."""
    return hn.arrays(bool, HW)


def blobs(seed: int, hw: tuple[int, int] = (60, 80)) -> np.ndarray:
    """A soft random matte, float32 in [0, 1], with flat and steep parts."""
    from scipy import ndimage

    rng = np.random.default_rng(seed)
    field = ndimage.gaussian_filter(rng.standard_normal(hw), 4)
    return np.clip(field / field.std() + 0.5, 0, 1).astype(np.float32)
