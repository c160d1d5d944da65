"""Folders of small mattes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np

HW = (24, 32)


def disc(x: float, hw: tuple[int, int] = HW) -> np.ndarray:
    """A soft disc, (H, W) float32 in [0, 1]."""
    rows, columns = np.mgrid[: hw[0], : hw[1]]
    away = np.hypot(rows - hw[0] / 2, columns - x)
    return np.clip((hw[0] / 3 - away) / 4 + 0.5, 0, 1).astype(np.float32)


def write_alpha(path: Path, alpha: np.ndarray, top: int = 255) -> Path:
    """A grey PNG of 8 (top 255) or 16 bits (top 65535)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    levels = np.rint(alpha * top).astype(np.uint8 if top == 255 else np.uint16)
    assert cv2.imwrite(str(path), levels)
    return path


def write_clip(folder: Path, xs: Iterable[float], prefix: str = "alpha_") -> Path:
    """Discs at the given places, named like Wisp's own files."""
    for frame, x in enumerate(xs):
        write_alpha(folder / f"{prefix}{frame:06d}.png", disc(x))
    return folder


def write_trimap(path: Path, alpha: np.ndarray) -> Path:
    """Unknown (128) where the alpha is soft."""
    trimap = np.where(alpha <= 0, 0, np.where(alpha >= 1, 1, 128 / 255))
    return write_alpha(path, trimap)
