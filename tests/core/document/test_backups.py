"""Saving keeps former states, whole, and never more than asked for."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from matting_core import files
from matting_core.document import backups, edits, storage
from matting_core.document.summary import summarize
from matting_core.errors import ExportError
from tests.core.factories import a_box, a_clip, a_project
from tests.tables import table

NAMES = ["fuchs.wisp", "füchsin 狐.wisp"]


@pytest.fixture(params=NAMES)
def file(request, tmp_path: Path) -> Path:
    return tmp_path / request.param


def _states(count: int):
    return [a_project(*(a_box(frame) for frame in range(k + 1))) for k in range(count)]


def _save_at(project, file: Path, keep: int, when: int) -> None:
    backups.save_with_backup(project, file, keep)
    os.utime(file, (when, when))


def test_the_first_save_has_no_backup(file: Path) -> None:
    saved = backups.save_with_backup(a_project(), file, 10)
    assert (saved.path, saved.trouble) == (file, None)
    assert backups.list_backups(file) == ()
    assert storage.load(file) == a_project()


def test_each_save_keeps_the_state_before_it(file: Path) -> None:
    states = _states(4)
    for k, state in enumerate(states):
        _save_at(state, file, 10, 1_000_000 + 60 * k)
    kept = [storage.load(path) for path in backups.list_backups(file)]
    assert kept == states[2::-1]
    assert storage.load(file) == states[3]
    assert backups.list_backups(file)[0].stat().st_mtime == 1_000_120


def test_saves_of_one_second_are_kept_apart_and_in_order(file: Path) -> None:
    states = _states(4)
    for state in states:
        _save_at(state, file, 10, 1_000_000)
    kept = [storage.load(path) for path in backups.list_backups(file)]
    assert kept == states[2::-1]


def test_the_oldest_go(file: Path) -> None:
    states = _states(6)
    for k, state in enumerate(states):
        _save_at(state, file, 2, 1_000_000 + k)
    kept = [storage.load(path) for path in backups.list_backups(file)]
    assert kept == [states[4], states[3]]


def test_saving_twice_without_a_change_keeps_one_copy(file: Path) -> None:
    for k in range(4):
        _save_at(a_project(), file, 10, 1_000_000 + k)
    assert len(backups.list_backups(file)) == 1


def test_no_backups_are_made_when_none_are_wanted(file: Path) -> None:
    for state in _states(3):
        backups.save_with_backup(state, file, 0)
    assert not backups.backup_folder(file).exists()


def test_a_full_disk_leaves_the_file_and_its_backups_as_they_were(file: Path, monkeypatch) -> None:
    states = _states(3)
    for k, state in enumerate(states[:2]):
        _save_at(state, file, 10, 1_000_000 + k)

    def full(_handle) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(ExportError, match="disk is full"):
        backups.save_with_backup(states[2], file, 10)
    monkeypatch.undo()
    assert storage.load(file) == states[1]
    assert [storage.load(path) for path in backups.list_backups(file)] == [states[0]]
    assert [path for path in file.parent.rglob("*") if path.suffix == ".tmp"] == []


def test_what_is_in_the_way_of_the_backups_is_said_and_the_save_succeeds(file: Path) -> None:
    states = _states(2)
    backups.save_with_backup(states[0], file, 10)
    backups.backup_folder(file).write_text("")
    saved = backups.save_with_backup(states[1], file, 10)
    assert "in the way of a folder" in str(saved.trouble)
    assert storage.load(file) == states[1]


def _refuse_renames(monkeypatch, target: Path) -> None:
    """As a share does that cannot rename over a file."""
    rename = Path.replace

    def refuse(self: Path, to: Path) -> Path:
        if Path(to) == target:
            raise PermissionError(1, "Operation not permitted")
        return rename(self, to)

    monkeypatch.setattr(Path, "replace", refuse)


def test_where_nothing_can_be_renamed_the_file_is_written_in_place(file, monkeypatch) -> None:
    states = _states(2)
    _refuse_renames(monkeypatch, file)
    for state in states:
        backups.save_with_backup(state, file, 10)
    assert storage.load(file) == states[1]
    assert [storage.load(path) for path in backups.list_backups(file)] == [states[0]]
    assert list(file.parent.glob(".*")) == []


def test_nothing_is_written_in_place_over_a_state_that_is_nowhere_else(file, monkeypatch) -> None:
    states = _states(2)
    storage.save(states[0], file)
    _refuse_renames(monkeypatch, file)
    with pytest.raises(ExportError, match="may not be written"):
        backups.save_with_backup(states[1], file, 0)
    assert storage.load(file) == states[0]


def test_a_folder_that_may_not_be_written_is_said_and_nothing_changes(file, monkeypatch) -> None:
    states = _states(2)
    backups.save_with_backup(states[0], file, 10)

    def refuse(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files.tempfile, "mkstemp", refuse)
    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(ExportError, match="may not be written; choose another folder"):
        backups.save_with_backup(states[1], file, 10)
    assert storage.load(file) == states[0]


def test_a_backup_finds_its_clip_from_the_projects_folder(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    clip = old / "disc.mp4"
    clip.write_bytes(b"x")
    project = replace(a_project(), clip=replace(a_clip(), path=str(clip)))
    for state in (project, edits.add_object(project)):
        backups.save_with_backup(state, old / "a.wisp", 10)
    old.rename(new)
    (backup,) = backups.list_backups(new / "a.wisp")
    assert storage.load(backup, home=new).clip.path == str(new / "disc.mp4")


def test_a_summary_counts_what_is_there(file: Path) -> None:
    project = edits.add_object(a_project(a_box(0), a_box(3)))
    storage.save(project, file, {"file": "/somewhere/fox.wisp", "since": 12.5})
    summary = summarize(file)
    assert (summary.clip, summary.objects, summary.prompts) == ("disc.mp4", 2, 2)
    assert (summary.file, summary.since) == (Path("/somewhere/fox.wisp"), 12.5)
    assert summary.saved == file.stat().st_mtime
    assert storage.load(file) == project


@table("notes", [None, {}, {"file": 3, "since": "x"}])
def test_notes_that_say_nothing_are_left_out(file: Path, notes) -> None:
    storage.save(a_project(), file, notes)
    assert (summarize(file).file, summarize(file).since) == (None, None)


def test_a_damaged_file_says_so_in_its_summary(file: Path) -> None:
    file.write_text("{")
    assert "damaged" in summarize(file).trouble
    file.unlink()
    assert summarize(file).trouble


@table("keep", [0, 10])
def test_what_is_no_project_is_not_replaced(file: Path, keep: int) -> None:
    file.write_bytes(b"\0\0\0\x18ftypmp42 footage")
    with pytest.raises(ExportError, match="is not a Wisp project; choose another name"):
        backups.save_with_backup(a_project(), file, keep)
    assert file.read_bytes() == b"\0\0\0\x18ftypmp42 footage"
    assert not backups.backup_folder(file).exists()


def test_a_damaged_project_and_an_empty_file_are_replaced(file: Path) -> None:
    storage.save(a_project(), file)
    file.write_bytes(file.read_bytes()[:100])
    backups.save_with_backup(a_project(), file, 10)
    assert storage.load(file) == a_project()
    file.write_bytes(b"")
    backups.save_with_backup(a_project(), file, 10)
    assert storage.load(file) == a_project()
