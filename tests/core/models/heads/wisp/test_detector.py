from __future__ import annotations

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from matting_core.errors import InputError, OutOfMemoryError, WeightsError
from matting_core.models.heads.base import Guide
from matting_core.models.heads.wisp.detector import Detector, choose_window, clip_guide_logits
from matting_core.models.heads.wisp.network import WispNet
from matting_core.models.trackers.base import Features
from matting_core.types import Size
from matting_core.windows import Window
from tests.core.factories import lost, segmentation_of

HW = (90, 160)
PICTURE = np.random.default_rng(2).integers(0, 256, (*HW, 3), dtype=np.uint8)


def _mask() -> np.ndarray:
    mask = np.zeros(HW)
    mask[30:60, 50:100] = 1
    return mask


def _detector() -> Detector:
    torch.manual_seed(0)
    return Detector(WispNet().state_dict(), torch.device("cpu"))


class Looks:
    """Remembers what was looked at; gives random features."""

    def __init__(self) -> None:
        self.seen: list[tuple[Window, int]] = []

    def __call__(self, window: Window, side: int) -> Features:
        self.seen.append((window, side))
        draw = torch.Generator().manual_seed(3)
        return Features(
            *(
                torch.randn(1, channels, side // stride, side // stride, generator=draw)
                for channels, stride in ((32, 4), (64, 8), (256, 16))
            )
        )


def test_it_looks_once_at_a_window_around_the_mask() -> None:
    looks = Looks()
    found = _detector().detect(PICTURE, Guide(segmentation_of(_mask()), looks))
    assert found is not None
    ((window, side),) = looks.seen
    assert side == 512
    assert window == found.window
    assert window.x0 <= 40
    assert window.x1 >= 110
    assert window.y0 <= 22
    assert window.y1 >= 68
    classes = found.background + found.unknown + found.foreground
    assert classes.shape == found.confidence.shape == (128, 128)
    assert np.allclose(classes, 1, atol=1e-5)
    assert found.alpha.shape == (256, 256)
    assert 0 <= found.alpha.min() <= found.alpha.max() <= 1


def test_an_empty_or_lost_mask_is_not_looked_at() -> None:
    looks = Looks()
    for segmentation in (segmentation_of(np.zeros(HW)), lost((8, 8))):
        assert _detector().detect(PICTURE, Guide(segmentation, looks)) is None
    assert not looks.seen


def test_without_features_the_sentence_says_what_to_do() -> None:
    with pytest.raises(InputError, match="choose another head"):
        _detector().detect(PICTURE, Guide(segmentation_of(_mask())))


def test_a_persons_trimap_counts_for_more_than_the_mask() -> None:
    trimap = np.full(HW, 0.5, np.float32)
    trimap[:, :50] = 1
    trimap[:, 140:] = 0
    logits = clip_guide_logits(Guide(segmentation_of(_mask()), None, trimap))
    width = logits.shape[1]
    assert (logits[:, : width // 4] > 5).all()
    assert (logits[:, -width // 10 :] < -5).all()
    window = choose_window(logits, Size(HW[1], HW[0]))
    assert window is not None
    assert window.x0 == 0


def test_the_trimap_of_a_detection_is_its_likeliest_class() -> None:
    found = _detector().detect(PICTURE, Guide(segmentation_of(_mask()), Looks()))
    assert found is not None
    trimap = found.trimap(Size(128, 128))
    assert set(np.unique(trimap)) <= {0.0, 0.5, 1.0}
    likeliest = np.argmax([found.background, found.unknown, found.foreground], 0) / 2
    assert (trimap == likeliest).mean() > 0.999


def test_files_of_something_else_are_refused_in_one_sentence(tmp_path) -> None:
    other, broken = tmp_path / "other.safetensors", tmp_path / "broken.safetensors"
    save_file({"a": torch.zeros(2)}, other)
    broken.write_bytes(b"no weights")
    for path in (other, broken, tmp_path / "none.safetensors"):
        with pytest.raises(WeightsError, match=r"train .*\.$"):
            Detector.load(path, torch.device("cpu"))


def test_full_memory_is_its_own_error(monkeypatch) -> None:
    def full(*_args):
        raise torch.OutOfMemoryError("CUDA out of memory")

    detector = _detector()
    monkeypatch.setattr(detector, "_run", full)
    with pytest.raises(OutOfMemoryError, match="choose the head 'closed-form'"):
        detector.detect(PICTURE, Guide(segmentation_of(_mask()), Looks()))
