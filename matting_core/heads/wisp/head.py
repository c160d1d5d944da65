"""The `wisp` head: learned ROI and alpha on a window, refined at the picture's own pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from matting_core.heads.base import Guide
from matting_core.heads.wisp.detector import Detection, Detector
from matting_core.matte.guides import mask_probability
from matting_core.matte.native import Prior, enlarge, small_size, solve
from matting_core.matte.trimap import Band, unknown_region
from matting_core.types import Frame8, Matte, Plane, Size
from matting_core.windows import Window, resized

Part = Literal["detector", "native"]


@dataclass(frozen=True, slots=True)
class Choices:
    """How the network's answer becomes a matte.

    Attributes:
        without: parts left out, for ablations: without "detector" the ROI is a band around the
            mask and the mask is never overruled; without "native" alpha is the network's finest.
        pull: how hard alpha is held to the network's where that is sure, in units of the matting
            Laplacian.
        exact: solve at the picture's own size however large, which is slow.
    """

    without: frozenset[Part] = frozenset()
    pull: float = 0.001
    exact: bool = False


class WispHead:
    """Finds where to matte, mattes there, and corrects the mask where the picture says so.

    Args:
        detector: the trained network.
        choices: how its answer is used.
    """

    def __init__(self, detector: Detector, choices: Choices | None = None) -> None:
        self._detector = detector
        self._choices = choices or Choices()

    def matte(self, rgb: Frame8, guide: Guide) -> Matte:
        """See `MattingHead.matte`.

        The ROI is where the trimap is unknown. Confidence is the probability of the class where
        it is known, and the network's own estimate where not.

        Raises:
            InputError: the guide has no features to look with.
        """
        hw = (rgb.shape[0], rgb.shape[1])
        found = None if covers_all(guide) else self._detector.detect(rgb, guide)
        if found is None:
            return even_matte(hw, float(covers_all(guide)))
        window = found.window
        seen = np.ascontiguousarray(rgb[window.y0 : window.y1, window.x0 : window.x1])
        size = Size(window.width, window.height)
        small = size if self._choices.exact else small_size(size)
        reduced = seen if small == size else resized(seen, small)
        prior = self._prior(found, guide, hw, small)
        if "native" in self._choices.without:
            blunt: Plane = np.where(prior.unknown, prior.alpha, prior.trimap)
            alpha = resized(blunt, size)
        else:
            alpha = enlarge(seen, reduced, solve(reduced, prior))
        return framed_matte(kept(guide, window, alpha), prior, found, hw)

    def _prior(self, found: Detection, guide: Guide, hw: tuple[int, int], size: Size) -> Prior:
        alpha = resized(found.alpha, size)
        confidence = resized(found.confidence, size)
        pull = np.asarray(self._choices.pull * np.maximum(confidence, 0.01), np.float32)
        trimap = found.trimap(size)
        if "detector" in self._choices.without:
            mask = _mask_part(guide, hw, found.window, size)
            unknown = unknown_region(mask, Band())
            trimap = np.where(unknown, np.float32(0.5), (mask > 0.5).astype(np.float32))
        return Prior(human_or(guide, found.window, trimap), alpha, pull)


def covers_all(guide: Guide) -> bool:
    """Whether the mask is the whole frame: then there is no background to tell it from."""
    return bool((guide.segmentation.logits > 0).all()) and guide.trimap is None


def even_matte(hw: tuple[int, int], alpha: float) -> Matte:
    """The matte of an object that is nowhere, or everywhere."""
    everywhere = np.full(hw, alpha, np.float32)
    return Matte(everywhere, np.zeros(hw, np.float32), np.ones(hw, np.float32))


def human_or(guide: Guide, window: Window, trimap: Plane) -> Plane:
    """The trimap that a person gave, at the size of the one found; that one if there is none."""
    if guide.trimap is None:
        return trimap
    given = guide.trimap[window.y0 : window.y1, window.x0 : window.x1]
    reduced = resized(given, Size(trimap.shape[1], trimap.shape[0]))
    return np.where((reduced > 0) & (reduced < 1), np.float32(0.5), reduced)


def kept(guide: Guide, window: Window, alpha: Plane) -> Plane:
    """The window's alpha with a person's trimap put back where that is certain."""
    if guide.trimap is None:
        return alpha
    given = guide.trimap[window.y0 : window.y1, window.x0 : window.x1]
    return np.where((given > 0) & (given < 1), alpha, given)


def _mask_part(guide: Guide, hw: tuple[int, int], window: Window, size: Size) -> Plane:
    """The mask's probability over the window, at the size asked for."""
    scale = size.width / window.width
    whole = Size(max(1, round(hw[1] * scale)), max(1, round(hw[0] * scale)))
    mask = mask_probability(guide.segmentation, whole)
    part = window.scaled(Size(hw[1], hw[0]), whole)
    return resized(mask[part.y0 : part.y1, part.x0 : part.x1], size)


def framed_matte(alpha: Plane, prior: Prior, found: Detection, hw: tuple[int, int]) -> Matte:
    """Planes of the window set into the frame; outside it alpha is 0, and that is sure."""
    window = found.window
    at = (slice(window.y0, window.y1), slice(window.x0, window.x1))
    size = Size(window.width, window.height)
    unknown = prior.unknown.astype(np.float32)
    known = np.maximum(found.background, found.foreground)
    small = Size(unknown.shape[1], unknown.shape[0])
    sure = np.where(prior.unknown, resized(found.confidence, small), resized(known, small))
    planes = []
    for plane, outside in ((alpha, 0.0), (resized(unknown, size), 0.0), (resized(sure, size), 1)):
        whole = np.full(hw, outside, np.float32)
        whole[at] = np.clip(plane, 0, 1)
        planes.append(whole)
    return Matte(*planes)
