"""Cut-outs of pairs with their estimated foreground colours, and photographs.

Foreground colours are estimated with pymatting's multi-level method (Germer et al. 2020, "Fast
Multi-Level Foreground Estimation"), which is run once for a pair and kept on disk.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import cv2
import numpy as np
import numpy.typing as npt
from pymatting import estimate_foreground_ml

from matting_core.errors import MediaError
from matting_core.files import make_folder, write_bytes_atomically
from matting_core.media.color import to_display
from matting_core.media.fingerprint import fingerprint_files
from matting_core.media.stills import read_header, read_mask_image, read_rgb
from matting_core.training.datasets import ImagePair
from matting_core.types import Frame8, Plane, Size

_VERSION = 1
_ALPHA_TOP = 65535


@dataclass(frozen=True, slots=True)
class Cutout:
    """Cut-out of a pair, ready to be placed into other pictures.

    Attributes:
        image: (H, W, 3) uint8 sRGB, the picture as it is.
        alpha: (H, W) uint16, coverage times 65535, which warps quickly and exactly enough.
        foreground: (H, W, 3) uint8 sRGB, straight colours, continued where alpha is 0.
        background: (H, W, 3) uint8 sRGB, what lies behind, continued smoothly below the subject;
            None where the pair holds a foreground only.
    """

    image: Frame8
    alpha: npt.NDArray[np.uint16]
    foreground: Frame8
    background: Frame8 | None

    @property
    def size(self) -> Size:
        """Width and height."""
        return Size(self.alpha.shape[1], self.alpha.shape[0])

    def flip(self) -> Self:
        """Mirror left to right."""
        return type(self)(
            _flip(self.image),
            _flip(self.alpha),
            _flip(self.foreground),
            None if self.background is None else _flip(self.background),
        )


class ForegroundPairs:
    """Cut-outs of pairs by index; the last used stay in memory.

    Args:
        pairs: what to load.
        limit: the longest side in pixels; larger pairs are averaged down.
        cache: the folder for estimated colours; without one they are estimated anew.
        keep: how many stay in memory (20 MB each at 1600 x 1080).
    """

    def __init__(
        self, pairs: Sequence[ImagePair], limit: int, cache: Path | None = None, keep: int = 8
    ) -> None:
        self._pairs, self._limit, self._cache = tuple(pairs), limit, cache
        self._cutout = lru_cache(keep)(self._load)

    def __len__(self) -> int:
        return len(self._pairs)

    def __getitem__(self, index: int) -> Cutout:
        """Load a pair.

        Raises:
            MediaError: a file is gone or damaged, or image and alpha differ in size.
            ExportError: the cache's folder cannot be written.
        """
        return self._cutout(index)

    def _load(self, index: int) -> Cutout:
        pair = self._pairs[index]
        if self._cache is None:
            return make_cutout(pair, self._limit)
        digest = fingerprint_files([pair.image, pair.alpha])
        kind = "f" if pair.foreground_only else "p"
        path = self._cache / f"{digest}-{self._limit}{kind}-v{_VERSION}.npz"
        cutout = _read_stored(path)
        if cutout is None:
            cutout = make_cutout(pair, self._limit)
            make_folder(self._cache)
            write_bytes_atomically(path, _pack(cutout), durable=False)
        return cutout


def make_cutout(pair: ImagePair, limit: int) -> Cutout:
    """Read a pair, limit its longest side and estimate its foreground colours.

    Raises:
        MediaError: a file is gone or damaged, or image and alpha differ in size.
    """
    image, alpha = read_photograph(pair.image), read_mask_image(pair.alpha)
    if image.shape[:2] != alpha.shape:
        raise MediaError(
            f"{pair.image} and {pair.alpha} differ in size; save the alpha at the image's size."
        )
    image, alpha = limit_size(image, limit), np.clip(limit_size(alpha, limit), 0, 1)
    stored = np.rint(alpha * _ALPHA_TOP).astype(np.uint16)
    if pair.foreground_only:
        return Cutout(image, stored, image, None)
    foreground, background = estimate_foreground_ml(
        np.asarray(image / np.float32(255), np.float32), alpha, return_background=True
    )
    return Cutout(image, stored, to_bytes(foreground), to_bytes(background))


def read_photograph(path: Path) -> Frame8:
    """Read a picture as (H, W, 3) uint8 sRGB; scene-linear pictures are encoded.

    Raises:
        MediaError: the file is gone, damaged, or not an image.
    """
    return to_display(read_rgb(path), "linear" if read_header(path).linear else "srgb")


def limit_size(picture: npt.NDArray[Any], limit: int) -> npt.NDArray[Any]:
    """Average a picture down until its longest side is at most `limit`."""
    height, width = picture.shape[:2]
    scale = limit / max(height, width)
    if scale >= 1:
        return picture
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def to_bytes(picture: npt.NDArray[np.floating[Any]]) -> Frame8:
    """Convert values in [0, 1] to uint8, rounded and clipped."""
    return np.asarray(np.clip(picture, 0, 1) * 255 + 0.5, np.float32).astype(np.uint8)


def to_floats(picture: Frame8) -> npt.NDArray[np.float32]:
    """Convert uint8 to float32 in [0, 1]."""
    return np.multiply(picture, np.float32(1 / 255), dtype=np.float32)


def alpha_to_floats(alpha: npt.NDArray[np.uint16]) -> Plane:
    """Convert a cutout's alpha to float32 in [0, 1]."""
    return np.multiply(alpha, np.float32(1 / _ALPHA_TOP), dtype=np.float32)


def _flip(picture: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.ascontiguousarray(picture[:, ::-1])


def _pack(cutout: Cutout) -> bytes:
    parts = {"image": cutout.image, "alpha": cutout.alpha, "foreground": cutout.foreground}
    if cutout.background is not None:
        parts["background"] = cutout.background
    file = io.BytesIO()
    np.savez(file, **parts)  # type: ignore[arg-type]
    return file.getvalue()


def _read_stored(path: Path) -> Cutout | None:
    """Read a stored cut-out; None if the file is missing or damaged, and must be made again."""
    try:
        # opened here because numpy leaves a damaged file open
        with path.open("rb") as file, np.load(file) as parts:
            background = parts.get("background")
            return Cutout(parts["image"], parts["alpha"], parts["foreground"], background)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
