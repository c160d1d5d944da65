"""Pictures for the canvas: a frame and its mattes as one 8-bit image; pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import cv2
import numpy as np

from app.view_state import ViewMode
from app.views.scene import Scene, blended, gray, tinted, to_bytes
from matting_core.types import Frame8, Plane

_TINT = 0.45
_DIM = 0.35
_SQUARE = 16
_LIGHT, _DARK = 150, 105
_UNKNOWN = 128

ON_A_BACKGROUND = frozenset({ViewMode.CHECKER, ViewMode.BACKDROP, ViewMode.FOREGROUND})
"""Views that show the objects without their surroundings."""


def compose(scene: Scene, mode: ViewMode) -> Frame8:
    """Return the (H, W, 3) uint8 sRGB picture of a frame in a view; the inputs stay untouched."""
    return _VIEWS[mode](scene)


def _source(scene: Scene) -> Frame8:
    return scene.rgb


def _overlay(scene: Scene) -> Frame8:
    picture = np.ascontiguousarray(scene.rgb)
    for layer in scene.layers:
        picture = tinted(picture, layer.matte.alpha * np.float32(_TINT), layer.color)
    thickness = max(1, round(picture.shape[0] / 540))
    for layer in scene.layers:
        inside = (layer.matte.alpha > 0.5).astype(np.uint8)
        outlines, _ = cv2.findContours(inside, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        cv2.drawContours(picture, outlines, -1, layer.color, thickness, cv2.LINE_AA)
    return picture


def _alpha(scene: Scene) -> Frame8:
    return gray(to_bytes(scene.alpha))


def _roi(scene: Scene) -> Frame8:
    luma = cv2.cvtColor(scene.rgb, cv2.COLOR_RGB2GRAY)
    picture = gray(cv2.convertScaleAbs(luma, alpha=_DIM))
    for layer in scene.layers:
        picture = tinted(picture, layer.matte.roi * np.float32(0.9), layer.color)
    return picture


def _trimap(scene: Scene) -> Frame8:
    trimap = np.zeros(scene.rgb.shape[:2], np.uint8)
    for layer in scene.layers:
        own = to_bytes((layer.matte.alpha > 0.5).astype(np.float32))
        own[layer.matte.roi > 0.5] = _UNKNOWN
        np.maximum(trimap, own, out=trimap)
    return gray(trimap)


def _checker(scene: Scene) -> Frame8:
    rows = np.arange(scene.rgb.shape[0])[:, None] // _SQUARE
    columns = np.arange(scene.rgb.shape[1])[None, :] // _SQUARE
    light = ((rows + columns) % 2).astype(np.uint8)
    return _on(scene, gray(light * np.uint8(_LIGHT - _DARK) + np.uint8(_DARK)), scene.alpha)


def _backdrop(scene: Scene) -> Frame8:
    behind = np.zeros_like(scene.rgb) if scene.backdrop is None else scene.backdrop
    return _on(scene, behind, scene.alpha)


def _foreground(scene: Scene) -> Frame8:
    return _on(scene, np.zeros_like(scene.rgb), scene.alpha)


def _on(scene: Scene, behind: Frame8, alpha: Plane) -> Frame8:
    colours = scene.rgb if scene.foreground is None else scene.foreground
    return blended(colours, behind, alpha)


_VIEWS: Mapping[ViewMode, Callable[[Scene], Frame8]] = {
    ViewMode.SOURCE: _source,
    ViewMode.OVERLAY: _overlay,
    ViewMode.ALPHA: _alpha,
    ViewMode.ROI: _roi,
    ViewMode.TRIMAP: _trimap,
    ViewMode.CHECKER: _checker,
    ViewMode.BACKDROP: _backdrop,
    ViewMode.FOREGROUND: _foreground,
}
