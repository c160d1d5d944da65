"""Tiny data in the layout of `wisp bench quality`, and heads whose answers are known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from matting_core.evaluation.quality.cases import CaseSet, make_still_case
from matting_core.evaluation.quality.methods import Method
from matting_core.metrics.names import DEFAULT_METRICS
from matting_core.models.heads.base import Guide
from matting_core.types import Frame8, Matte
from tests.clips import Encoding, write_clip
from tests.core.evaluation.helpers import disc, write_alpha, write_trimap

HW = (24, 32)
EXACT = Encoding(codec="libx264rgb", pixel_format="rgb24", options={"qp": "0", "threads": "1"})


class EvenHead:
    """Alpha is one value everywhere."""

    def __init__(self, value: float) -> None:
        self._value = value

    def matte(self, rgb: Frame8, guide: Guide) -> Matte:
        alpha = np.full(rgb.shape[:2], self._value, np.float32)
        return Matte(alpha, np.zeros_like(alpha), np.ones_like(alpha))


def even_row(name: str, value: float) -> Method:
    """A row of `EvenHead`."""
    return Method(name, f"all {value:g}", lambda _device, _weights: EvenHead(value))


def grey(level: float, hw: tuple[int, int] = HW) -> np.ndarray:
    """A plane of one value."""
    return np.full(hw, level, np.float32)


def still_set(*truths: np.ndarray) -> CaseSet:
    """Black pictures called a, b, ... with these truths."""
    black = np.zeros((*HW, 3), np.uint8)
    cases = [make_still_case(chr(97 + k), black, truth) for k, truth in enumerate(truths)]
    return CaseSet("some", "Some", DEFAULT_METRICS[:5], len(cases), True, lambda: iter(cases))


def write_photos(data: Path, *names: str) -> Path:
    """Photos of discs with alpha and trimap."""
    folder = data / "eval" / "alphamatting"
    for name in names:
        alpha = disc(16)
        write_alpha(folder / "image" / f"{name}.png", np.repeat(alpha[..., None], 3, 2))
        write_alpha(folder / "alpha" / f"{name}.png", alpha)
        write_trimap(folder / "trimap" / f"{name}.png", alpha)
    return data


def write_videos(data: Path, frames: int = 3, hw: tuple[int, int] = HW) -> Path:
    """A clip called `clip` with a disc that moves by two pixels a frame."""
    folder = data / "eval" / "sav_pseudo" / "clip"
    folder.mkdir(parents=True, exist_ok=True)
    alphas = [disc(14 + 2 * k, hw) for k in range(frames)]
    _write(folder / "rgb.mp4", alphas, lambda alpha: 40 + 150 * alpha)
    _write(folder / "mask.mp4", alphas, lambda alpha: 255.0 * (alpha > 0.5))
    _write(folder / "alpha.mp4", alphas, lambda alpha: 255 * alpha)
    return data


def _write(path: Path, alphas: list[np.ndarray], paint: Callable[[np.ndarray], np.ndarray]) -> None:
    pictures = [np.repeat(np.rint(paint(a))[..., None], 3, 2).astype(np.uint8) for a in alphas]
    write_clip(path, pictures, (pictures[0].shape[1], pictures[0].shape[0]), EXACT)
