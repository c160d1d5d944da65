from __future__ import annotations

import numpy as np
import torch

from matting_core.models.heads.base import Guide
from matting_core.models.heads.wisp.detection import Detection
from matting_core.models.heads.wisp.detector import Detector
from matting_core.models.heads.wisp.mask_error import overrule
from matting_core.models.heads.wisp.network import WispNet
from matting_core.types import TrackState
from matting_core.windows import Window
from tests.core.factories import segmentation_of
from tests.core.models.heads.wisp.test_detector import PICTURE, Looks, _mask
from tests.tables import table

HERE = (slice(40, 80), slice(40, 80))


def _said(inside: float, alpha: float) -> Detection:
    """A background with a square of which the foreground has the probability `inside`."""
    foreground = np.zeros((128, 128), np.float32)
    foreground[HERE] = inside
    finest = np.zeros((256, 256), np.float32)
    finest[80:160, 80:160] = alpha
    unknown = np.zeros_like(foreground)
    unknown[HERE] = 1 - inside
    sure = np.full((128, 128), inside, np.float32)
    return Detection(
        Window(0, 0, 9, 9), 1 - foreground - unknown, unknown, foreground, finest, sure
    )


def _square(value: float) -> np.ndarray:
    mask = np.full((128, 128), 1 - value, np.float32)
    mask[HERE] = value
    return mask


def test_a_sure_judge_adds_what_the_mask_lacks() -> None:
    found = overrule(_said(0.2, 0.3), _said(0.99, 1.0), np.zeros((128, 128), np.float32))
    assert (found.foreground[44:76, 44:76] > 0.98).all()
    assert (found.alpha[88:152, 88:152] == 1).all()
    assert (found.confidence[44:76, 44:76] > 0.98).all()
    assert not found.foreground[:30].any()


def test_a_sure_judge_removes_what_the_mask_should_not_have() -> None:
    mask = np.ones((128, 128), np.float32)
    found = overrule(_said(0.9, 0.9), _said(0.0, 0.0), mask)
    assert (found.background[:30] == 1).all()
    nothing = _said(0.0, 0.0)
    nothing.unknown[...], nothing.background[...] = 0, 1
    assert not overrule(_said(0.9, 0.9), nothing, mask).foreground[44:76, 44:76].any()


@table(("mask", "sure"), [(0.0, 0.8), (0.5, 0.99)])
def test_else_the_network_keeps_its_answer(mask: float, sure: float) -> None:
    found = _said(0.6, 0.7)
    assert overrule(found, _said(sure, 1.0), np.full((128, 128), mask, np.float32)) is found


def test_where_judge_and_mask_agree_the_network_keeps_its_answer() -> None:
    found = _said(0.6, 0.7)
    assert overrule(found, _said(0.99, 1.0), _square(1.0)) is found


def test_a_speck_is_no_wrong_mask() -> None:
    judged = _said(0.0, 0.0)
    judged.foreground[10:12, 10:12] = 1
    judged.background[10:12, 10:12] = 0
    found = _said(0.6, 0.7)
    assert overrule(found, judged, np.zeros((128, 128), np.float32)) is found


def test_a_detector_asks_its_judge_about_the_same_view() -> None:
    torch.manual_seed(0)
    device = torch.device("cpu")
    judge = Detector(WispNet().state_dict(), device)
    looks = Looks()
    asked: list[tuple[object, ...]] = []

    class Sure:
        def _run(self, *view) -> Detection:
            asked.append(view)
            return judge._run(*view)

    detector = Detector(WispNet().state_dict(), device, mask_error=Sure())  # type: ignore[arg-type]
    first = segmentation_of(_mask(), TrackState.PROMPTED)
    found = detector.detect(PICTURE, Guide(first, looks))
    assert found is not None
    assert len(asked) == len(looks.seen) == 1
    assert asked[0][0] == found.window


def test_with_a_tracked_mask_the_mean_of_both_counts() -> None:
    torch.manual_seed(0)
    device = torch.device("cpu")
    one, other = (Detector(WispNet().state_dict(), device) for _ in range(2))
    both = Detector(one._net.state_dict(), device, mask_error=other)
    guide = Guide(segmentation_of(_mask(), TrackState.TRACKED), Looks())
    first, second, found = (each.detect(PICTURE, guide) for each in (one, other, both))
    assert first is not None
    assert second is not None
    assert found is not None
    assert np.allclose(found.unknown, (first.unknown + second.unknown) / 2, atol=1e-5)
    assert np.allclose(found.alpha, (first.alpha + second.alpha) / 2, atol=1e-5)
