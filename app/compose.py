"""Pictures for the canvas: a frame and its mattes as one 8-bit image; pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt

from app.view_state import ViewMode
from matting_core.types import Frame8, Matte, Plane

Mask8 = npt.NDArray[np.uint8]
_TINT = 0.45
_DIM = 0.35
_SQUARE = 16
_LIGHT, _DARK = 150, 105
_UNKNOWN = 128


@dataclass(frozen=True, slots=True)
class Layer:
    """One object's matte, with the colour (red, green, blue) that stands for it."""

    color: tuple[int, int, int]
    matte: Matte


class _Composer(Protocol):
    def __call__(self, rgb: Frame8, layers: Sequence[Layer]) -> Frame8: ...


def compose(rgb: Frame8, layers: Sequence[Layer], mode: ViewMode) -> Frame8:
    """Return the (H, W, 3) uint8 sRGB picture of a frame in a view; the inputs stay untouched."""
    return _VIEWS[mode](rgb, layers)


def _source(rgb: Frame8, layers: Sequence[Layer]) -> Frame8:
    return rgb


def _overlay(rgb: Frame8, layers: Sequence[Layer]) -> Frame8:
    picture = np.ascontiguousarray(rgb)
    for layer in layers:
        picture = _tinted(picture, layer.matte.alpha * np.float32(_TINT), layer.color)
    thickness = max(1, round(rgb.shape[0] / 540))
    for layer in layers:
        inside = (layer.matte.alpha > 0.5).astype(np.uint8)
        outlines, _ = cv2.findContours(inside, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        cv2.drawContours(picture, outlines, -1, layer.color, thickness, cv2.LINE_AA)
    return picture


def _alpha(rgb: Frame8, layers: Sequence[Layer]) -> Frame8:
    return _gray(_bytes(_joined([layer.matte.alpha for layer in layers], rgb)))


def _roi(rgb: Frame8, layers: Sequence[Layer]) -> Frame8:
    gray = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    picture = _gray(cv2.convertScaleAbs(gray, alpha=_DIM))
    for layer in layers:
        picture = _tinted(picture, layer.matte.roi * np.float32(0.9), layer.color)
    return picture


def _trimap(rgb: Frame8, layers: Sequence[Layer]) -> Frame8:
    trimap = np.zeros(rgb.shape[:2], np.uint8)
    for layer in layers:
        own = _bytes((layer.matte.alpha > 0.5).astype(np.float32))
        own[layer.matte.roi > 0.5] = _UNKNOWN
        np.maximum(trimap, own, out=trimap)
    return _gray(trimap)


def _checker(rgb: Frame8, layers: Sequence[Layer]) -> Frame8:
    alpha = _joined([layer.matte.alpha for layer in layers], rgb)
    rows = np.arange(rgb.shape[0])[:, None] // _SQUARE
    columns = np.arange(rgb.shape[1])[None, :] // _SQUARE
    light = ((rows + columns) % 2).astype(np.uint8)
    board = _gray(light * np.uint8(_LIGHT - _DARK) + np.uint8(_DARK))
    return _blended(np.ascontiguousarray(rgb), board, alpha)


_VIEWS: Mapping[ViewMode, _Composer] = {
    ViewMode.SOURCE: _source,
    ViewMode.OVERLAY: _overlay,
    ViewMode.ALPHA: _alpha,
    ViewMode.ROI: _roi,
    ViewMode.TRIMAP: _trimap,
    ViewMode.CHECKER: _checker,
}


def _joined(planes: Sequence[Plane], rgb: Frame8) -> Plane:
    """The union of several objects' coverage."""
    union = np.zeros(rgb.shape[:2], np.float32)
    for plane in planes:
        np.maximum(union, plane, out=union)
    return union


def _bytes(plane: Plane) -> Mask8:
    return np.asarray(cv2.convertScaleAbs(plane, alpha=255), np.uint8)


def _gray(plane: npt.NDArray[np.generic]) -> Frame8:
    return np.asarray(cv2.cvtColor(np.asarray(plane, np.uint8), cv2.COLOR_GRAY2RGB), np.uint8)


def _tinted(rgb: Frame8, weight: Plane, color: tuple[int, int, int]) -> Frame8:
    return _blended(np.full_like(rgb, color), rgb, weight)


def _blended(over: Frame8, under: Frame8, weight: Plane) -> Frame8:
    """Mix in display values, `weight` of `over`; OpenCV lets other threads run meanwhile."""
    return np.asarray(cv2.blendLinear(over, under, weight, 1 - weight), np.uint8)
