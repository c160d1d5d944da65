"""The undo stack's only kind of entry: the project before and after an edit."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import partial
from itertools import count

from PySide6.QtGui import QUndoCommand, QUndoStack

from matting_core.document.project import Project

_DRAG_ID = 1
_kept: dict[int, list[QUndoCommand]] = {}
_numbers = count()


def keep_steps(stack: QUndoStack) -> list[QUndoCommand]:
    """Return a list for all that is pushed on a stack, which lives until the stack is gone.

    WORKAROUND for PySide6 (seen with 6.11.3): when a stack's Python half dies before its C++ half,
    as garbage may, Python frees the commands, and then the stack frees them again (decision 21).
    """
    number = next(_numbers)
    steps = _kept[number] = []
    stack.destroyed.connect(partial(_kept.pop, number, None))
    return steps


class EditCommand(QUndoCommand):
    """Undo step that swaps the whole project; frozen values make that as cheap as a pointer.

    Args:
        before: the project as it was.
        after: the project as the edit made it.
        text: what undo and redo call it.
        swap: puts a project in place; a method that the command does not keep alive.
        drag: number of the drag that the edit belongs to; edits of one drag fold into one step.
    """

    def __init__(
        self,
        before: Project,
        after: Project,
        text: str,
        swap: Callable[[Project], None],
        drag: int | None = None,
    ) -> None:
        super().__init__(text)
        self._before = before
        self._after = after
        self._swap = weakref.WeakMethod(swap)
        self._drag = drag

    def id(self) -> int:
        """Kind of command, for merging; -1 never merges."""
        return -1 if self._drag is None else _DRAG_ID

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over the later state of the same drag; back at its start, no step is left."""
        if not isinstance(other, EditCommand) or other._drag != self._drag:
            return False
        self._after = other._after
        self.setText(other.text())
        self.setObsolete(self._after == self._before)
        return True

    def redo(self) -> None:
        """Put the later project in place."""
        self._put(self._after)

    def undo(self) -> None:
        """Put the earlier project in place."""
        self._put(self._before)

    def _put(self, project: Project) -> None:
        swap = self._swap()
        if swap is not None:
            swap(project)
