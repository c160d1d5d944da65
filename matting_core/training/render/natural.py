"""Pairs on their own backgrounds: crops that are scaled, turned, stretched and mirrored.

Nothing is pasted, so a network cannot learn to look for paste; only sometimes another object
stands behind the subject.
"""

from __future__ import annotations

import cv2
import numpy as np

from matting_core.training.render.foregrounds import Cutout, alpha_to_floats, to_floats
from matting_core.training.render.framing import SubjectExtent, frame_crop, place_subject
from matting_core.training.render.layer import Colours
from matting_core.training.render.photograph import cast_shadow, harmonise
from matting_core.training.render.warp import WarpPlacement, place_cutout, warp
from matting_core.types import Plane, Size


def crop_pair(
    cutout: Cutout, size: Size, rng: np.random.Generator, distractor: Cutout | None = None
) -> tuple[Colours, Plane]:
    """Cut a picture out of a pair.

    Args:
        cutout: the pair.
        size: the picture's.
        rng: draws the crop.
        distractor: another pair whose subject is put behind this one's.

    Returns:
        The (H, W, 3) float32 sRGB picture in [0, 1] and its (H, W) float32 alpha in [0, 1].
    """
    if rng.random() < 0.5:
        cutout = cutout.flip()
    placement = frame_crop(cutout, size, rng)
    picture = to_floats(warp(cutout.image, placement, size, cv2.BORDER_REFLECT_101))
    alpha = alpha_to_floats(warp(cutout.alpha, placement, size, cv2.BORDER_REFLECT_101))
    if distractor is not None:
        picture = _add_distractor(picture, alpha, cutout, placement, distractor, rng)
    return picture, alpha


def _add_distractor(
    picture: Colours,
    alpha: Plane,
    cutout: Cutout,
    placement: WarpPlacement,
    distractor: Cutout,
    rng: np.random.Generator,
) -> Colours:
    """Put another object between a subject and its background.

    With I = alpha F + (1 - alpha) B, only B changes: the result is I + (1 - alpha) (B' - B), which
    leaves every pixel alone that the object does not cover.
    """
    if cutout.background is None:
        return picture
    size = Size(alpha.shape[1], alpha.shape[0])
    behind = to_floats(warp(cutout.background, placement, size, cv2.BORDER_REFLECT_101))
    if rng.random() < 0.5:
        distractor = distractor.flip()
    extent = SubjectExtent.measure(distractor.alpha)
    where = place_subject(extent, size, rng, (0.02, 0.25))
    layer = harmonise(place_cutout(distractor, extent.cut, where, size), behind, rng)
    changed = layer.on(cast_shadow(layer, behind, rng))
    mixed = picture + (1 - alpha)[..., None] * (changed - behind)
    return np.clip(mixed, 0, 1)
