from __future__ import annotations

import numpy as np
import pytest

from matting_core.matte.guides import SHARPNESS, mask_inside, mask_probability, mask_to_logits
from matting_core.types import Segmentation, Size, TrackState
from tests.core.factories import lost, segmentation_of
from tests.tables import table


def _ramp(low: float, high: float, hw=(8, 16)) -> Segmentation:
    row = np.linspace(low, high, hw[1], dtype=np.float32)
    logits = np.broadcast_to(row, hw).astype(np.float16)
    return Segmentation(logits, 1.0, TrackState.TRACKED)


def test_probability_is_the_sharpened_sigmoid() -> None:
    found = mask_probability(_ramp(-1, 1), Size(16, 8))
    wanted = 1 / (1 + np.exp(-SHARPNESS * np.linspace(-1, 1, 16)))
    assert found.dtype == np.float32
    assert found.shape == (8, 16)
    assert np.allclose(found, wanted, atol=2e-3)


def test_the_outline_stays_at_zero_when_enlarged() -> None:
    inside = mask_inside(_ramp(-4, 4), Size(160, 80))
    assert inside.dtype == np.bool_
    assert not inside[:, :79].any()
    assert inside[:, 81:].all()


def test_enlarging_is_smooth() -> None:
    found = mask_probability(_ramp(-0.3, 0.3), Size(160, 80))
    assert 0 < np.abs(np.diff(found, axis=1)).max() < 0.05


@table("size", [Size(1, 1), Size(57, 33), Size(640, 360)])
def test_any_size_may_be_asked_for(size) -> None:
    found = mask_probability(_ramp(-30000, 30000), size)
    assert found.shape == size.hw
    assert np.isfinite(found).all()
    assert 0 <= found.min() <= found.max() <= 1


def test_a_lost_object_is_nowhere_whatever_its_logits() -> None:
    full = segmentation_of(np.ones((4, 4)))
    gone = Segmentation(full.logits, 0.0, TrackState.LOST)
    assert not mask_probability(gone, Size(9, 7)).any()
    assert not mask_inside(lost((4, 4)), Size(9, 7)).any()
    assert mask_inside(full, Size(9, 7)).all()


def test_a_masks_logits_have_its_sign_and_its_steep_edge() -> None:
    edge = np.tile(np.array([0, 0, 0, 0.25, 0.75, 1, 1, 1], np.float32), (3, 1))
    logits = mask_to_logits(edge)
    assert logits.dtype == np.float16
    assert logits[0] == pytest.approx(np.array([-6, -6, -6, -3, 3, 6, 6, 6]), abs=0.01)


def test_a_feathered_mask_is_the_probability_again() -> None:
    ramp = np.tile(np.linspace(0, 1, 41, dtype=np.float32), (30, 1))
    segmentation = Segmentation(mask_to_logits(ramp), 1.0, TrackState.PROMPTED)
    assert mask_probability(segmentation, Size(41, 30)) == pytest.approx(ramp, abs=0.01)
    assert ((segmentation.logits > 0) == (ramp > 0.5)).all()


def test_a_large_mask_keeps_its_shape_at_1024_a_side() -> None:
    mask = np.zeros((1080, 2048), np.float32)
    mask[:, :1024] = 1
    logits = mask_to_logits(mask)
    assert logits.shape == (540, 1024)
    assert (logits[:, :512] > 0).all()
    assert (logits[:, 512:] < 0).all()
