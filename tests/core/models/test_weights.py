from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from matting_core.errors import WeightsError
from matting_core.models import weights
from matting_core.models.files.notes import InstallNote, note_path, write_note
from matting_core.models.weights import CATALOGUE, is_installed, load, verify

VALUES = {
    "plain": np.linspace(-1, 1, 6, dtype=np.float16).reshape(2, 3),
    "packed": np.array([[-127, 0, 127], [1, 2, 3]], np.int8),
    "packed.scale": np.array([0.5, 2.0], np.float32),
    "layers.0.scale": np.array([0.25], np.float32),  # a network's own, of no other tensor
}


@pytest.fixture
def entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> weights.Weights:
    """A small file of weights, in the catalogue as `small`."""
    path = tmp_path / "w.safetensors"
    save_file(VALUES, path)
    found = weights.Weights(
        id="small",
        title="Small",
        file=str(path),
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        size=path.stat().st_size,
        licence="CC0-1.0",
        origin="this test",
    )
    monkeypatch.setattr(weights, "CATALOGUE", {"small": found})
    monkeypatch.setattr(weights, "load", load.__wrapped__)
    return found


def test_weights_come_as_float_and_unpacked(entry) -> None:
    found = {name: tensor.numpy() for name, tensor in weights.load("small").items()}
    assert set(found) == {"plain", "packed", "layers.0.scale"}
    assert found["layers.0.scale"] == 0.25
    assert all(array.dtype == np.float32 for array in found.values())
    assert np.array_equal(found["plain"], VALUES["plain"].astype(np.float32))
    assert found["packed"].tolist() == [[-63.5, 0, 63.5], [2, 4, 6]]


@pytest.mark.parametrize(
    "change",
    [lambda data: b"", lambda data: data[:-1], lambda data: data[:50] + b"\0" + data[51:]],
)
def test_damaged_weights_are_refused_before_they_are_read(entry, change) -> None:
    entry.path.write_bytes(change(entry.path.read_bytes()))
    for use in (lambda: verify(entry), lambda: weights.load("small")):
        with pytest.raises(WeightsError, match=r"'small' at .* are damaged; "):
            use()


def test_missing_weights_are_named(entry) -> None:
    entry.path.unlink()
    with pytest.raises(WeightsError, match=r"'small' are missing at .*w\.safetensors"):
        weights.load("small")


def test_unknown_weights_are_named(entry) -> None:
    with pytest.raises(WeightsError, match="no weights called 'large'"):
        weights.load("large")


def test_the_shipped_weights_are_whole() -> None:
    shipped = [entry for entry in CATALOGUE.values() if entry.shipped]
    assert len(shipped) == 4
    for entry in shipped:
        verify(entry)
        assert entry.path.stat().st_size == entry.size
        assert is_installed(entry.id)


def test_a_changed_catalogue_entry_is_noticed() -> None:
    entry = next(iter(CATALOGUE.values()))
    with pytest.raises(WeightsError, match="damaged"):
        verify(replace(entry, sha256="0" * 64))


@pytest.fixture
def added(entry, monkeypatch) -> weights.Weights:
    """The same file, but one that the user has added, with its note."""
    found = replace(entry, sha256=None)
    monkeypatch.setattr(weights, "CATALOGUE", {"small": found})
    write_note(entry.path, InstallNote(entry.sha256, entry.size, "w.pt", "0" * 64, "2026-11-21"))
    return found


def test_added_weights_are_checked_against_their_note(added) -> None:
    assert is_installed("small")
    assert set(weights.load("small")) == {"plain", "packed", "layers.0.scale"}
    added.path.write_bytes(added.path.read_bytes()[:-1] + b"\1")
    with pytest.raises(
        WeightsError, match=r"'small' at .* are damaged; bring its file and import it again"
    ):
        weights.load("small")


@pytest.mark.parametrize(
    ("lost", "said"), [("file", "are not installed; "), ("note", "have no note .* check them by; ")]
)
def test_added_weights_that_are_not_there_say_how_to_get_them(added, lost, said) -> None:
    (added.path if lost == "file" else note_path(added.path)).unlink()
    assert not is_installed("small")
    with pytest.raises(WeightsError, match=rf"{said}bring its file .*wisp models import"):
        weights.load("small")


def test_a_damaged_note_is_named(added) -> None:
    note_path(added.path).write_text("{}")
    with pytest.raises(WeightsError, match=r"w\.safetensors\.json is damaged; download or import"):
        verify(added)


def test_weights_that_are_offered_say_how_to_download_them() -> None:
    with pytest.raises(WeightsError, match=r"download it .*wisp models download sam2\.1-tiny"):
        verify(CATALOGUE["sam2.1-tiny"])
