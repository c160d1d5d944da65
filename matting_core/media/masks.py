"""Mask images of documents: grey 8-bit PNG bytes of the frame's size."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.errors import InputError, MediaError
from matting_core.media.stills import read_mask_image
from matting_core.types import Plane, Size

MASK_THRESHOLD = 0.005
"""Of full scale, strict; what SAM2Matting uses for an initial mask from a file (ENGINE.md 1)."""


def encode_mask(mask: Plane) -> bytes:
    """Pack an (H, W) float32 mask in [0, 1] as PNG bytes, 8 bits a pixel."""
    return encode_gray(np.rint(np.clip(mask, 0, 1) * 255).astype(np.uint8))


def encode_gray(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Pack (H, W) uint8 as PNG bytes."""
    ok, data = cv2.imencode(".png", pixels)
    if not ok:
        raise InputError("The mask could not be encoded; make it smaller.")
    return bytes(data.tobytes())


def decode_mask(png: bytes, size: Size) -> Plane:
    """Unpack PNG bytes to an (H, W) float32 mask in [0, 1].

    Raises:
        InputError: the bytes are damaged or the mask is not of the frame's size.
    """
    return np.asarray(decode_gray(png, size), np.float32) / np.float32(255)


def decode_gray(png: bytes, size: Size) -> npt.NDArray[np.uint8]:
    """Unpack PNG bytes to (H, W) uint8; raises as `decode_mask`."""
    pixels = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE) if png else None
    if pixels is None:
        raise InputError("A mask in the project is damaged; paint or import it again.")
    if pixels.shape != size.hw:
        raise InputError(
            f"A mask is {pixels.shape[1]} x {pixels.shape[0]}, but the clip is "
            f"{size.width} x {size.height}; use a mask of the clip's size."
        )
    return np.asarray(pixels, np.uint8)


def load_mask_png(path: Path, size: Size) -> bytes:
    """Read a mask image and pack it for a `MaskPrompt`; values above 0.005 count as inside.

    Raises:
        InputError: the file cannot be read, has another size, or is empty of any object.
    """
    try:
        mask = read_mask_image(path)
    except MediaError as error:
        raise InputError(str(error)) from error
    if mask.shape != size.hw:
        raise InputError(
            f"The mask {path} is {mask.shape[1]} x {mask.shape[0]}, but the clip is "
            f"{size.width} x {size.height}; use a mask of the clip's size."
        )
    inside = mask > MASK_THRESHOLD
    if not inside.any():
        raise InputError(f"The mask {path} is all black; paint the object white.")
    return encode_mask(inside.astype(np.float32))
