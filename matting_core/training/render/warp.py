"""Warps of a picture onto a canvas: scaled, stretched, turned and moved, without aliasing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.training.render.foregrounds import Cutout, alpha_to_floats, to_floats
from matting_core.training.render.layer import AlphaLayer, layer_from_straight
from matting_core.types import Plane, Size

Xy = tuple[float, float]


@dataclass(frozen=True, slots=True)
class WarpPlacement:
    """Placement of a picture's points on a canvas.

    Attributes:
        point: (x, y) in the picture.
        target: (x, y) on the canvas where `point` lands.
        scale: canvas pixels for each of the picture's, along its x and y.
        angle: degrees by which the picture is turned, counterclockwise.
    """

    point: Xy
    target: Xy
    scale: Xy
    angle: float = 0.0

    def matrix(self, shrink: Xy = (1.0, 1.0)) -> npt.NDArray[np.float64]:
        """The (2, 3) matrix from pixel centres of the picture, resized by `shrink`, to the canvas.

        Centres of pixels are at whole numbers for OpenCV and at halves for everyone else.
        """
        turn = math.radians(self.angle)
        rotation = np.array(
            [[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]], np.float64
        )
        linear = rotation * (np.array(self.scale) / np.array(shrink))
        start = np.array(self.point) * np.array(shrink)
        offset = np.array(self.target) - linear @ start + linear @ [0.5, 0.5] - 0.5
        return np.concatenate([linear, offset[:, None]], axis=1)


def warp(
    picture: npt.NDArray[Any], placement: WarpPlacement, canvas: Size, border: int
) -> npt.NDArray[Any]:
    """Draw a picture on an empty canvas.

    Args:
        picture: (H, W) or (H, W, 3), uint8, uint16 or float32.
        placement: where it goes; what shrinks is averaged over areas first.
        canvas: the result's size.
        border: OpenCV's border mode for what lies outside the picture.
    """
    height, width = picture.shape[:2]
    small = Size(
        *(
            max(1, round(side * min(1.0, abs(s))))
            for side, s in zip((width, height), placement.scale, strict=True)
        )
    )
    if small != (width, height):
        picture = cv2.resize(picture, small, interpolation=cv2.INTER_AREA)
    shrink = (small.width / width, small.height / height)
    return np.asarray(
        cv2.warpAffine(
            picture,
            placement.matrix(shrink),
            canvas,
            flags=cv2.INTER_LINEAR,
            borderMode=border,
        )
    )


def place_cutout(
    cutout: Cutout, cut: Sequence[bool], placement: WarpPlacement, canvas: Size
) -> AlphaLayer:
    """Place a cutout's subject as a layer.

    A subject that its photograph's edge cuts off goes on beyond that edge, so that no straight
    cut shows where a turn brings a sliver of the outside into the canvas. At the other edges
    what few hairs reach them fade out.

    Args:
        cutout: the pair.
        cut: at which edges the subject is cut off: left, top, right and bottom.
        placement: where it goes.
        canvas: the layer's size.
    """
    colours = warp(cutout.foreground, placement, canvas, cv2.BORDER_REPLICATE)
    alpha = warp(_fade_edges(cutout.alpha, cut), placement, canvas, cv2.BORDER_REPLICATE)
    return layer_from_straight(to_floats(colours), alpha_to_floats(alpha))


def place_layer(layer: AlphaLayer, placement: WarpPlacement, canvas: Size) -> AlphaLayer:
    """Move a layer; outside of it all is empty."""
    return AlphaLayer(
        warp(layer.alpha, placement, canvas, cv2.BORDER_CONSTANT),
        warp(layer.premultiplied, placement, canvas, cv2.BORDER_CONSTANT),
    )


def _fade_edges(alpha: npt.NDArray[np.uint16], cut: Sequence[bool]) -> npt.NDArray[np.uint16]:
    """Fade an alpha out at the edges where it is not cut off."""
    faded = alpha.copy()
    reach = max(2, max(alpha.shape) // 50)
    ramp = np.linspace(0, 1, reach, dtype=np.float32)
    for is_cut, turns in zip(cut, (0, 3, 2, 1), strict=True):
        if not is_cut:
            edge = np.rot90(faded, -turns)[:, :reach]
            edge[:] = (edge * ramp[: edge.shape[1]]).astype(np.uint16)
    return faded


def measure_share(alpha: Plane) -> float:
    """Measure the share of the pixels that a subject touches, in [0, 1]."""
    return float((alpha > 0.1).mean())
