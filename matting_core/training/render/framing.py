"""Placements of a subject in a picture, random, as a photographer might choose."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from matting_core.training.render.foregrounds import Cutout, alpha_to_floats, limit_size
from matting_core.training.render.layer import AlphaLayer
from matting_core.training.render.warp import WarpPlacement, warp
from matting_core.types import Plane, Size

_THUMBNAIL = 96
_ENLARGED = 1.5
"""Pixels are not enlarged further than this where it can be helped: they would look blown up."""
_TRIES = 24


@dataclass(frozen=True, slots=True)
class SubjectExtent:
    """Extent of a subject in its picture, measured on a thumbnail of its alpha.

    Attributes:
        box: (x0, y0, x1, y1) around the subject, in the picture's pixels.
        area: the number of pixels it touches.
        cut: whether it goes on beyond the picture's left, top, right and bottom edge.
    """

    box: tuple[float, float, float, float]
    area: float
    cut: tuple[bool, bool, bool, bool]

    @classmethod
    def measure(cls, alpha: npt.NDArray[Any]) -> SubjectExtent:
        """Measure an alpha, (H, W) of any type; an empty one takes the whole picture."""
        height, width = alpha.shape
        small = limit_size(alpha, 256)
        touched = small > (0.1 * np.iinfo(small.dtype).max if small.dtype.kind == "u" else 0.1)
        rows, columns = np.flatnonzero(touched.any(1)), np.flatnonzero(touched.any(0))
        if not rows.size:
            return cls((0, 0, width, height), float(width * height), (False,) * 4)
        sx, sy = width / small.shape[1], height / small.shape[0]
        box = (columns[0] * sx, rows[0] * sy, (columns[-1] + 1) * sx, (rows[-1] + 1) * sy)
        edges = (touched[:, 0], touched[0], touched[:, -1], touched[-1])
        left, top, right, bottom = (bool(edge.mean() > 0.01) for edge in edges)
        return cls(box, float(touched.sum() * sx * sy), (left, top, right, bottom))

    @property
    def width(self) -> float:
        """Side of the box, pixels."""
        return self.box[2] - self.box[0]

    @property
    def height(self) -> float:
        """Side of the box, pixels."""
        return self.box[3] - self.box[1]


def place_subject(
    extent: SubjectExtent, canvas: Size, rng: np.random.Generator, shares: tuple[float, float]
) -> WarpPlacement:
    """Put a subject into another picture.

    Sides at which its photograph cut it off go to the canvas's edge or beyond; sometimes it is
    cut off on others.

    Args:
        extent: the subject's.
        canvas: the picture's size.
        rng: draws the place.
        shares: least and greatest share of the canvas that it is to take.
    """
    wanted = math.exp(rng.uniform(math.log(shares[0]), math.log(shares[1])))
    scale = min(math.sqrt(wanted * canvas.width * canvas.height / extent.area), _ENLARGED)
    stretch = math.exp(rng.normal(0, 0.07))
    left, top, right, bottom = extent.cut
    if left and right:
        scale = max(scale, canvas.width / extent.width / stretch)
    if top and bottom:
        scale = max(scale, canvas.height / extent.height * stretch)
    scales = (scale * stretch, scale / stretch)
    is_cut = any(extent.cut)
    angle = float(np.clip(rng.normal(0, 3 if is_cut else 10), -30, 30))
    out = rng.random() < 0.25
    grounded = rng.random() < 0.65
    x = _place_along_axis(canvas.width, extent.width * scales[0], (left, right), rng, out)
    y = _place_along_axis(
        canvas.height, extent.height * scales[1], (top, bottom), rng, out, grounded
    )
    middle = ((extent.box[0] + extent.box[2]) / 2, (extent.box[1] + extent.box[3]) / 2)
    return WarpPlacement(middle, (x, y), scales, angle)


def shift_layer(layer: AlphaLayer, rng: np.random.Generator) -> WarpPlacement:
    """Move a layer that fills its canvas's middle: anywhere, or within it where it is cut off."""
    size, extent = layer.size, SubjectExtent.measure(layer.alpha)
    middle = (size.width / 2, size.height / 2)
    if any(extent.cut):
        zoom = math.exp(abs(rng.normal(0, 0.2)))
        room = (zoom - 1) / 2
        target = (
            middle[0] + rng.uniform(-room, room) * size.width,
            middle[1] + rng.uniform(-room, room) * size.height,
        )
        return WarpPlacement(middle, target, (zoom, zoom))
    area = size.width * size.height
    lowest = max(0.05, 0.2 * extent.area / area)
    highest = min(0.75, max(2.2 * extent.area / area, 1.1 * lowest))
    return place_subject(extent, size, rng, (lowest, highest))


def frame_crop(cutout: Cutout, canvas: Size, rng: np.random.Generator) -> WarpPlacement:
    """Cut a picture out of a pair: scaled, turned a little, stretched, the subject in it.

    The crop lies inside the photograph, but for one in six, which is mirrored at the edge.
    """
    thumbnail = alpha_to_floats(limit_size(cutout.alpha, _THUMBNAIL))
    least_kept = rng.choice([0.3, 0.75, 0.95], p=[0.2, 0.3, 0.5])
    inside = rng.random() > 1 / 6
    box = SubjectExtent.measure(cutout.alpha).box
    best, best_kept = None, -1.0
    for _ in range(_TRIES):
        placement = _draw_crop(cutout.size, box, canvas, rng, inside)
        share, kept = _measure_crop(thumbnail, placement, cutout.size, canvas)
        if 0.04 < share < 0.8:
            if kept >= least_kept:
                return placement
            if kept > best_kept:
                best, best_kept = placement, kept
    return best or placement


def _place_along_axis(
    canvas: float,
    length: float,
    cut: tuple[bool, bool],
    rng: np.random.Generator,
    out: bool,
    grounded: bool = False,
) -> float:
    """Place the middle of a subject of a length, along one axis of the canvas.

    Args:
        canvas: its length along that axis.
        length: the subject's.
        cut: whether the subject goes on beyond its photograph's low and high end.
        rng: draws the place.
        out: it may leave the canvas.
        grounded: it stands at the canvas's high end, as on the ground.
    """
    if all(cut):
        spare = max(0.0, length - canvas) / 2
        return canvas / 2 + rng.uniform(-spare, spare)
    if any(cut):
        beyond = rng.uniform(0.0, 0.08) * length
        return length / 2 - beyond if cut[0] else canvas - length / 2 + beyond
    if length >= canvas:
        return canvas / 2 + rng.uniform(-0.5, 0.5) * (length - 0.8 * canvas)
    if out:
        return rng.uniform(0.25 * length, canvas - 0.25 * length)
    if grounded:
        return canvas * rng.uniform(0.78, 1) - length / 2
    return rng.uniform(length / 2, canvas - length / 2)


def _draw_crop(
    picture: Size,
    box: tuple[float, float, float, float],
    canvas: Size,
    rng: np.random.Generator,
    inside: bool,
) -> WarpPlacement:
    angle = float(np.clip(rng.normal(0, 5), -15, 15)) if rng.random() < 0.7 else 0.0
    stretch = math.exp(rng.uniform(-1, 1) * math.log(1.5) / 2) if rng.random() < 0.5 else 1.0
    cos, sin = math.cos(math.radians(angle)), abs(math.sin(math.radians(angle)))
    across = cos * canvas.width + sin * canvas.height
    down = sin * canvas.width + cos * canvas.height
    width, height = picture
    least = max(across / width / stretch, down / height * stretch)
    if not inside:
        least = max(min(across / width / stretch, down / height * stretch), 0.72 * least)
    most = max(least * 1.1, min(3 * least, _ENLARGED))
    scale = least * (most / least) ** (rng.random() ** 1.5)
    sx, sy = scale * stretch, scale / stretch
    spare_x, spare_y = max(0.0, width - across / sx) / 2, max(0.0, height - down / sy) / 2
    pull = rng.uniform(0.2, 1)
    point = []
    for side, spare, middle in (
        (width, spare_x, (box[0] + box[2]) / 2),
        (height, spare_y, (box[1] + box[3]) / 2),
    ):
        wish = pull * middle + (1 - pull) * (side / 2 + rng.uniform(-1, 1) * spare)
        point.append(float(np.clip(wish, side / 2 - spare, side / 2 + spare)))
    return WarpPlacement(
        (point[0], point[1]), (canvas.width / 2, canvas.height / 2), (sx, sy), angle
    )


def _measure_crop(
    thumbnail: Plane, placement: WarpPlacement, size: Size, canvas: Size
) -> tuple[float, float]:
    """Measure a subject's share of a crop, and how much of the subject is in the crop."""
    shrink = thumbnail.shape[1] / size.width
    grow = _THUMBNAIL / max(canvas)
    view = Size(max(1, round(canvas.width * grow)), max(1, round(canvas.height * grow)))
    scale = (placement.scale[0] * grow / shrink, placement.scale[1] * grow / shrink)
    small = WarpPlacement(
        (placement.point[0] * shrink, placement.point[1] * shrink),
        (view.width / 2, view.height / 2),
        scale,
        placement.angle,
    )
    alpha = warp(thumbnail, small, view, cv2.BORDER_REFLECT_101)
    whole = float(thumbnail.sum()) * scale[0] * scale[1]
    return float((alpha > 0.1).mean()), float(alpha.sum()) / max(whole, 1e-6)
