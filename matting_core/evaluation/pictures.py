"""Pictures of the report: small, and embedded in the page."""

from __future__ import annotations

import base64
import math
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

import cv2
import numpy as np

from matting_core.errors import ExportError, InputError
from matting_core.evaluation.folders import FramePair, frame_number, images_by_name
from matting_core.media.color import to_display
from matting_core.media.opening import open_source
from matting_core.media.source import FrameSource
from matting_core.types import Frame8, Plane

_WIDTH, _HEIGHT = 480, 420
_JPEG_QUALITY = 88
_TOO_OPAQUE = np.array((255, 112, 32), np.float32)
_TOO_CLEAR = np.array((48, 144, 255), np.float32)


class InputPictures:
    """Frames that were matted, found by name in a folder, else by number in a clip.

    A name's number at its end is the frame's index, as `wisp matte` numbers its files.
    """

    def __init__(self, path: Path) -> None:
        """Open the clip or folder.

        Raises:
            MediaError: it cannot be read.
        """
        self._path = path
        self._files = images_by_name(path) if path.is_dir() else {}
        self._clip: FrameSource | None = None
        if not path.is_dir():
            self._clip = open_source(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._clip is not None:
            self._clip.close()

    def read(self, pair: FramePair) -> Frame8:
        """Return the frame of a pair, (H, W, 3) uint8 sRGB.

        Raises:
            InputError: there is no such frame.
            MediaError: it cannot be read.
        """
        file = self._files.get(pair.name) or self._files.get(pair.stem)
        if file is not None:
            with closing(open_source(file)) as still:
                return to_display(still.read(0), still.transfer)
        if self._clip is None:
            self._clip = open_source(self._path)
        number = frame_number(pair.stem)
        if number is None or number >= len(self._clip):
            raise InputError(
                f"{self._path} has no frame for {pair.name}; name its files like the alphas, "
                "or number the alphas by the clip's frames from 0."
            )
        return to_display(self._clip.read(number), self._clip.transfer)


def embed_photo(rgb: Frame8) -> str:
    """Return (H, W, 3) uint8 sRGB as a small JPEG in a data URL."""
    small = cv2.resize(rgb, _small(rgb.shape), interpolation=cv2.INTER_AREA)
    return _embed(".jpg", small[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])


def embed_alpha(alpha: Plane) -> str:
    """Return (H, W) in [0, 1] as a small grey PNG in a data URL."""
    small = cv2.resize(alpha, _small(alpha.shape), interpolation=cv2.INTER_AREA)
    return _embed(".png", np.rint(small * 255).astype(np.uint8), [])


def embed_error(pred: Plane, truth: Plane) -> str:
    """Return the difference of two (H, W) alphas as a small PNG in a data URL.

    Black is right, orange too opaque, blue too clear; the brightness is the error's square root,
    so that small errors show. Of the pixels that become one, the worst is drawn.
    """
    error = pred.astype(np.float32) - truth
    too_opaque, too_clear = (_worst(np.maximum(side, 0)) for side in (error, -error))
    opaque_wins = (too_opaque >= too_clear)[..., None]
    colour = np.where(opaque_wins, _TOO_OPAQUE, _TOO_CLEAR)
    brightness = np.sqrt(np.maximum(too_opaque, too_clear))[..., None]
    picture = np.rint(np.clip(brightness, 0, 1) * colour).astype(np.uint8)
    return _embed(".png", picture[..., ::-1], [])


def _worst(error: Plane) -> Plane:
    """Shrink (H, W) to the page's size by the maximum over what becomes one pixel."""
    size = _small(error.shape)
    block = (math.ceil(error.shape[0] / size[1]), math.ceil(error.shape[1] / size[0]))
    spread = cv2.dilate(error, np.ones(block, np.uint8))
    return np.asarray(cv2.resize(spread, size, interpolation=cv2.INTER_NEAREST_EXACT), np.float32)


def _small(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return (width, height) of the picture in the page, never larger than it is."""
    height, width = shape[:2]
    scale = min(1.0, _WIDTH / width, _HEIGHT / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _embed(kind: str, pixels: Frame8, options: list[int]) -> str:
    ok, data = cv2.imencode(kind, pixels, options)
    if not ok:
        raise ExportError("A picture of the report could not be encoded; try smaller alphas.")
    name = "jpeg" if kind == ".jpg" else "png"
    return f"data:image/{name};base64,{base64.b64encode(data.tobytes()).decode('ascii')}"
