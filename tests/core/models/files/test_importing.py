"""A checkpoint becomes installed weights, or nothing changes."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from matting_core.errors import OutOfMemoryError, WeightsError
from matting_core.files import models_folder
from matting_core.models import weights
from matting_core.models.files import store
from matting_core.models.files.importing import ImportResult, import_file
from matting_core.models.files.notes import read_note
from matting_core.models.files.tensor_shapes import head_shapes, sam21_shapes
from tests.core.models.files.small import sam2matting, sam21
from tests.tables import table

small = pytest.mark.usefixtures("small_networks")


def _checkpoint(path: Path, tensors: dict[str, torch.Tensor]) -> Path:
    torch.save({"model": tensors}, path)
    return path


def _imported(path: Path) -> ImportResult:
    *progress, last = import_file(path)
    assert [step.done for step in progress] == [0, 1, 2, 3]
    return last


def _files() -> list[str]:
    folder = models_folder()
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@small
def test_sam_2_1_is_installed_with_a_note(tmp_path: Path) -> None:
    tensors = sam21()
    path = _checkpoint(tmp_path / "mine.pt", tensors)
    assert _imported(path) == ImportResult("SAM 2.1 tiny", ("sam2.1-tiny",), None)
    entry = weights.find("sam2.1-tiny")
    note = read_note(entry.path)
    assert note.source == "mine.pt"
    assert note.source_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert note.sha256 == hashlib.sha256(entry.path.read_bytes()).hexdigest()
    assert note.size == entry.path.stat().st_size
    assert note.installed.endswith("+00:00")
    assert _files() == ["sam2.1-tiny.safetensors", "sam2.1-tiny.safetensors.json"]
    loaded = weights.load("sam2.1-tiny")
    assert all(torch.equal(loaded[name], tensors[name]) for name in tensors)


@small
def test_sam2matting_is_installed_as_two(tmp_path: Path) -> None:
    path = tmp_path / "mine.safetensors"
    save_file(sam2matting("base-plus", "module."), path)
    found = _imported(path)
    assert found.ids == ("sam2matting-base-plus-tracker", "sam2matting-base-plus-heads")
    assert found.non_commercial == "CC-BY-NC-SA-4.0"
    assert all(weights.is_installed(weights_id) for weights_id in found.ids)
    assert "alpha_pred1.3.bias" in weights.load("sam2matting-base-plus-heads")


@small
def test_files_have_the_usual_permissions(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        _imported(_checkpoint(tmp_path / "mine.pt", sam21()))
    finally:
        os.umask(old)
    assert weights.find("sam2.1-tiny").path.stat().st_mode & 0o777 == 0o640


@small
def test_importing_again_takes_the_place_of_the_old(tmp_path: Path) -> None:
    _imported(_checkpoint(tmp_path / "one.pt", sam21()))
    before = weights.load("sam2.1-tiny")
    doubled = {name: 2 * value for name, value in sam21().items()}
    _imported(_checkpoint(tmp_path / "two.pt", doubled))
    after = weights.load("sam2.1-tiny")
    assert all(torch.equal(after[name], 2 * before[name]) for name in before)


@small
def test_tensors_that_share_memory_are_installed(tmp_path: Path) -> None:
    tensors = sam21()
    shared = torch.arange(50.0)
    tensors["memory_attention.layers.0.weight"] = shared[10:15]
    tensors["no_mem_embed"] = shared[:4].view(1, 1, 4)
    _imported(_checkpoint(tmp_path / "mine.pt", tensors))
    assert weights.load("sam2.1-tiny")["no_mem_embed"].flatten().tolist() == [0, 1, 2, 3]


def test_only_what_shares_memory_is_copied_to_be_written(tmp_path: Path) -> None:
    path = tmp_path / "mine.safetensors"
    save_file(sam21(), path)
    tensors = load_file(path)
    written = store._copy_shared(tensors)
    assert all(written[name].data_ptr() == tensors[name].data_ptr() for name in tensors)
    assert list(written) == list(tensors)


@small
@table(
    "error", [MemoryError(), RuntimeError("unable to mmap 9 bytes: Cannot allocate memory (12)")]
)
@table("place", ["torch.load", "safetensors.torch.save_file"])
def test_a_full_memory_is_one_sentence(tmp_path: Path, monkeypatch, error, place) -> None:
    def full(*_args, **_named):
        raise error

    path = _checkpoint(tmp_path / "mine.pt", sam21())
    monkeypatch.setattr(place, full)
    with pytest.raises(OutOfMemoryError, match=r"memory while mine\.pt is imported; close other"):
        _imported(path)
    assert _files() == []


@small
@table("fault", ["cut", "foreign", "incomplete"])
def test_nothing_is_installed_from_a_bad_file(tmp_path: Path, fault) -> None:
    tensors = sam2matting()
    if fault == "incomplete":
        del tensors["alpha_pred1.3.bias"]
    path = _checkpoint(tmp_path / "mine.pt", tensors)
    if fault == "cut":
        path.write_bytes(path.read_bytes()[:-200])
    if fault == "foreign":
        path.write_text("<html>")
    with pytest.raises(WeightsError):
        _imported(path)
    assert _files() == []


def _no_space(tensors, path) -> None:
    if "alpha_pred1.3.bias" in tensors:
        raise SafetensorError("Error while serializing: No space left (os error 28)")
    save_file(tensors, path)


@small
def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch) -> None:
    path = _checkpoint(tmp_path / "mine.pt", sam2matting())
    _imported(path)
    before = {name: (models_folder() / name).read_bytes() for name in _files()}
    monkeypatch.setattr("safetensors.torch.save_file", _no_space)
    with pytest.raises(WeightsError, match=r"The disk is full at .*free some space"):
        _imported(path)
    assert {name: (models_folder() / name).read_bytes() for name in _files()} == before


@small
def test_too_little_room_is_told_before_anything_is_written(tmp_path: Path, monkeypatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(9, 9, 1000))
    with pytest.raises(WeightsError, match="0 MB free and 0 MB are needed; free some space"):
        _imported(_checkpoint(tmp_path / "mine.pt", sam21()))
    assert _files() == []


@small
@table("code", [errno.EACCES, errno.EROFS])
def test_a_folder_that_may_not_be_written_says_what_to_set(tmp_path, monkeypatch, code) -> None:
    def refuse(*_args, **_named):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(WeightsError, match="may not be written; set WISP_MODELS to another"):
        _imported(_checkpoint(tmp_path / "mine.pt", sam21()))


@small
def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path, monkeypatch) -> None:
    path = _checkpoint(tmp_path / "mine.pt", sam21())
    monkeypatch.setenv("WISP_MODELS", str(path))
    with pytest.raises(WeightsError, match=r"mine\.pt cannot be used .*set WISP_MODELS"):
        _imported(path)


@small
def test_what_was_installed_can_be_removed(tmp_path: Path) -> None:
    _imported(_checkpoint(tmp_path / "mine.pt", sam21()))
    weights.load("sam2.1-tiny")
    store.remove(weights.find("sam2.1-tiny"))
    assert _files() == []
    with pytest.raises(WeightsError, match="not installed"):
        weights.load("sam2.1-tiny")
    with pytest.raises(WeightsError, match="nothing to remove"):
        store.remove(weights.find("sam2.1-tiny"))


def test_what_ships_with_wisp_stays() -> None:
    with pytest.raises(WeightsError, match="'wisp-head' is a part of Wisp and stays"):
        store.remove(weights.find("wisp-head"))


def test_a_checkpoint_of_the_true_shapes_is_installed(tmp_path: Path) -> None:
    named = {**sam21_shapes("tiny"), **head_shapes()}
    zeros = {name: torch.zeros(shape) for name, shape in named.items()}
    found = _imported(_checkpoint(tmp_path / "SAM2Matting-SAM2.1Tiny.pt", zeros))
    assert found.ids == ("sam2matting-tiny-tracker", "sam2matting-tiny-heads")
    for weights_id in found.ids:
        entry = weights.find(weights_id)
        assert entry.path.stat().st_size == pytest.approx(entry.size, rel=1e-3)
        weights.verify(entry)
