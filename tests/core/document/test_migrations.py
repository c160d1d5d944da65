from __future__ import annotations

import json

import pytest

from matting_core.document import edits, storage
from matting_core.document.migrations import CURRENT_VERSION, MIGRATIONS, upgrade
from matting_core.errors import ProjectFileError
from tests.core.factories import a_project
from tests.tables import table

_OBJECT_IN_1 = ("id", "name", "color", "visible", "prompts")


def _step(name: str):
    return lambda record: {**record, "steps": [*record.get("steps", []), name]}


STEPS = {1: _step("1 to 2"), 2: _step("2 to 3"), 3: _step("3 to 4")}


@table(
    ("version", "steps"),
    [(1, ["1 to 2", "2 to 3", "3 to 4"]), (2, ["2 to 3", "3 to 4"]), (3, ["3 to 4"])],
)
def test_steps_are_taken_in_order_from_the_records_version(version, steps) -> None:
    record = {"version": version, "kept": 1}
    assert upgrade(record, STEPS, 4) == {"version": 4, "kept": 1, "steps": steps}
    assert record == {"version": version, "kept": 1}


def test_the_current_version_is_left_alone() -> None:
    assert upgrade({"version": 4, "a": 1}, STEPS, 4) == {"version": 4, "a": 1}


def test_a_missing_step_is_an_error() -> None:
    with pytest.raises(ProjectFileError, match="format 2 cannot be read"):
        upgrade({"version": 1}, {1: STEPS[1]}, 4)


def test_a_newer_project_asks_for_a_newer_wisp() -> None:
    with pytest.raises(ProjectFileError, match=r"newer Wisp \(format 5.*up to 4.*update Wisp"):
        upgrade({"version": 5}, STEPS, 4)


@table("version", [None, "1", 1.0, True, 0, -1, [1]])
def test_a_version_that_is_none_is_an_error(version) -> None:
    with pytest.raises(ProjectFileError, match="version"):
        upgrade({"version": version}, STEPS, 4)
    with pytest.raises(ProjectFileError, match="version"):
        upgrade({}, STEPS, 4)


def test_there_is_a_step_from_every_old_version() -> None:
    assert set(MIGRATIONS) == set(range(1, CURRENT_VERSION))


def test_a_project_of_format_1_opens_with_every_object_unlocked_and_unfinished(tmp_path) -> None:
    path = tmp_path / "old.wisp"
    project = edits.add_object(a_project(objects=2))
    storage.save(project, path)
    record = json.loads(path.read_text())
    old = {
        **{key: value for key, value in record.items() if key != "share_alpha"},
        "version": 1,
        "objects": [{key: obj[key] for key in _OBJECT_IN_1} for obj in record["objects"]],
    }
    path.write_text(json.dumps(old))
    assert storage.load(path) == project


@table("objects", [None, 3, [3], [None]])
def test_a_damaged_project_of_format_1_is_said_to_be_damaged(tmp_path, objects) -> None:
    path = tmp_path / "old.wisp"
    path.write_text(json.dumps({"format": storage.FORMAT, "version": 1, "objects": objects}))
    with pytest.raises(ProjectFileError, match="damaged"):
        storage.load(path)
