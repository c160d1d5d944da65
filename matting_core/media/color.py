"""Colour conversion from a source's pixels to display values, for screens and models.

Every code of the source's type is looked up in a table, so rounding is exact and as quick for
scene-linear half floats as for integers.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from matting_core.types import Frame8, FramePixels, Transfer


def to_display(pixels: FramePixels, transfer: Transfer) -> Frame8:
    """Return (H, W, 3) uint8 sRGB, C-contiguous; 8-bit sRGB is passed on without a copy.

    Linear values are clipped to [0, 1] and go through the sRGB curve; NaN becomes 0.
    Other colour spaces (BT.2020, PQ, log) are taken as if they were sRGB.
    """
    if pixels.dtype == np.uint8 and transfer == "srgb":
        return np.ascontiguousarray(pixels)
    return _look_up(_display_table(pixels.dtype.name, transfer), pixels)


def srgb_from_linear(linear: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Encode values in [0, 1] with the sRGB curve (IEC 61966-2-1, 5.2).

    >>> float(srgb_from_linear(np.array(0.5)).round(4))
    0.7354
    """
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.power(linear, 1 / 2.4) - 0.055)


def _look_up(table: npt.NDArray[Any], pixels: FramePixels) -> npt.NDArray[Any]:
    codes = np.ascontiguousarray(pixels)
    found: npt.NDArray[Any] = table[codes.view(np.uint8 if codes.itemsize == 1 else np.uint16)]
    return found


@cache
def _display_table(dtype: str, transfer: Transfer) -> Frame8:
    return np.floor(_values(dtype, transfer) * 255 + 0.5).astype(np.uint8)


def _values(dtype: str, transfer: Transfer) -> npt.NDArray[np.float64]:
    """Return the display value in [0, 1] of every code of a type."""
    if dtype == "uint8":
        values = np.arange(256) / 255
    elif dtype == "uint16":
        values = np.arange(65536) / 65535
    elif dtype == "float16":
        half = np.arange(65536, dtype=np.uint16).view(np.float16).astype(np.float64)
        values = np.clip(np.nan_to_num(half, nan=0.0), 0.0, 1.0)
    else:
        raise TypeError(f"pixels must be uint8, uint16 or float16, not {dtype}")
    return srgb_from_linear(values) if transfer == "linear" else values
