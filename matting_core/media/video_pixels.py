"""Conversion of a decoder's frames to upright RGB arrays."""

from __future__ import annotations

from typing import Any

import av
import cv2
import numpy as np
import numpy.typing as npt
from av.sidedata.sidedata import Type as SideDataType
from av.video.reformatter import Interpolation, VideoReformatter

from matting_core.media.orientation import Orientation
from matting_core.types import FramePixels

_LUMA_WEIGHTS = {"601": (0.299, 0.114), "709": (0.2126, 0.0722), "2020": (0.2627, 0.0593)}
_LUMA_WEIGHTS |= {"fcc": (0.30, 0.11), "240": (0.212, 0.087)}
# AVColorSpace, which is numbered as in ISO 23091-2
_MATRIX_NAMES = {1: "709", 4: "fcc", 5: "601", 6: "601", 7: "240", 9: "2020", 10: "2020"}
_FULL_RANGE = 2
_DEPTHS = (8, 9, 10, 12, 14, 16)


class FrameConverter:
    """Converter of decoded frames to the arrays of `FrameSource.read`.

    FFmpeg only brings chroma to full size; the matrix is applied here, because its own conversion
    is up to 3 of 255 levels off in its quick form, and makes 65283 of 10-bit white (and garbage of
    bilinear 4:2:0, in FFmpeg 8) in 16-bit RGB.
    """

    def __init__(self) -> None:
        self._reformatter = VideoReformatter()
        # kept, because fresh memory for them would cost as much as the sums
        self._wide = np.empty((0, 0, 3), np.uint16)
        self._product = self._wide

    def convert(self, frame: av.VideoFrame) -> FramePixels:
        """Return (H, W, 3) RGB, upright, read-only.

        uint8 for 8-bit codecs, uint16 (full scale) for deeper ones; alpha is dropped.
        """
        depth = next((d for d in _DEPTHS if d >= _bits(frame)), _DEPTHS[-1])
        is_rgb = frame.format.is_rgb or frame.format.has_palette
        planes = self._planes(frame, _planar_format(depth, is_rgb=is_rgb), depth)
        top = 255 if depth == 8 else 65535
        if is_rgb:
            matrix = np.eye(3, 4) * (top / (2**depth - 1))
            planes = [planes[2], planes[0], planes[1]]
        else:
            matrix = (
                make_rgb_matrix(_matrix_name(frame), depth, full_range=_is_full_range(frame)) * top
            )
        rgb = self._multiply(planes, matrix.astype(np.float32))
        upright = read_orientation(frame).turn(rgb)
        upright.flags.writeable = False
        return upright

    def _multiply(
        self, planes: list[npt.NDArray[Any]], matrix: npt.NDArray[np.float32]
    ) -> npt.NDArray[Any]:
        """Return (H, W, 3) of the planes' type: the matrix times each pixel, rounded, clipped."""
        height, width = planes[0].shape
        if planes[0].dtype == np.uint16:
            return np.asarray(cv2.transform(cv2.merge(planes), matrix))
        if self._wide.shape[:2] != (height, width):
            self._wide = np.empty((height, width, 3), np.uint16)
            self._product = np.empty_like(self._wide)
        # OpenCV rounds exactly in 16 bits, but not in 8
        np.copyto(self._wide, cv2.merge(planes))
        cv2.transform(self._wide, matrix, dst=self._product)
        return np.asarray(cv2.convertScaleAbs(self._product))

    def _planes(self, frame: av.VideoFrame, name: str, depth: int) -> list[npt.NDArray[Any]]:
        """Return three full-size planes of code values."""
        color_range = _FULL_RANGE if _is_full_range(frame) else 1
        planar = self._reformatter.reformat(
            frame,
            format=name,
            interpolation=Interpolation.BILINEAR | Interpolation.ACCURATE_RND,
            src_color_range=color_range,
            dst_color_range=color_range,
            threads=2,
        )
        dtype = np.dtype(np.uint8 if depth == 8 else "<u2")
        return [
            np.frombuffer(memoryview(plane), dtype=dtype).reshape(
                -1, plane.line_size // dtype.itemsize
            )[: frame.height, : frame.width]
            for plane in planar.planes
        ]


def make_rgb_matrix(name: str, depth: int, *, full_range: bool) -> npt.NDArray[np.float64]:
    """Return the 3 x 4 matrix from (Y, Cb, Cr, 1) code values to R'G'B' in [0, 1].

    ITU-T H.273 (07/2021), equations 20 to 28 for the codes and 38 to 43 for the matrix.
    """
    red, blue = _LUMA_WEIGHTS[name]
    green = 1 - red - blue
    unit = 2.0 ** (depth - 8)
    luma = 2**depth - 1 if full_range else 219 * unit
    chroma = 2**depth - 1 if full_range else 224 * unit
    r_cr, b_cb = 2 * (1 - red), 2 * (1 - blue)
    mixing = np.array(
        [[1, 0, r_cr], [1, -blue * b_cb / green, -red * r_cr / green], [1, b_cb, 0]]
    ) / (luma, chroma, chroma)
    zero = np.array([0 if full_range else 16 * unit, 128 * unit, 128 * unit])
    return np.column_stack((mixing, -mixing @ zero))


def read_orientation(frame: av.VideoFrame) -> Orientation:
    """Return how a frame must be turned to be upright, from its display matrix."""
    matrix = frame.side_data.get(SideDataType.DISPLAYMATRIX)
    if matrix is None:
        return Orientation()
    return Orientation.from_display_matrix([int(v) for v in np.frombuffer(matrix, np.int32)])


def _bits(frame: av.VideoFrame) -> int:
    return max(int(component.bits) for component in frame.format.components)


def _planar_format(depth: int, *, is_rgb: bool) -> str:
    base = "gbrp" if is_rgb else "yuv444p"
    return base if depth == 8 else f"{base}{depth}le"


def _matrix_name(frame: av.VideoFrame) -> str:
    name = _MATRIX_NAMES.get(int(frame.colorspace))
    return name or ("709" if frame.height >= 720 else "601")


def _is_full_range(frame: av.VideoFrame) -> bool:
    if int(frame.color_range):
        return int(frame.color_range) == _FULL_RANGE
    name: str = frame.format.name
    return name.startswith(("yuvj", "gray"))
