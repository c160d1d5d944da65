from __future__ import annotations

import pickle
import warnings
import zipfile
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from matting_core.errors import WeightsError
from matting_core.models.files.reading import read_checkpoint
from tests.tables import table

TENSORS = {"a.weight": torch.arange(400.0), "b": torch.zeros(2, 2)}


def _same(found: dict[str, torch.Tensor]) -> bool:
    return set(found) == set(TENSORS) and all(torch.equal(found[k], TENSORS[k]) for k in found)


@table("wrapper", ["model", "state_dict", None])
@table("new", [True, False])
def test_torch_files_are_read(tmp_path: Path, wrapper, new) -> None:
    path = tmp_path / "w.pt"
    contents = {wrapper: TENSORS, "epoch": 5} if wrapper else {**TENSORS, "epoch": 5}
    torch.save(contents, path, _use_new_zipfile_serialization=new)
    assert _same(read_checkpoint(path))


def test_the_kind_is_seen_from_the_contents(tmp_path: Path) -> None:
    save_file(TENSORS, tmp_path / "w.pt")
    assert _same(read_checkpoint(tmp_path / "w.pt"))


class Code:
    def __reduce__(self):
        return (print, ("this must never be run",))


def test_program_code_is_refused_and_not_run(tmp_path: Path, capsys) -> None:
    path = tmp_path / "w.pt"
    torch.save({"model": TENSORS, "more": Code()}, path)
    with pytest.raises(WeightsError, match="holds program code, which Wisp never runs"):
        read_checkpoint(path)
    path.write_bytes(pickle.dumps(Code()))
    with pytest.raises(WeightsError):
        read_checkpoint(path)
    assert capsys.readouterr().out == ""


def test_a_torchscript_archive_is_refused_as_program_code(tmp_path: Path) -> None:
    path = tmp_path / "w.pt"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch calls it deprecated
        torch.jit.save(torch.jit.trace(torch.nn.Linear(2, 2), torch.zeros(1, 2)), path)
    with pytest.raises(WeightsError, match="holds program code, which Wisp never runs"):
        read_checkpoint(path)


@table("protocol", [2, 3, 4, 5])
def test_a_pickle_of_plain_things_is_not_called_program_code(tmp_path: Path, protocol) -> None:
    path = tmp_path / "w.pt"
    path.write_bytes(pickle.dumps({"epoch": 3, "name": "tiny"}, protocol))
    with pytest.raises(WeightsError, match=r"w\.pt is (not a checkpoint; choose|cut short)"):
        read_checkpoint(path)


def test_torch_s_own_warnings_stay_away(tmp_path: Path) -> None:
    path = tmp_path / "w.pt"
    torch.save({"model": TENSORS}, path, pickle_protocol=3)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        assert _same(read_checkpoint(path))
    assert said == []


@table("kind", ["zip", "safetensors"])
@table("kept", [0.3, 0.9, 0.999])
def test_a_truncated_file_is_cut_short(tmp_path: Path, kind, kept) -> None:
    path = tmp_path / "w"
    torch.save(TENSORS, path) if kind == "zip" else save_file(TENSORS, path)
    data = path.read_bytes()
    path.write_bytes(data[: int(kept * len(data))])
    with pytest.raises(WeightsError, match="is cut short or damaged; get it again"):
        read_checkpoint(path)


def test_an_old_torch_file_that_is_truncated_is_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "w.pt"
    torch.save(TENSORS, path, _use_new_zipfile_serialization=False)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(WeightsError, match="is cut short or damaged; get it again"):
        read_checkpoint(path)


@table("data", [b"", b"x", b"<html><body>Not found", b"\x80\x02}", b"\0" * 50])
def test_what_is_no_checkpoint_is_refused(tmp_path: Path, data) -> None:
    path = tmp_path / "w.pt"
    path.write_bytes(data)
    with pytest.raises(WeightsError, match=r"w\.pt is (not a checkpoint; choose|cut short)"):
        read_checkpoint(path)


@table("contents", [{}, {"epoch": 3}, [1, 2], torch.zeros(3)])
def test_a_torch_file_without_named_tensors_is_no_checkpoint(tmp_path: Path, contents) -> None:
    path = tmp_path / "w.pt"
    torch.save(contents, path)
    with pytest.raises(WeightsError, match="is not a checkpoint; choose"):
        read_checkpoint(path)


def test_what_has_no_name_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "w.pt"
    torch.save({"model": {**TENSORS, 0: torch.ones(2), ("a", 1): torch.ones(2)}}, path)
    assert _same(read_checkpoint(path))
    torch.save({"model": {0: torch.ones(2)}}, path)
    with pytest.raises(WeightsError, match="is not a checkpoint; choose"):
        read_checkpoint(path)


@table(
    "odd",
    [
        lambda: torch.eye(3).to_sparse(),
        lambda: torch.eye(4).to_sparse_csr(),
        lambda: torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8),
        lambda: torch.ones(3, device="meta"),
    ],
)
@pytest.mark.filterwarnings("ignore:Sparse:UserWarning", "ignore:torch.quantize:UserWarning")
def test_tensors_that_are_not_plain_are_refused(tmp_path: Path, odd) -> None:
    path = tmp_path / "w.pt"
    torch.save({"model": {**TENSORS, "c.weight": odd()}}, path)
    with pytest.raises(WeightsError, match=r"'c\.weight' of .* is not a plain tensor .*; save it"):
        read_checkpoint(path)


def test_an_archive_of_other_things_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("letter.txt", "hello")
    with pytest.raises(WeightsError, match=r"w\.pt"):
        read_checkpoint(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.pt", tmp_path):
        with pytest.raises(WeightsError, match=r"cannot be read .*check the name"):
            read_checkpoint(path)
