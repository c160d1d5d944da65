"""The published heads behind `MattingHead`, with drawn weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from matting_core.errors import InputError, OutOfMemoryError
from matting_core.models.heads.base import Guide
from matting_core.models.heads.sam2matting import SPECS
from matting_core.models.heads.sam2matting.head import SAM3, SAM21, PublishedHead
from matting_core.models.heads.sam2matting.model import SAM2MattingHeads
from matting_core.models.registry import head_spec
from matting_core.models.trackers.base import Features
from matting_core.types import Segmentation
from matting_core.windows import Window
from tests.core.factories import lost, segmentation_of
from tests.core.models.heads.sam2matting.drawn import checkpoint, features
from tests.tables import table

HW = (90, 120)


@pytest.fixture(scope="module")
def head() -> PublishedHead:
    return PublishedHead(checkpoint(), torch.device("cpu"), replace(SAM21, side=128))


class Looker:
    """Gives drawn features, and remembers what was looked at."""

    def __init__(self) -> None:
        self.asked: list[tuple[Window, int]] = []

    def __call__(self, window: Window, side: int) -> Features:
        self.asked.append((window, side))
        return Features(*features(1, *((side // stride,) * 2 for stride in (4, 8, 16))))


def _picture() -> np.ndarray:
    return np.random.default_rng(5).integers(0, 256, (*HW, 3), dtype=np.uint8)


def _half() -> Segmentation:
    mask = np.zeros((64, 64))
    mask[:, 32:] = 1
    return segmentation_of(mask)


def test_the_whole_frame_is_looked_at_and_matted(head) -> None:
    look = Looker()
    matte = head.matte(_picture(), Guide(_half(), look))
    assert look.asked == [(Window(0, 0, 120, 90), 128)]
    for plane in (matte.alpha, matte.roi, matte.confidence):
        assert plane.shape == HW
        assert plane.dtype == np.float32
        assert 0 <= plane.min() <= plane.max() <= 1
    assert 0 < matte.roi.mean() < 1


def test_alpha_is_what_the_published_model_says(head) -> None:
    picture, look = np.full((*HW, 3), 90, np.uint8), Looker()
    matte = head.matte(picture, Guide(_half(), look))
    model = SAM2MattingHeads.load_published(checkpoint())
    mean, deviation = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    image = ((90 / 255 - mean) / deviation).view(1, 3, 1, 1).expand(1, 3, 128, 128)
    logits = torch.from_numpy(_half().logits.astype(np.float32))[None, None]
    with torch.inference_mode():
        levels = look(Window(0, 0, 1, 1), 128)
        told = model((levels.stride4, levels.stride8, levels.stride16), logits, image)
    enlarged = torch.nn.functional.interpolate(told.alpha, HW, mode="bilinear")[0, 0].numpy()
    assert told.alpha.shape[2:] == (64, 64)
    assert np.abs(enlarged - matte.alpha).max() < 1e-4


@table(
    ("segmentation", "alpha"),
    [
        (lost((64, 64)), 0),
        (segmentation_of(np.zeros((64, 64))), 0),
        (segmentation_of(np.ones((64, 64))), 1),
    ],
)
def test_an_even_mask_needs_no_network(head, segmentation, alpha) -> None:
    look = Looker()
    matte = head.matte(_picture(), Guide(segmentation, look))
    assert (matte.alpha == alpha).all()
    assert (matte.confidence == 1).all()
    assert not matte.roi.any()
    assert look.asked == []


def test_a_persons_trimap_overrules(head) -> None:
    trimap = np.full(HW, 0.5, np.float32)
    trimap[:40], trimap[70:] = 0, 1
    matte = head.matte(_picture(), Guide(_half(), Looker(), trimap))
    assert not matte.alpha[:40].any()
    assert (matte.alpha[70:] == 1).all()
    assert (matte.roi[45:65] == 1).all()


def test_without_features_another_head_is_advised(head) -> None:
    with pytest.raises(InputError, match="choose another head"):
        head.matte(_picture(), Guide(_half()))


def test_the_published_heads_are_registered() -> None:
    ids = ["sam2matting-tiny", "sam2matting-base-plus", "sam2matting-sam3"]
    assert [spec.id for spec in SPECS] == ids
    for spec in SPECS:
        assert head_spec(spec.id) is spec
        assert spec.needs_features
        assert spec.weights == (f"{spec.id}-heads",)


@table(("picture", "side"), [(SAM21, 1024), (SAM3, 1008)])
def test_the_published_input_is_that_of_the_encoder(picture, side, monkeypatch) -> None:
    look, seen = Looker(), []
    head = PublishedHead(checkpoint(), torch.device("cpu"), picture)
    monkeypatch.setattr(head, "_run", lambda _rgb, _guide, features: seen.append(features))
    head.matte(_picture(), Guide(_half(), look))
    assert look.asked == [(Window(0, 0, 120, 90), side)]
    assert seen[0].stride4.shape == (1, 32, side // 4, side // 4)


@pytest.mark.slow
@table(("picture", "side"), [(SAM21, 1024), (SAM3, 1008)])
def test_the_published_input_is_matted(picture, side) -> None:
    look = Looker()
    head = PublishedHead(checkpoint(), torch.device("cpu"), picture)
    matte = head.matte(_picture(), Guide(_half(), look))
    assert look.asked[0][1] == side
    assert matte.alpha.shape == HW


def test_heads_for_sam_3_see_pictures_between_minus_one_and_one(monkeypatch) -> None:
    seen = []
    head = PublishedHead(checkpoint(), torch.device("cpu"), replace(SAM3, side=128))
    detect = head._heads.detect_roi
    monkeypatch.setattr(
        head._heads, "detect_roi", lambda *args: seen.append(args[2]) or detect(*args)
    )
    ends = np.zeros((*HW, 3), np.uint8)
    ends[:, HW[1] // 2 :] = 255
    head.matte(ends, Guide(_half(), Looker()))
    assert (float(seen[0].min()), float(seen[0].max())) == (-1, 1)
    assert seen[0].shape == (1, 3, 128, 128)


def test_a_full_memory_is_its_own_error(head, monkeypatch) -> None:
    def full(*_args):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(head, "_run", full)
    with pytest.raises(OutOfMemoryError, match="choose the head 'wisp'"):
        head.matte(_picture(), Guide(_half(), Looker()))
