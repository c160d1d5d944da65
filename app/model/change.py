"""An undoable edit on its way to the document, and what else it says."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from matting_core.document.edits import Edit
from matting_core.document.prompts import Prompt

_drags = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Change:
    """Undoable edit on its way to the document.

    Attributes:
        text: the edit's name for undo and redo.
        edit: from project to project.
        drag: number of the drag, where several edits make one step.
        corrects: whether the edit should start from the mask that is seen on the frame.
        select: the prompt that is selected afterwards.
    """

    text: str
    edit: Edit
    drag: int | None = None
    corrects: bool = False
    select: Prompt | None = None


def next_drag() -> int:
    """Number of a drag whose edits make one undo step."""
    return next(_drags)
