from __future__ import annotations

from pathlib import Path

import pytest

from matting_core.errors import WeightsError
from matting_core.models.files.notes import InstallNote, note_path, read_note, write_note
from tests.tables import table

NOTE = InstallNote("a" * 64, 7, "https://example.org/w.pt", "b" * 64, "2026-11-21T12:00:00+00:00")


def test_notes_come_back(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    write_note(path, NOTE)
    assert read_note(path) == NOTE
    assert note_path(path).name == "w.safetensors.json"


@table("text", ["", "[]", '{"sha256": "a"}', "\x00"])
def test_a_damaged_note_says_what_to_do(tmp_path: Path, text) -> None:
    path = tmp_path / "w.safetensors"
    note_path(path).write_text(text)
    with pytest.raises(WeightsError, match="is damaged; download or import the model"):
        read_note(path)


def test_a_missing_note_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_note(tmp_path / "w.safetensors")
