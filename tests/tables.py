"""Tables of cases: one test runs over all rows of its table and names each row that fails."""

from __future__ import annotations

import inspect
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path

import pytest

from matting_core.models.files.contents import forget_contents

Row = dict[str, object]
_NEEDED = ("subtests", "tmp_path")
_CAPTURES = ("capsys", "capfd")
_FOLDERS = ("WISP_CACHE", "WISP_MODELS")


def table(names: str | tuple[str, ...], rows: Iterable[object]) -> Callable[[Callable], Callable]:
    """Run the decorated test once for each row, as one item; tables above one another multiply.

    A row gets what a test of its own would: an empty `tmp_path`, with copies of what fixtures made
    in it, patches that are undone after it, a cache, nothing captured. All other fixtures of a test
    are made once and shared by its rows.

    Args:
        names: The argument that a row gives, or a tuple of them, as for pytest's parametrize.
        rows: A tuple of values for each row, or just the value where there is one name.
    """
    outer = [_row(names, values) for values in rows]
    assert outer, "a table without rows tests nothing"

    def decorate(function: Callable) -> Callable:
        test, inner = getattr(function, "table", (function, [{}]))
        return _run_over(function, test, [{**row, **given} for row in outer for given in inner])

    return decorate


def _row(names: str | tuple[str, ...], values: object) -> Row:
    return {names: values} if isinstance(names, str) else dict(zip(names, values, strict=True))


def _run_over(function: Callable, test: Callable, rows: list[Row]) -> Callable:
    known = inspect.signature(test).parameters
    fixtures = [name for name in known if name not in rows[0]]
    assert len(fixtures) + len(rows[0]) == len(known), f"{test.__name__}: unknown argument in table"

    @wraps(function)
    def over_the_table(**given: object) -> None:
        subtests, folder = given["subtests"], given["tmp_path"]
        shared = {name: given[name] for name in fixtures}
        for number, row in enumerate(rows):
            own_folder = folder / f"row{number}"
            with subtests.test(f"row {number}", **row), _own_fixtures(shared, own_folder) as own:
                test(**own, **row)

    needed = [name for name in _NEEDED if name not in fixtures]
    kind = inspect.Parameter.KEYWORD_ONLY
    over_the_table.__signature__ = inspect.Signature(
        [inspect.Parameter(name, kind) for name in [*fixtures, *needed]]
    )
    over_the_table.table = (test, rows)
    return over_the_table


@contextmanager
def _own_fixtures(shared: Row, folder: Path) -> Iterator[Row]:
    """Give the fixtures, of them anew those that a test changes; clean up after it."""
    folder.mkdir()
    for name in _CAPTURES:
        if name in shared:
            shared[name].readouterr()
    with pytest.MonkeyPatch.context() as patch:
        for name in _FOLDERS:
            patch.setenv(name, str(_moved(Path(os.environ[name]), folder)))
        forget_contents()
        own = {name: _moved(value, folder) for name, value in shared.items()}
        yield {**own, **{name: patch for name in own if name == "monkeypatch"}}


def _moved(value: object, folder: Path) -> object:
    """Return a path in the test's folder as one in a row's, with a copy of what is there."""
    if not isinstance(value, Path) or not value.is_relative_to(folder.parent):
        return value
    moved = folder / value.relative_to(folder.parent)
    if value.is_dir() and value != folder.parent:
        shutil.copytree(value, moved)
    elif value.is_file():
        moved.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(value, moved)
    return moved
