"""Pictures for the canvas: a frame and its mattes as one 8-bit image; pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set

import cv2
import numpy as np

from app.canvas.pictures.overlays import (
    FOREGROUND,
    draw_outlines,
    laid_over,
    trimap_of,
)
from app.canvas.pictures.scene import Scene, apply_levels, blend, gray, tint, to_bytes, unite_planes
from app.model.look import Overlay, rgb_of
from app.model.view import ViewMode
from app.shell import theme
from matting_core.types import Frame8, Plane

GONE = rgb_of(theme.GONE)
COME = rgb_of(theme.COME)
_TINT = 0.45
_DIM = 0.35
_SQUARE = 16
_LIGHT, _DARK = 150, 105

ON_A_BACKGROUND = frozenset({ViewMode.CHECKER, ViewMode.BACKDROP, ViewMode.FOREGROUND})
"""Views that show the objects without their surroundings."""


LEVELLED = frozenset({ViewMode.ALPHA, ViewMode.ROI, ViewMode.TRIMAP, ViewMode.DIFFERENCE})
"""Views of mattes, whose values gain and gamma change."""

_OWN = {ViewMode.ROI: Overlay.ROI, ViewMode.TRIMAP: Overlay.TRIMAP}


def compose(scene: Scene, mode: ViewMode, overlays: Set[Overlay] = frozenset()) -> Frame8:
    """Return the (H, W, 3) uint8 sRGB picture of a frame in a view; the inputs stay untouched."""
    return laid_over(_VIEWS[mode](scene), scene, shown_overlays(mode, overlays))


def shown_overlays(mode: ViewMode, overlays: Set[Overlay]) -> Set[Overlay]:
    """Those that are drawn in a view: its own subject is not drawn over it once more."""
    return overlays - {_OWN[mode]} if mode in _OWN else overlays


def _source(scene: Scene) -> Frame8:
    return scene.rgb


def _overlay(scene: Scene) -> Frame8:
    picture = np.ascontiguousarray(scene.rgb)
    for layer in scene.layers:
        picture = tint(picture, layer.matte.alpha * np.float32(_TINT), layer.color)
    for layer in scene.layers:
        draw_outlines(picture, layer.matte.alpha, layer.color)
    return picture


def _alpha(scene: Scene) -> Frame8:
    return gray(to_bytes(apply_levels(scene.alpha, scene.levels)))


def _roi(scene: Scene) -> Frame8:
    luma = cv2.cvtColor(scene.rgb, cv2.COLOR_RGB2GRAY)
    picture = gray(cv2.convertScaleAbs(luma, alpha=_DIM))
    for layer in scene.layers:
        roi = apply_levels(layer.matte.roi, scene.levels)
        picture = tint(picture, roi * np.float32(0.9), layer.color)
    return picture


def _trimap(scene: Scene) -> Frame8:
    values = trimap_of(scene).astype(np.float32) / np.float32(FOREGROUND)
    return gray(to_bytes(apply_levels(values, scene.levels)))


def _difference(scene: Scene) -> Frame8:
    before = {layer.object_id: layer.matte.alpha for layer in scene.before}
    both = [
        (layer.matte.alpha, before[layer.object_id])
        for layer in scene.layers
        if layer.object_id in before
    ]
    gone = unite_planes(scene.rgb, (np.clip(then - now, 0, 1) for now, then in both))
    come = unite_planes(scene.rgb, (np.clip(now - then, 0, 1) for now, then in both))
    picture = tint(np.zeros_like(scene.rgb), apply_levels(gone, scene.levels), GONE)
    return tint(picture, apply_levels(come, scene.levels), COME)


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
    return blend(colours, behind, alpha)


_VIEWS: Mapping[ViewMode, Callable[[Scene], Frame8]] = {
    ViewMode.SOURCE: _source,
    ViewMode.OVERLAY: _overlay,
    ViewMode.ALPHA: _alpha,
    ViewMode.ROI: _roi,
    ViewMode.TRIMAP: _trimap,
    ViewMode.CHECKER: _checker,
    ViewMode.BACKDROP: _backdrop,
    ViewMode.FOREGROUND: _foreground,
    ViewMode.DIFFERENCE: _difference,
}
