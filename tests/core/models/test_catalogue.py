from __future__ import annotations

import re
from pathlib import Path

from matting_core.models.catalogue import CATALOGUE

SIZES = ("tiny", "small", "base-plus", "large")


def test_entries_are_complete() -> None:
    for key, entry in CATALOGUE.items():
        assert entry.id == key
        assert entry.title
        assert entry.size > 0
        assert entry.licence
        assert entry.origin
        assert entry.file.endswith(".safetensors")
        assert entry.shipped == (entry.sha256 is not None)


def test_sam_2_1_is_offered_in_four_sizes() -> None:
    for size in SIZES:
        offer = CATALOGUE[f"sam2.1-{size}"].download
        assert offer.address.startswith("https://")
        assert offer.address.endswith(f"sam2.1_hiera_{size.replace('-', '_')}.pt")
        assert re.fullmatch("[0-9a-f]{64}", offer.sha256)
        assert offer.size == CATALOGUE[f"sam2.1-{size}"].size


def test_only_sam2matting_forbids_commercial_use_and_is_brought_by_the_user() -> None:
    restricted = {key for key, entry in CATALOGUE.items() if entry.non_commercial}
    assert restricted == {
        f"sam2matting-{size}-{part}"
        for size in ("tiny", "base-plus", "sam3")
        for part in ("tracker", "heads")
    }
    assert not any(CATALOGUE[key].download for key in restricted)


def test_added_models_lie_in_the_models_folder(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("WISP_MODELS", str(tmp_path))
    assert CATALOGUE["sam2.1-tiny"].path == tmp_path / "sam2.1-tiny.safetensors"
    monkeypatch.delenv("WISP_MODELS")
    assert CATALOGUE["sam2.1-tiny"].path.parts[-3:-1] == ("wisp", "models")
