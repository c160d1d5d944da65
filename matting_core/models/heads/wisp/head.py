"""The `wisp` head: learned ROI and alpha on a window, refined at the picture's own pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np

from matting_core.matte.guides import mask_probability
from matting_core.matte.native import Prior, enlarge, small_size, solve
from matting_core.matte.trimap import Band, pseudo_trimap, unknown_region
from matting_core.models.heads.base import Guide
from matting_core.models.heads.wisp.detection import Detection
from matting_core.models.heads.wisp.detector import Detector, is_accepted_mask
from matting_core.types import Frame8, Matte, Plane, Size
from matting_core.windows import Window, resize

HeadPart = Literal["detector", "native"]

_SURE = 0.95
_AROUND = 0.01
_LEAST = 0.01
_SOFT_EDGE = 0.05
_AT_THE_MASK = 0.03


@dataclass(frozen=True, slots=True)
class TrustLimits:
    """Limits of the network's trust against the mask.

    Attributes:
        certain: how probable a class must be to overrule a mask that is sure of the other nearby;
            below that the place is unknown.
        hesitant: below this probability of its class the network does not count at all where the
            mask is sure of the other all around.
        strange: how probable "unknown" must be where the mask is sure all around.
        reach: how far from the mask something solid may be added, per square root of its area.
        trust: share of the mask in the guide, against the network's alpha.
    """

    certain: float = 0.95
    hesitant: float = 0.7
    strange: float = 0.8
    reach: float = 0.35
    trust: float = 0.5


@dataclass(frozen=True, slots=True)
class HeadOptions:
    """Options that make a matte of the network's prediction.

    Attributes:
        without: parts left out, for ablations: without "detector" the ROI is a band around the
            mask and the mask is never overruled; without "native" alpha is the network's finest.
        first: limits with a mask that nobody has seen yet, such as a box's first answer.
        accepted: limits with a mask that a person painted, or that was tracked.
        pull: how hard alpha is held to the guide, in units of the matting Laplacian, times the
            network's confidence.
        firm: the pull where mask and network agree on 0 or 1.
    """

    without: frozenset[HeadPart] = frozenset()
    first: TrustLimits = TrustLimits()
    accepted: TrustLimits = TrustLimits(hesitant=0.9, strange=0.9, reach=0.1, trust=0.8)
    pull: float = 0.001
    firm: float = 0.2

    def limits_for(self, guide: Guide) -> TrustLimits:
        """Limits for the guide's mask."""
        return self.accepted if is_accepted_mask(guide.segmentation) else self.first

    def with_trust(self, share: float) -> HeadOptions:
        """Options with another share of the mask in the guide."""
        return replace(
            self,
            first=replace(self.first, trust=share),
            accepted=replace(self.accepted, trust=share),
        )


class WispHead:
    """Head that finds where to matte, mattes there, and corrects the mask.

    Args:
        detector: the trained network.
        options: how its answer is used.
    """

    def __init__(self, detector: Detector, options: HeadOptions | None = None) -> None:
        self._detector = detector
        self._options = options or HeadOptions()

    def matte(self, rgb: Frame8, guide: Guide) -> Matte:
        """See `MattingHead.matte`.

        The ROI is where the trimap is unknown. Confidence is the probability of the class where
        it is known, and the network's own estimate where not.

        Raises:
            InputError: the guide has no features to look with.
        """
        hw = (rgb.shape[0], rgb.shape[1])
        found = None if is_whole_frame(guide) else self._detector.detect(rgb, guide)
        if found is None:
            return make_even_matte(hw, float(is_whole_frame(guide)))
        window = found.window
        seen = np.ascontiguousarray(rgb[window.y0 : window.y1, window.x0 : window.x1])
        size = Size(window.width, window.height)
        small = small_size(size)
        if "native" in self._options.without:
            prior = make_prior(found, guide, hw, size, self._options)
            alpha: Plane = np.where(prior.unknown, resize(found.alpha, size), prior.trimap)
        else:
            prior = make_prior(found, guide, hw, small, self._options)
            reduced = resize(seen, small)
            alpha = enlarge(seen, reduced, solve(reduced, prior))
        return place_matte(restore_trimap(guide, window, alpha), prior, found, hw)


def make_prior(
    found: Detection, guide: Guide, hw: tuple[int, int], size: Size, options: HeadOptions
) -> Prior:
    """Make trimap, guide and pull on the window, at a size."""
    limits = options.limits_for(guide)
    mask = _mask_part(guide, hw, found.window, size)
    alpha, confidence = resize(found.alpha, size), resize(found.confidence, size)
    agreed = (np.minimum(alpha, mask) > _SURE) | (np.maximum(alpha, mask) < 1 - _SURE)
    pull = np.where(agreed, options.firm, options.pull * np.maximum(confidence, _LEAST))
    if "detector" in options.without:
        trimap = pseudo_trimap(mask, unknown_region(mask, Band()))
    else:
        trimap = _drop_distant(_limit_overruling(found, mask, size, limits), mask, limits.reach)
    trimap = guide.refine_trimap(choose_trimap(guide, found.window, trimap), found.window)
    pull = guide.loosen_pull(np.asarray(pull, np.float32), found.window)
    return Prior(
        trimap=trimap,
        alpha=np.asarray((1 - limits.trust) * alpha + limits.trust * mask, np.float32),
        pull=pull,
    )


def _limit_overruling(found: Detection, mask: Plane, size: Size, limits: TrustLimits) -> Plane:
    """Limit where the network's trimap overrules the mask: else unknown, or the mask's class."""
    trimap = found.trimap(size)
    background, unknown, foreground = (
        resize(plane, size) for plane in (found.background, found.unknown, found.foreground)
    )
    side = 2 * round(_AROUND * max(size)) + 1
    around = np.ones((side, side), np.uint8)
    least, most = np.asarray(cv2.erode(mask, around)), np.asarray(cv2.dilate(mask, around))
    added = (trimap == 1) & (least < 1 - _SURE) & (foreground < limits.certain)
    removed = (trimap == 0) & (most > _SURE) & (background < limits.certain)
    strange = (trimap == 0.5) & (unknown < limits.strange)
    clear = (most < 1 - _SURE) & (strange | (trimap == 1) & (foreground < limits.hesitant))
    solid = (least > _SURE) & (strange | (trimap == 0) & (background < limits.hesitant))
    return np.select(
        [clear, solid, added | removed], [np.float32(0), np.float32(1), np.float32(0.5)], trimap
    ).astype(np.float32)


def _drop_distant(trimap: Plane, mask: Plane, reach: float) -> Plane:
    """Drop solid parts of the trimap that go on too far from the mask; hair may go on.

    A part is what hangs together outside the mask: it is another object, or it belongs as a whole.
    Holes are not far from the mask, however large.
    """
    inside = (mask > 0.5).astype(np.uint8)
    if not inside.any():
        return trimap
    outlines, _ = cv2.findContours(inside, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = cv2.drawContours(inside.copy(), outlines, -1, 1, cv2.FILLED)
    distance = cv2.distanceTransform(1 - filled, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    added = ((trimap == 1) & (inside == 0)).astype(np.uint8)
    _, parts = cv2.connectedComponents(added, connectivity=4)
    extent = float(np.sqrt(inside.sum()))
    too_far = np.unique(parts[distance > reach * extent])
    dropped = np.isin(parts, too_far[too_far > 0])
    if not dropped.any():
        return trimap
    edge = 2 * round(_SOFT_EDGE * max(trimap.shape)) + 1
    around = cv2.dilate(dropped.astype(np.uint8), np.ones((edge, edge), np.uint8)) > 0
    soft = (trimap == 0.5) & around & (distance > _AT_THE_MASK * extent)
    return np.where(dropped | soft, np.float32(0), trimap)


def is_whole_frame(guide: Guide) -> bool:
    """Whether the mask is the whole frame: then there is no background to tell it from."""
    told = guide.trimap is not None or guide.refinement is not None
    return bool((guide.segmentation.logits > 0).all()) and not told


def make_even_matte(hw: tuple[int, int], alpha: float) -> Matte:
    """Make the matte of an object that is nowhere, or everywhere."""
    everywhere = np.full(hw, alpha, np.float32)
    return Matte(everywhere, np.zeros(hw, np.float32), np.ones(hw, np.float32))


def choose_trimap(guide: Guide, window: Window, trimap: Plane) -> Plane:
    """Choose the trimap that a person gave, at the size of the found one, or else the found one."""
    if guide.trimap is None:
        return trimap
    given = guide.trimap[window.y0 : window.y1, window.x0 : window.x1]
    reduced = resize(given, Size(trimap.shape[1], trimap.shape[0]))
    return np.where((reduced > 0) & (reduced < 1), np.float32(0.5), reduced)


def restore_trimap(guide: Guide, window: Window, alpha: Plane) -> Plane:
    """Restore a person's trimap in the window's alpha where the trimap is certain."""
    if guide.trimap is None:
        return alpha
    given = guide.trimap[window.y0 : window.y1, window.x0 : window.x1]
    return np.where((given > 0) & (given < 1), alpha, given)


def _mask_part(guide: Guide, hw: tuple[int, int], window: Window, size: Size) -> Plane:
    """Cut the mask's probability out of the window, at a size."""
    scale = size.width / window.width
    whole = Size(max(1, round(hw[1] * scale)), max(1, round(hw[0] * scale)))
    mask = mask_probability(guide.segmentation, whole)
    part = window.scale(Size(hw[1], hw[0]), whole)
    return resize(mask[part.y0 : part.y1, part.x0 : part.x1], size)


def place_matte(alpha: Plane, prior: Prior, found: Detection, hw: tuple[int, int]) -> Matte:
    """Place the window's planes in the frame; outside alpha is 0 with full confidence."""
    window = found.window
    at = (slice(window.y0, window.y1), slice(window.x0, window.x1))
    size = Size(window.width, window.height)
    unknown = prior.unknown.astype(np.float32)
    known = np.maximum(found.background, found.foreground)
    small = Size(unknown.shape[1], unknown.shape[0])
    sure = np.where(prior.unknown, resize(found.confidence, small), resize(known, small))
    alpha_whole, roi = np.zeros(hw, np.float32), np.zeros(hw, np.float32)
    confidence = np.ones(hw, np.float32)
    np.clip(alpha, 0, 1, out=alpha_whole[at])
    # straight into the frame: at 4K it is fresh memory that costs, not the arithmetic
    for plane, whole in ((unknown, roi), (sure, confidence)):
        cv2.resize(plane, tuple(size), dst=whole[at], interpolation=cv2.INTER_LINEAR)
    return Matte(alpha_whole, roi, confidence)
