"""What a picture is made of, and the pixel operations that all views share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from app.model.look import RGB, Levels
from matting_core.types import Frame8, Matte, ObjectId, Plane

Mask8 = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Layer:
    """Matte of one object on a frame.

    Attributes:
        object_id: whose.
        color: red, green, blue: what stands for it.
        matte: alpha and the rest.
        locked: whether it stays as it is where objects share alpha.
        fresh: whether it is the matte that today's project asks for.
    """

    object_id: ObjectId
    color: RGB
    matte: Matte
    locked: bool = False
    fresh: bool = True


@dataclass(frozen=True, slots=True)
class Scene:
    """Frame with all that may be shown of it.

    Attributes:
        rgb: (H, W, 3) uint8 sRGB, never written to.
        layers: mattes of the frame.
        backdrop: (H, W, 3) uint8 sRGB to put behind the objects.
        foreground: the objects' colours without their background, where they are known.
        before: mattes of the frame before.
        after: mattes of the frame after.
        levels: gain and gamma of mattes.
    """

    rgb: Frame8
    layers: tuple[Layer, ...] = ()
    backdrop: Frame8 | None = None
    foreground: Frame8 | None = None
    before: tuple[Layer, ...] = ()
    after: tuple[Layer, ...] = ()
    levels: Levels = field(default_factory=Levels)

    @property
    def alpha(self) -> Plane:
        """(H, W) cover_by by any object."""
        return cover_by(self.rgb, self.layers)

    @property
    def roi(self) -> Plane:
        """(H, W) where matting was needed for any object."""
        return unite_planes(self.rgb, (layer.matte.roi for layer in self.layers))


def cover_by(rgb: Frame8, layers: Iterable[Layer]) -> Plane:
    """(H, W) cover_by of a frame by any of its layers."""
    return unite_planes(rgb, (layer.matte.alpha for layer in layers))


def unite_planes(rgb: Frame8, planes: Iterable[Plane]) -> Plane:
    """The union of several planes of a frame's size."""
    union = np.zeros(rgb.shape[:2], np.float32)
    for plane in planes:
        np.maximum(union, plane, out=union)
    return union


def apply_levels(plane: Plane, levels: Levels) -> Plane:
    """Apply gain and gamma to values in [0, 1]; they stay in it."""
    if levels == Levels():
        return plane
    raised = np.clip(plane * np.float32(levels.gain), 0, 1)
    return np.asarray(cv2.pow(raised, 1 / levels.gamma), np.float32)


def to_bytes(plane: Plane) -> Mask8:
    """(H, W) uint8 of values in [0, 1]."""
    return np.asarray(cv2.convertScaleAbs(plane, alpha=255), np.uint8)


def gray(plane: npt.NDArray[np.generic]) -> Frame8:
    """A gray picture of (H, W) values up to 255."""
    return np.asarray(cv2.cvtColor(np.asarray(plane, np.uint8), cv2.COLOR_GRAY2RGB), np.uint8)


def tint(rgb: Frame8, weight: Plane, color: RGB) -> Frame8:
    """Lay a colour over a picture; what is not touched costs nothing but the copy."""
    result = rgb.copy()
    rows, columns = np.flatnonzero(weight.any(axis=1)), np.flatnonzero(weight.any(axis=0))
    if len(rows):
        part = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
        result[part] = blend(np.full_like(rgb[part], color), rgb[part], weight[part])
    return result


def blend(over: Frame8, under: Frame8, weight: Plane) -> Frame8:
    """Mix two pictures, `weight` of `over`; OpenCV lets other threads run meanwhile.

    The mix is of display values, as in the equation that mattes and foreground colours solve: with
    the true background, it gives back the frame. A mix in linear light would make edges thinner on
    dark and thicker on light backgrounds than they were in the clip.
    """
    pictures = np.ascontiguousarray(over), np.ascontiguousarray(under)
    weight = np.ascontiguousarray(weight)
    return np.asarray(cv2.blendLinear(*pictures, weight, 1 - weight), np.uint8)
