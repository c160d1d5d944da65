from __future__ import annotations

import numpy as np
import pytest

from matting_core.media.color import to_display
from tests.tables import table

ALL_CODES = np.arange(65536, dtype=np.uint16)


def _picture(codes: np.ndarray) -> np.ndarray:
    return np.repeat(codes.reshape(256, -1, 1), 3, axis=2)


def _curve(linear: np.ndarray) -> np.ndarray:
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)


def test_eight_bits_pass_unchanged() -> None:
    picture = np.repeat(np.arange(256, dtype=np.uint8).reshape(16, 16, 1), 3, axis=2)
    assert np.array_equal(to_display(picture, "srgb"), picture)


def test_sixteen_bits_round_to_the_nearest() -> None:
    shown = to_display(_picture(ALL_CODES), "srgb")
    exact = _picture(ALL_CODES).astype(np.int64)
    assert np.array_equal(shown, (exact * 255 * 2 + 65535) // (2 * 65535))


def test_linear_half_goes_through_the_srgb_curve() -> None:
    half = _picture(ALL_CODES).view(np.float16)
    shown = to_display(half, "linear")
    linear = np.clip(np.nan_to_num(half.astype(np.float64), nan=0, posinf=1, neginf=0), 0, 1)
    assert np.abs(shown / 255 - _curve(linear)).max() <= 0.5 / 255 + 1e-9


@table(
    ("value", "shown"),
    [(np.nan, 0), (np.inf, 255), (-np.inf, 0), (-1, 0), (2, 255), (0.5, 188), (-0.0, 0)],
)
def test_linear_values_worked_by_hand(value: float, shown: int) -> None:
    assert (to_display(np.full((2, 2, 3), value, np.float16), "linear") == shown).all()


@table("dtype", [np.uint8, np.uint16, np.float16])
def test_results_are_contiguous(dtype: type) -> None:
    turned = np.zeros((4, 6, 3), dtype).transpose(1, 0, 2)[::-1]
    result = to_display(turned, "srgb")
    assert result.shape == (6, 4, 3)
    assert result.flags.c_contiguous


def test_other_types_are_refused() -> None:
    with pytest.raises(TypeError, match="float64"):
        to_display(np.zeros((2, 2, 3)), "srgb")
