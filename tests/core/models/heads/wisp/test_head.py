from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from matting_core.models.heads.base import Guide
from matting_core.models.heads.closed_form_roi import ClosedFormRoiHead
from matting_core.models.heads.wisp.detection import Detection
from matting_core.models.heads.wisp.head import HeadOptions, TrustLimits, WispHead
from matting_core.types import TrackState
from matting_core.windows import Window
from tests.clips import Disc, disc_alpha
from tests.core.factories import Size, segmentation_of
from tests.tables import table

SIZE = Size(240, 160)
WINDOW = Window(40, 20, 200, 140)
FRONT, BACK = np.array([230, 190, 60]), np.array([30, 60, 130])


class Told:
    """A detector that says what the truth's trimap says, whatever the mask."""

    def __init__(self, truth: np.ndarray) -> None:
        part = truth[WINDOW.y0 : WINDOW.y1, WINDOW.x0 : WINDOW.x1]
        alpha = cv2.resize(part, (256, 256), interpolation=cv2.INTER_LINEAR)
        small = cv2.resize(part, (128, 128), interpolation=cv2.INTER_AREA)
        unknown = cv2.dilate(((small > 0.02) & (small < 0.98)).astype(np.float32), np.ones((3, 3)))
        known = (small > 0.5).astype(np.float32)
        self.found = Detection(
            window=WINDOW,
            background=((1 - known) * (1 - unknown)).astype(np.float32),
            unknown=unknown,
            foreground=(known * (1 - unknown)).astype(np.float32),
            alpha=alpha,
            confidence=np.full((128, 128), 0.9, np.float32),
        )

    def detect(self, _rgb, guide) -> Detection | None:
        return self.found if (guide.segmentation.logits > 0).any() else None


def _soft_disc(radius: float = 30) -> np.ndarray:
    y, x = np.mgrid[0 : SIZE.height, 0 : SIZE.width] + 0.5
    return np.clip((radius - np.hypot(x - 120, y - 80)) / 8 + 0.5, 0, 1).astype(np.float32)


def _picture(alpha: np.ndarray) -> np.ndarray:
    cover = alpha[..., None]
    return np.rint(cover * FRONT + (1 - cover) * BACK).astype(np.uint8)


def _guide(mask: np.ndarray, trimap: np.ndarray | None = None) -> Guide:
    return Guide(segmentation_of(mask), None, trimap)


TRUTH = _soft_disc()


@table("head", [WispHead(Told(TRUTH)), ClosedFormRoiHead(Told(TRUTH))])
def test_holes_are_filled_and_wrongly_included_background_goes(head) -> None:
    mask = (TRUTH > 0.5).astype(np.float32)
    mask[70:90, 110:130] = 0
    mask[40:120, 170:190] = 1
    matte = head.matte(_picture(TRUTH), _guide(mask))
    assert np.abs(matte.alpha - TRUTH).mean() < 0.01
    assert matte.alpha[80, 120] == 1
    assert not matte.alpha[:, 170:].any()


def test_a_sure_mask_is_overruled_only_by_a_surer_network() -> None:
    """Where the network doubts, the place becomes unknown, and the mask is the guide there."""
    mask = (TRUTH > 0.5).astype(np.float32)
    mask[40:120, 170:190] = 1
    doubtful = Told(TRUTH)
    doubtful.found = replace(doubtful.found, background=0.9 * doubtful.found.background)
    assert not WispHead(Told(TRUTH)).matte(_picture(TRUTH), _guide(mask)).roi[60:100, 180].any()
    matte = WispHead(doubtful).matte(_picture(TRUTH), _guide(mask))
    assert matte.roi[60:100, 180].all()
    assert (matte.roi[30:130, 50:80] == 0).all()


def test_a_hesitant_network_does_not_count_against_a_mask_that_is_sure_all_around() -> None:
    mask = (TRUTH > 0.5).astype(np.float32)
    mask[40:120, 170:190] = 1
    hesitant = Told(TRUTH)
    found = hesitant.found
    hesitant.found = replace(found, background=0.6 * found.background)
    matte = WispHead(hesitant).matte(_picture(TRUTH), _guide(mask))
    assert (matte.alpha[60:100, 178:182] == 1).all()
    assert not matte.roi[60:100, 178:182].any()
    # the same for a hole that it would fill
    mask = (TRUTH > 0.5).astype(np.float32)
    mask[60:100, 100:140] = 0
    hesitant.found = replace(found, foreground=0.6 * found.foreground)
    assert not WispHead(hesitant).matte(_picture(TRUTH), _guide(mask)).alpha[75:85, 115:125].any()


@table(("probability", "looked_at"), [(0.7, False), (0.9, True)])
def test_unknown_must_be_likely_where_the_mask_is_sure_all_around(probability, looked_at) -> None:
    mask = (TRUTH > 0.5).astype(np.float32)
    told = Told(TRUTH)
    found = told.found
    unknown, foreground = found.unknown.copy(), found.foreground.copy()
    unknown[54:74, 54:74], foreground[54:74, 54:74] = probability, 1 - probability
    told.found = replace(found, unknown=unknown, foreground=foreground)
    matte = WispHead(told).matte(_picture(TRUTH), _guide(mask))
    assert (matte.roi[78:82, 118:122] > 0).all() == looked_at


def test_a_mask_with_a_comb_gives_no_comb() -> None:
    """SAM's decoder leaves stripes where it is in doubt; each row must not be judged by itself."""
    mask = (TRUTH > 0.5).astype(np.float32)
    mask[40:120:2, 165:195] = 1
    doubtful = Told(TRUTH)
    doubtful.found = replace(doubtful.found, background=0.9 * doubtful.found.background)
    roi = WispHead(doubtful).matte(_picture(TRUTH), _guide(mask)).roi[50:110, 172:188]
    assert (roi == roi[0, 0]).all()


def test_solid_parts_far_from_the_mask_are_left_out_whole() -> None:
    """What a tracked mask lacks is near it; what a box's first answer lacks may be further."""
    two = np.maximum(_soft_disc(20), np.roll(_soft_disc(12), 60, axis=1))
    mask = (_soft_disc(20) > 0.5).astype(np.float32)
    picture = _picture(two)
    kept = WispHead(Told(two), HeadOptions(accepted=TrustLimits(reach=2.0))).matte(
        picture, _guide(mask)
    )
    assert kept.alpha[80, 180] == 1
    tracked = Guide(segmentation_of(mask, TrackState.TRACKED))
    far = (
        WispHead(Told(two), HeadOptions(first=TrustLimits(reach=2.0))).matte(picture, tracked).alpha
    )
    assert not far[74:86, 174:186].any()
    assert far[50:110, 150:210].mean() < 0.05
    assert far[80, 120] == 1
    decoded = Guide(segmentation_of(mask, TrackState.PROMPTED))
    assert (
        WispHead(Told(two), HeadOptions(first=TrustLimits(reach=2.0)))
        .matte(picture, decoded)
        .alpha[80, 180]
        == 1
    )


def test_nothing_is_found_outside_the_window() -> None:
    matte = WispHead(Told(TRUTH)).matte(_picture(TRUTH), _guide(TRUTH))
    outside = np.ones(SIZE.hw, np.bool_)
    outside[WINDOW.y0 : WINDOW.y1, WINDOW.x0 : WINDOW.x1] = False
    assert not matte.alpha[outside].any()
    assert not matte.roi[outside].any()
    assert (matte.confidence[outside] == 1).all()


def test_the_roi_is_the_soft_edge_and_less_sure_than_the_rest() -> None:
    matte = WispHead(Told(TRUTH)).matte(_picture(TRUTH), _guide(TRUTH))
    assert (matte.roi[(TRUTH > 0.1) & (TRUTH < 0.9)] > 0.9).all()
    assert matte.roi[80, 120] == 0
    assert matte.confidence[80, 120] > matte.confidence[80, 120 + 30]


def test_without_the_detector_the_mask_is_not_overruled() -> None:
    mask = (TRUTH > 0.5).astype(np.float32)
    mask[60:100, 100:140] = 0
    head = WispHead(Told(TRUTH), HeadOptions(without=frozenset({"detector"})))
    assert head.matte(_picture(TRUTH), _guide(mask)).alpha[80, 120] < 0.5


def test_without_the_native_stage_alpha_is_the_networks() -> None:
    head = WispHead(Told(TRUTH), HeadOptions(without=frozenset({"native"})))
    noise = np.random.default_rng(1).integers(0, 256, (*SIZE.hw, 3), dtype=np.uint8)
    assert np.abs(head.matte(noise, _guide(TRUTH)).alpha - TRUTH).mean() < 0.02


@table("head", [WispHead(Told(TRUTH)), ClosedFormRoiHead(Told(TRUTH))])
def test_a_persons_trimap_is_kept(head) -> None:
    trimap = np.full(SIZE.hw, 0.5, np.float32)
    trimap[:, :100] = 1
    trimap[:, 150:] = 0
    alpha = head.matte(_picture(TRUTH), _guide(TRUTH, trimap)).alpha
    assert (alpha[30:130, 60:95] == 1).all()
    assert not alpha[:, 155:].any()


def test_hair_of_a_large_picture_is_resolved_at_its_own_pixels() -> None:
    small = disc_alpha(Disc(120, 80, 30), SIZE)
    truth = np.kron(small, np.ones((12, 12), np.float32))
    truth[400:1500:12, 1300:2000] = 1
    rgb = _picture(truth)
    told = Told(cv2.resize(truth, tuple(SIZE), interpolation=cv2.INTER_AREA))
    told.found = Detection(
        Window(*(12 * edge for edge in WINDOW)),
        *(getattr(told.found, name) for name in Detection.__slots__[1:]),
    )
    fine = WispHead(told, HeadOptions(pull=1e-4, firm=1e-4)).matte(rgb, _guide(small)).alpha
    blunt = (
        WispHead(told, HeadOptions(without=frozenset({"native"}))).matte(rgb, _guide(small)).alpha
    )
    assert np.abs(fine - truth).mean() < 0.5 * np.abs(blunt - truth).mean()
    strand, gap = fine[700, 1900:1990].mean(), fine[706, 1900:1990].mean()
    assert strand > 5 * gap
    assert strand > 0.4
