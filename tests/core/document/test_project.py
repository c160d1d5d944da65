from __future__ import annotations

import pytest

from matting_core.document.project import PALETTE, MatteObject, Project, check_name
from matting_core.errors import InputError
from tests.core.factories import ONE, TWO, a_project


def test_ids_and_names_are_unique() -> None:
    one = MatteObject(ONE, "dog", PALETTE[0])
    for other in (MatteObject(ONE, "cat", PALETTE[0]), MatteObject(TWO, "DOG", PALETTE[0])):
        with pytest.raises(InputError, match="Two objects"):
            Project(objects=(one, other))


def test_objects_are_found_by_id() -> None:
    project = a_project(objects=2)
    assert project.find(TWO).name == "object 2"
    with pytest.raises(InputError, match="no object 3"):
        project.find(3)


def test_objects_are_listed_in_order() -> None:
    assert [obj.id for obj in a_project(objects=3)] == [1, 2, 3]


def test_colours_differ() -> None:
    assert len(set(PALETTE)) == len(PALETTE) >= 7


def test_an_object_checks_its_name() -> None:
    check_name("fine")
    with pytest.raises(InputError, match="a/b"):
        MatteObject(ONE, "a/b", PALETTE[0])
