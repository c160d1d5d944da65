from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from matting_core.errors import InputError, WeightsError
from matting_core.evaluation.quality.methods import (
    METHODS,
    REFERENCE,
    MaskWithTrimap,
    ablation_methods,
    all_methods,
    pick_methods,
)
from matting_core.models.heads.base import Guide
from matting_core.models.heads.wisp.detector import Detector
from matting_core.types import DeviceChoice, Segmentation, TrackState
from tests.core.evaluation.quality.helpers import HW, grey

CPU = DeviceChoice.CPU


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, bool]]:
    """What weights were loaded, and whether for a progressive network."""
    calls: list[tuple[Path, bool]] = []

    def load(
        path: Path, _device: object, *, progressive: bool = True, mask_error: object = None
    ) -> object:
        calls.append((path, progressive))
        return object()

    monkeypatch.setattr(Detector, "load", load)
    return calls


def test_the_mask_row_keeps_the_known_pixels_of_a_trimap() -> None:
    mask = Segmentation(np.full((6, 8), 12, np.float16), 1.0, TrackState.PROMPTED)
    rgb = np.zeros((*HW, 3), np.uint8)
    trimap = grey(0.5)
    trimap[:5], trimap[20:] = 0, 1
    alpha = MaskWithTrimap().matte(rgb, Guide(mask, trimap=trimap)).alpha
    assert alpha.dtype == np.float32
    assert (alpha[:5] == 0).all()
    assert (alpha[20:] == 1).all()
    assert (alpha[5:20] > 0.99).all()
    assert (MaskWithTrimap().matte(rgb, Guide(mask)).alpha > 0.99).all()


def test_the_rows_are_those_of_the_issue() -> None:
    assert [row.title for row in METHODS] == [
        "mask alone",
        "closed form",
        "closed form in the learned ROI",
        "wisp",
        "wisp, no judge",
        "wisp, band for ROI",
        "wisp, no native stage",
    ]
    assert REFERENCE in [row.name for row in METHODS]


def test_every_file_of_ablations_is_a_row(tmp_path: Path, loaded) -> None:
    for name in ("no-progressive", "no-consistency", "no-smoothness", "baseline", "my-own"):
        (tmp_path / f"{name}.safetensors").touch()
    (tmp_path / "README.md").touch()
    rows = ablation_methods(tmp_path)
    assert [row.title for row in rows] == [
        "wisp, baseline of the ablations",
        "wisp, my own",
        "wisp, no consistency loss",
        "wisp, no progressive scales",
        "wisp, no smoothness loss",
    ]
    for row in rows:
        row.build(CPU, Path("other.safetensors"))
    assert loaded == [(row.file, row.name != "no-progressive") for row in rows]
    assert [row.name for row in all_methods(tmp_path)] == [row.name for row in (*METHODS, *rows)]
    assert all_methods(None) == METHODS


def test_given_weights_take_the_place_of_the_shipped(loaded) -> None:
    given = Path("mine.safetensors")
    for row in METHODS:
        row.build(CPU, given)
    assert loaded == [(given, True)] * sum(row.needs_weights for row in METHODS)
    assert len(loaded) == 5


def test_a_network_is_told_whether_it_is_progressive(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    from matting_core.models.heads.wisp.network import WispNet

    path = tmp_path / "w.safetensors"
    save_file(WispNet().state_dict(), path)
    for progressive in (True, False):
        detector = Detector.load(path, torch.device("cpu"), progressive=progressive)
        assert detector._net.progressive is progressive


def test_weights_that_are_none_are_told(tmp_path: Path) -> None:
    (tmp_path / "no-progressive.safetensors").write_bytes(b"nothing")
    with pytest.raises(WeightsError, match="cannot be read"):
        ablation_methods(tmp_path)[0].build(CPU, None)


def test_a_folder_without_ablations_is_told(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(InputError, match="holds no weights"):
            all_methods(folder)


def test_an_ablation_cannot_be_called_like_a_row(tmp_path: Path) -> None:
    (tmp_path / "wisp.safetensors").touch()
    with pytest.raises(InputError, match="called like a row"):
        all_methods(tmp_path)


def test_rows_are_picked_by_name() -> None:
    assert [row.name for row in pick_methods(METHODS, ["wisp", "mask", "wisp"])] == ["mask", "wisp"]
    with pytest.raises(InputError, match="no row called 'matte'; choose from mask, closed-form, "):
        pick_methods(METHODS, ["matte"])


def test_importing_the_package_leaves_torch_alone() -> None:
    code = (
        "import sys, matting_core.cli.main, matting_core.evaluation.quality.sheets;"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
