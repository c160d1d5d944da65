"""Single images through OpenImageIO: PNG, JPEG, TIFF, EXR, DPX and what else it reads."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from OpenImageIO import ImageInput, ImageSpec, geterror

from matting_core.errors import MediaError
from matting_core.media.access import check_readable
from matting_core.media.orientation import Orientation
from matting_core.types import FramePixels, Plane, Size

IMAGE_SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".jpe", ".tif", ".tiff", ".exr", ".dpx", ".cin", ".bmp", ".webp"}
    | {".tga", ".hdr", ".jp2", ".j2k", ".jxl", ".psd", ".ppm", ".pgm", ".pnm", ".sgi", ".gif"}
)
"""Lower-case name endings that are taken for images."""

_LUMA = np.array([0.2126, 0.7152, 0.0722])
_HALF_MAX = float(np.finfo(np.float16).max)
_PNG_END = b"IEND\xaeB`\x82"


@dataclass(frozen=True, slots=True)
class _StoredWindow:
    """Window of the stored pixels in the shown picture (EXR: data and display window)."""

    left: int
    top: int
    size: Size

    @classmethod
    def read(cls, image: ImageInput) -> Self:
        spec = image.spec()
        if image.format_name() != "openexr":
            return cls(0, 0, Size(spec.width, spec.height))
        shown = Size(spec.full_width, spec.full_height)
        return cls(spec.x - spec.full_x, spec.y - spec.full_y, shown)

    def place(self, pixels: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return the shown picture; black where nothing is stored."""
        height, width = pixels.shape[:2]
        if (self.left, self.top, self.size) == (0, 0, (width, height)):
            return pixels
        left, right = np.clip([self.left, self.left + width], 0, self.size.width)
        top, bottom = np.clip([self.top, self.top + height], 0, self.size.height)
        shown = np.zeros((*self.size.hw, pixels.shape[2]), pixels.dtype)
        shown[top:bottom, left:right] = pixels[
            top - self.top : bottom - self.top, left - self.left : right - self.left
        ]
        return shown


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """Header of an image.

    Attributes:
        size: of the shown picture, upright.
        linear: values are scene-linear (float formats).
    """

    size: Size
    linear: bool


def read_header(path: Path) -> ImageHeader:
    """Read an image's header.

    Raises:
        MediaError: the file is gone, empty, or not an image.
    """
    with _open_image(path) as image:
        size = _read_orientation(image).turn_size(_StoredWindow.read(image).size)
        return ImageHeader(size, _choose_type(image) in ("half", "float"))


def read_rgb(path: Path) -> FramePixels:
    """Read an image's colours as they are stored; alpha is dropped, grey is tripled.

    Colours are straight, except in EXR, which stores them premultiplied: they come as over black.
    The result is upright, covers the display window, and is read-only (H, W, 3): uint8; uint16
    for 10 to 32-bit integers (DPX log code values stay log); float16 for floats, clipped to its
    range.

    Raises:
        MediaError: the file is gone, damaged, or not an image.
    """
    with _open_image(path) as image:
        pixels = _read(path, image, _colour_channels(image.spec().channelnames))
    if pixels.dtype == np.float32:
        pixels = np.clip(pixels, -_HALF_MAX, _HALF_MAX).astype(np.float16)
    pixels.flags.writeable = False
    return pixels


def read_mask_image(path: str | os.PathLike[str]) -> Plane:
    """Read any image as a mask: its alpha if there is one that varies, else its luminance.

    Luminance is Rec. 709's weights on the values as stored.

    Returns:
        (H, W) float32 in [0, 1]; NaN counts as 0.

    Raises:
        MediaError: the file is gone, damaged, or not an image.
    """
    path = Path(path)
    with _open_image(path) as image:
        spec = image.spec()
        channels = list(_colour_channels(spec.channelnames))
        alpha = spec.alpha_channel
        pixels = _read(path, image, [*channels, alpha] if alpha >= 0 else channels)
    top = 1.0 if pixels.dtype.kind == "f" else float(np.iinfo(pixels.dtype).max)
    values = pixels.astype(np.float64) / top
    mask = values[..., :3] @ _LUMA
    if alpha >= 0 and values[..., 3].min() != values[..., 3].max():
        mask = values[..., 3]
    return np.asarray(np.clip(np.nan_to_num(mask, nan=0.0), 0, 1), np.float32)


@contextlib.contextmanager
def _open_image(path: Path) -> Iterator[ImageInput]:
    check_readable(path)
    wishes = ImageSpec()
    wishes.attribute("oiio:UnassociatedAlpha", 1)
    image = ImageInput.open(str(path), wishes)
    # an error that nobody fetches is printed by OpenImageIO when the process ends
    geterror()
    if image is None:
        raise MediaError(f"{path} is not an image that can be read; save it again as PNG or EXR.")
    try:
        yield image
    finally:
        image.geterror()
        image.close()


def _choose_type(image: ImageInput) -> str:
    """Return the type to read: "uint8", "uint16", "half" or "float"."""
    stored = str(image.spec().format)
    if stored in ("uint8", "half"):
        return stored
    return "float" if stored in ("float", "double") else "uint16"


def _read_orientation(image: ImageInput) -> Orientation:
    return Orientation.from_exif(image.spec().get_int_attribute("Orientation", 1))


def _colour_channels(names: Sequence[str]) -> tuple[int, int, int]:
    """Find R, G and B by name, at the top or in the first layer that has all three; else grey."""
    by_name = {name.casefold(): k for k, name in enumerate(names)}
    layers = ["", *(name.rpartition(".")[0] + "." for name in by_name if "." in name)]
    for layer in layers:
        for red, green, blue in (("r", "g", "b"), ("red", "green", "blue")):
            if {layer + red, layer + green, layer + blue} <= by_name.keys():
                return by_name[layer + red], by_name[layer + green], by_name[layer + blue]
    grey = by_name.get("y", 0)
    return grey, grey, grey


def _read(path: Path, image: ImageInput, channels: Sequence[int]) -> npt.NDArray[Any]:
    """Return (H, W, len(channels)) upright: uint8, uint16, float16 or float32."""
    _check_png_end(path, image)
    first, last = min(channels), max(channels) + 1
    stored = image.read_image(0, 0, first, last, _choose_type(image))
    if stored is None or image.has_error:
        raise MediaError(f"{path} is damaged and cannot be read; save or copy it again.")
    stored = stored.reshape(*stored.shape[:2], last - first)
    picked = [channel - first for channel in channels]
    if picked != list(range(last - first)):
        stored = stored[..., picked]
    return _read_orientation(image).turn(_StoredWindow.read(image).place(stored))


def _check_png_end(path: Path, image: ImageInput) -> None:
    """Refuse a PNG that is cut short before libpng complains about it on the terminal."""
    if image.format_name() != "png":
        return
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2**12))
        if _PNG_END not in file.read():
            raise MediaError(f"{path} is cut short and cannot be read; save or copy it again.")
