"""Small pairs and backgrounds that tests of the training data write to disk."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from matting_core.training.datasets import ImagePair


def write_image(path: Path, picture: np.ndarray) -> Path:
    """Write a grey or RGB uint8 picture, and its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), picture[..., ::-1] if picture.ndim == 3 else picture)
    return path


def disc(hw: tuple[int, int] = (60, 80), radius: float = 18) -> np.ndarray:
    """A soft disc's alpha in the middle, (H, W) float in [0, 1]."""
    y, x = np.mgrid[: hw[0], : hw[1]]
    distance = np.hypot(x + 0.5 - hw[1] / 2, y + 0.5 - hw[0] / 2)
    return np.clip((radius - distance) / 4 + 0.5, 0, 1)


def a_photograph(seed: int, hw: tuple[int, int] = (60, 80)) -> np.ndarray:
    """Something colourful and uneven, (H, W, 3) uint8."""
    coarse = np.random.default_rng(seed).integers(30, 226, (5, 6, 3)).astype(np.uint8)
    return cv2.resize(coarse, (hw[1], hw[0]), interpolation=cv2.INTER_CUBIC)


def write_pair(folder: Path, name: str, seed: int = 0, radius: float = 18) -> ImagePair:
    """A pair in Wisp's own layout: a bright disc on a photograph."""
    alpha = disc(radius=radius)[..., None]
    picture = alpha * (250, 60, 30) + (1 - alpha) * a_photograph(seed)
    return ImagePair(
        write_image(folder / f"{name}_image.png", np.rint(picture).astype(np.uint8)),
        write_image(folder / f"{name}_alpha.png", np.rint(alpha[..., 0] * 255).astype(np.uint8)),
    )


def write_backgrounds(folder: Path, count: int = 3) -> list[Path]:
    """Photographs of different sizes."""
    return [
        write_image(folder / f"b{k}.png", a_photograph(50 + k, (50 + 9 * k, 90 - 8 * k)))
        for k in range(count)
    ]
