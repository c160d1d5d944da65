"""Backgrounds of the Colour view at a frame's size."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from app.model.look import Backdrop
from matting_core.errors import MattingError, MediaError
from matting_core.media.color import to_display
from matting_core.media.stills import read_header, read_rgb
from matting_core.types import Frame8, Size


class Backdrops:
    """Backgrounds of frame size; the last one is kept. Used on one lane."""

    def __init__(self) -> None:
        self._kept = lru_cache(maxsize=2)(_make)
        self._bad = ""

    def at(self, backdrop: Backdrop, size: Size) -> tuple[Frame8, MattingError | None]:
        """Return the (H, W, 3) picture, and what is wrong with it when that is news.

        An image that cannot be read is told of once, and its colour shown in its place.
        """
        if backdrop.image != self._bad:
            self._bad = ""
        elif self._bad:
            backdrop = Backdrop(backdrop.color)
        try:
            return self._kept(backdrop, size), None
        except MattingError as error:
            self._bad = backdrop.image
            return self._kept(Backdrop(backdrop.color), size), error.with_traceback(None)


def fit_to_cover(picture: Frame8, size: Size) -> Frame8:
    """Scale a picture until it covers a frame, and cut off evenly what is over."""
    height, width = picture.shape[:2]
    scale = max(size.width / width, size.height / height)
    whole = max(size.width, round(width * scale)), max(size.height, round(height * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    scaled = np.asarray(cv2.resize(picture, whole, interpolation=method), np.uint8)
    x, y = (whole[0] - size.width) // 2, (whole[1] - size.height) // 2
    return np.ascontiguousarray(scaled[y : y + size.height, x : x + size.width])


def _make(backdrop: Backdrop, size: Size) -> Frame8:
    if not backdrop.image:
        return np.full((*size.hw, 3), backdrop.color, np.uint8)
    path = Path(backdrop.image)
    try:
        linear = read_header(path).linear
        return fit_to_cover(to_display(read_rgb(path), "linear" if linear else "srgb"), size)
    except MediaError as error:
        raise MediaError(
            f"{path} cannot be the background; choose another image in View > Colour."
        ) from error
