"""The document: edits are undoable, announced once, and folded while dragging."""

import subprocess
import sys

import pytest

from app.model.document import Changes, Document, changes_between
from matting_core.document import edits
from matting_core.document.project import Project, Settings
from matting_core.document.prompts import PointPrompt
from matting_core.errors import InputError
from matting_core.types import FrameRange, ObjectId
from tests.app.factories import a_clip

DOG = ObjectId(1)


@pytest.fixture
def document(qapp):
    document = Document(Settings("fake", "mask"))
    document.adopt(Project(clip=a_clip(), settings=Settings("fake", "mask")))
    return document


@pytest.fixture
def heard(document):
    changes = []
    document.changed.connect(changes.append)
    return changes


def adding(xy):
    return lambda project: edits.add_prompts(project, DOG, [PointPrompt(0, xy)])


def test_an_edit_is_announced_once_and_undone_and_redone(document, heard):
    document.push("Add object", edits.add_object)
    after = document.project
    document.stack.undo()
    assert document.project.objects == ()
    document.stack.redo()
    assert document.project == after
    assert heard == [Changes.OBJECTS | Changes.PROMPTS] * 3


def test_edits_of_one_drag_are_one_step(document):
    document.push("Add object", edits.add_object)
    for x in range(5):
        document.push("Move", adding((float(x), 0.0)), drag=7)
    assert document.stack.count() == 2
    document.stack.undo()
    assert document.project.find(DOG).prompts == ()


def test_a_drag_back_to_its_start_leaves_no_step(document):
    document.push("Add object", edits.add_object)
    before = document.project
    document.push("Move", adding((1.0, 0.0)), drag=7)
    document.push("Move", lambda _project: before, drag=7)
    assert document.stack.count() == 1
    assert document.stack.undoText() == "Add object"
    document.push("Move", adding((2.0, 0.0)), drag=7)
    document.stack.undo()
    assert document.project == before


def test_edits_of_two_drags_are_two_steps(document):
    document.push("Add object", edits.add_object)
    document.push("Move", adding((1.0, 0.0)), drag=7)
    document.push("Move", adding((2.0, 0.0)), drag=8)
    document.push("Add", adding((3.0, 0.0)))
    assert document.stack.count() == 4


def test_an_edit_that_fails_changes_nothing(document, heard):
    with pytest.raises(InputError):
        document.push("Add", adding((1.0, 1.0)))
    assert document.stack.count() == 0
    assert heard == []


def test_an_edit_that_changes_nothing_leaves_no_step(document, heard):
    document.push("Nothing", lambda project: project)
    assert document.stack.count() == 0
    assert heard == []


def test_a_restored_document_counts_as_modified(document):
    document.adopt(Project(clip=a_clip()), modified=True)
    assert document.modified
    document.stack.setClean()
    assert not document.modified


def test_changes_name_what_differs():
    before = Project(clip=a_clip())
    assert changes_between(before, before) is Changes.NOTHING
    ranged = edits.set_work_range(before, FrameRange(1, 3))
    assert changes_between(before, ranged) is Changes.RANGE
    chosen = edits.set_settings(before, Settings("fake", "mask"))
    assert changes_between(before, chosen) is Changes.SETTINGS


def test_the_id_of_an_object_that_was_undone_is_not_given_again(document):
    document.push("Add object", edits.add_object)
    document.stack.undo()
    document.push("Add object", edits.add_object)
    (other,) = document.project
    assert (other.id, other.name) == (2, "object 1")
    document.stack.undo()
    document.stack.undo()
    assert document.project == Project(clip=a_clip(), settings=Settings("fake", "mask"))


def test_a_redone_object_has_its_id_again(document):
    for _ in range(2):
        document.push("Add object", edits.add_object)
    for _ in range(2):
        document.stack.undo()
    for _ in range(2):
        document.stack.redo()
    document.push("Add object", edits.add_object)
    assert [obj.id for obj in document.project] == [1, 2, 3]


_DROPPED = """
import gc
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from app.model.document import Document
from matting_core.document import edits
from matting_core.document.project import Settings


class Owner(QObject):
    def __init__(self):
        super().__init__()
        self.itself = self
        self.document = Document(Settings("fake", "mask"), self)
        self.document.changed.connect(self.on_changed)

    def on_changed(self, _changes):
        pass


application = QApplication([])
for _ in range(60):
    owner = Owner()
    for _ in range(20):
        owner.document.push("Add", edits.add_object)
    for _ in range(5):
        owner.document.stack.undo()
    owner.document.push("Add", edits.add_object)
del owner
gc.collect()
"""


def test_documents_with_steps_can_be_garbage():
    done = subprocess.run([sys.executable, "-c", _DROPPED], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
