"""What is drawn over pictures: outlines of neighbouring mattes, the ROI, the trimap."""

from __future__ import annotations

from collections.abc import Set

import cv2
import numpy as np

from app.canvas.pictures.scene import Mask8, Scene, blend, cover_by, tint
from app.model.look import RGB, Overlay, rgb_of
from app.shell import theme
from matting_core.types import Frame8, Plane

BEFORE = rgb_of(theme.BEFORE)
AFTER = rgb_of(theme.AFTER)
BACKGROUND, UNKNOWN, FOREGROUND = 0, 128, 255
_LINES_PER_PIXEL = 540
_ROI_WEIGHT = 0.5
_TRIMAP = {
    FOREGROUND: (rgb_of(theme.FOREGROUND_PROMPT), 0.35),
    UNKNOWN: (rgb_of(theme.UNKNOWN), 0.45),
    BACKGROUND: (rgb_of(theme.BACKGROUND_PROMPT), 0.25),
}
_COLORS, _WEIGHTS = np.zeros((256, 3), np.uint8), np.zeros(256, np.float32)
for _value, (_color, _weight) in _TRIMAP.items():
    _COLORS[_value], _WEIGHTS[_value] = _color, _weight


def laid_over(picture: Frame8, scene: Scene, overlays: Set[Overlay]) -> Frame8:
    """Draw overlays; the picture that was given stays as it is."""
    if Overlay.TRIMAP in overlays and scene.layers:
        picture = _with_trimap(picture, scene)
    if Overlay.ROI in overlays and scene.layers:
        picture = tint(picture, scene.roi * np.float32(_ROI_WEIGHT), rgb_of(theme.ROI))
    if Overlay.ONION in overlays:
        picture = picture.copy()
        for layers, color in ((scene.before, BEFORE), (scene.after, AFTER)):
            draw_outlines(picture, cover_by(scene.rgb, layers), color)
    return picture


def draw_outlines(picture: Frame8, alpha: Plane, color: RGB) -> None:
    """Draw where alpha crosses a half, into the picture itself."""
    inside = (alpha > 0.5).astype(np.uint8)
    outlines, _ = cv2.findContours(inside, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    thickness = max(1, round(picture.shape[0] / _LINES_PER_PIXEL))
    cv2.drawContours(picture, outlines, -1, color, thickness, cv2.LINE_AA)


def trimap_of(scene: Scene) -> Mask8:
    """(H, W) of BACKGROUND, UNKNOWN and FOREGROUND; of two objects, the more certain counts."""
    trimap = np.full(scene.rgb.shape[:2], BACKGROUND, np.uint8)
    for layer in scene.layers:
        own = np.where(layer.matte.alpha > 0.5, np.uint8(FOREGROUND), np.uint8(BACKGROUND))
        own[layer.matte.roi > 0.5] = UNKNOWN
        np.maximum(trimap, own, out=trimap)
    return trimap


def _with_trimap(picture: Frame8, scene: Scene) -> Frame8:
    trimap = trimap_of(scene)
    return blend(_COLORS[trimap], picture, _WEIGHTS[trimap])
