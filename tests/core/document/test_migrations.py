from __future__ import annotations

import pytest

from matting_core.document.migrations import CURRENT_VERSION, MIGRATIONS, upgrade
from matting_core.errors import ProjectFileError


def _step(name: str):
    return lambda record: {**record, "steps": [*record.get("steps", []), name]}


STEPS = {1: _step("1 to 2"), 2: _step("2 to 3"), 3: _step("3 to 4")}


@pytest.mark.parametrize(
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


@pytest.mark.parametrize("version", [None, "1", 1.0, True, 0, -1, [1]])
def test_a_version_that_is_none_is_an_error(version) -> None:
    with pytest.raises(ProjectFileError, match="version"):
        upgrade({"version": version}, STEPS, 4)
    with pytest.raises(ProjectFileError, match="version"):
        upgrade({}, STEPS, 4)


def test_there_is_a_step_from_every_old_version() -> None:
    assert set(MIGRATIONS) == set(range(1, CURRENT_VERSION))
