"""The undo stack's only kind of entry: the project before and after an edit."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from matting_core.document.project import Project

_DRAG_ID = 1


class EditCommand(QUndoCommand):
    """Swaps the whole project; frozen values make that as cheap as a pointer.

    Args:
        before: the project as it was.
        after: the project as the edit made it.
        text: what undo and redo call it.
        swap: puts a project in place.
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
        self._swap = swap
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
        self._swap(self._after)

    def undo(self) -> None:
        """Put the earlier project in place."""
        self._swap(self._before)
