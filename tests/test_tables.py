"""Tables of cases: each row that fails is named, none sees what another left."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.tables import table

VARIABLE = "WISP_TEST_OF_TABLES"
INNER = """
from tests.tables import table

@table(("a", "b"), [(1, 1), (1, 2), (3, 3), (4, 5)])
def test_equal(a, b):
    assert a == b

@table("a", [1, 2])
@table("b", [1, 2])
def test_products(a, b):
    assert a * b < 4
"""
pytest_plugins = ["pytester"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "folder" / "file"
    path.parent.mkdir()
    path.write_text("made by a fixture")
    return path


@pytest.fixture
def missing(tmp_path: Path) -> Path:
    return tmp_path / "missing"


@table("value", [1, 2, 3])
def test_a_row_has_copies_of_what_fixtures_made(value, tmp_path: Path, file, missing) -> None:
    assert file == tmp_path / "folder" / "file"
    assert file.read_text() == "made by a fixture"
    assert not missing.exists()
    file.write_text(str(value))
    missing.touch()


@table("value", [1, 2, 3])
def test_a_row_has_a_folder_patches_and_output_of_its_own(
    value, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    assert list(tmp_path.iterdir()) == []
    assert VARIABLE not in os.environ
    assert os.environ["WISP_CACHE"] == str(tmp_path / "wisp-cache")
    assert capsys.readouterr().out == ""
    (tmp_path / "file").touch()
    monkeypatch.setenv(VARIABLE, str(value))
    print(value)


def test_each_row_that_fails_is_named(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(INNER)
    result = pytester.runpytest("-p", "no:cacheprovider", "-p", "no:pytest-qt")
    result.assert_outcomes(failed=5)
    result.stdout.fnmatch_lines_random(
        [
            "SUBFAILED*row 1* (a=1, b=2) *",
            "SUBFAILED*row 3* (a=4, b=5) *",
            "SUBFAILED*row 3* (a=2, b=2) *",
        ]
    )
    assert "row 0" not in result.stdout.str()
    assert "row 2" not in result.stdout.str()


def test_an_argument_that_the_test_does_not_take_is_refused() -> None:
    with pytest.raises(AssertionError, match="unknown argument"):

        @table(("a", "c"), [(1, 2)])
        def test(a) -> None: ...


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(AssertionError, match="tests nothing"):
        table("a", [])
