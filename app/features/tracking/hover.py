"""What a click here would give: asked while the mouse hovers with Shift held."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from app.features.tracking.engine import Glimpse, Question
from app.features.tracking.runner import ModelRunner
from app.model.results import Coverage
from matting_core.document import edits
from matting_core.document.project import MatteObject, Project
from matting_core.document.prompts import PointPrompt
from matting_core.types import ObjectId


class Hover(QObject):
    """Asks for one place at a time; what the mouse has left meanwhile is not shown."""

    shown = Signal(object)
    """Carries the mask (H, W) bool that a click would give, or None."""

    def __init__(
        self, engine: ModelRunner, coverage: Coverage, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._coverage = coverage
        self._asked: Question | None = None
        engine.glimpsed.connect(self._on_glimpsed)

    def ask(self, project: Project, obj: MatteObject | None, prompt: PointPrompt) -> None:
        """Ask what a point would give, added to an object or to a new one."""
        new = ObjectId(project.next_id)
        if obj is None:
            question = Question(edits.add_object(project), new, prompt)
        else:
            prompted = bool(obj.prompts_on(prompt.frame))
            seen = None if prompted else self._coverage.shown(obj, prompt.frame)
            question = Question(project, obj.id, prompt, seen)
        if obj is not None and obj.refuses_changes(prompt.frame):
            self.drop()  # such a frame takes no click, which says so itself
        elif question != self._asked:
            self._asked = question
            self._engine.glimpse(question)

    def drop(self) -> None:
        """The mouse went elsewhere."""
        if self._asked is not None:
            self._asked = None
            self._engine.drop_glimpse()
            self.shown.emit(None)

    @Slot(object)
    def _on_glimpsed(self, glimpse: Glimpse) -> None:
        if glimpse.question == self._asked:
            self.shown.emit(glimpse.inside)
