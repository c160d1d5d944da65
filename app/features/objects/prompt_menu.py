"""What a right click on a prompt offers."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor, QIcon
from PySide6.QtWidgets import QMenu, QWidget

from app.canvas.tools.gestures import Menu, replace_prompt
from app.model.model import Model
from app.shell import theme
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document import edits
from matting_core.document.prompts import BoxPrompt, Label, PointPrompt, Prompt
from matting_core.types import ObjectId


class PromptMenu(QMenu):
    """Menu that deletes a prompt of the active object, or turns a point into its opposite."""

    def __init__(self, model: Model, prompt: Prompt, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("prompt_menu")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._model = model
        obj = model.active
        if obj is None:
            return
        delete = self.addAction(theme.icon("trash"), self._delete_text(prompt))
        delete.triggered.connect(lambda: self._delete(obj.id, prompt))
        if isinstance(prompt, PointPrompt):
            turn = self.addAction(self._turn_icon(prompt), self._turn_text(prompt))
            turn.triggered.connect(lambda: self._turn(obj.id, prompt))

    def show_at(self, place: QPoint) -> None:
        """Open at a place of the screen."""
        self.popup(place)

    def _delete_text(self, prompt: Prompt) -> str:
        if isinstance(prompt, BoxPrompt):
            return self.tr("Delete box (Del)")
        return self.tr("Delete point (Del)")

    def _turn_text(self, point: PointPrompt) -> str:
        if point.label is Label.FOREGROUND:
            return self.tr("Make it background")
        return self.tr("Make it foreground")

    def _turn_icon(self, point: PointPrompt) -> QIcon:
        if point.label is Label.FOREGROUND:
            return theme.icon("minus-circle", theme.BACKGROUND_PROMPT)
        return theme.icon("plus-circle", theme.FOREGROUND_PROMPT)

    def _delete(self, object_id: ObjectId, prompt: Prompt) -> None:
        text = QT_TRANSLATE_NOOP("Commands", "Remove prompt")
        self._model.push(text, lambda p: edits.remove_prompt(p, object_id, prompt))

    def _turn(self, object_id: ObjectId, point: PointPrompt) -> None:
        foreground = point.label is Label.FOREGROUND
        other = replace(point, label=Label.BACKGROUND if foreground else Label.FOREGROUND)
        text = (
            QT_TRANSLATE_NOOP("Commands", "Make point background")
            if foreground
            else QT_TRANSLATE_NOOP("Commands", "Make point foreground")
        )
        self._model.push(text, replace_prompt(object_id, point, other))
        self._model.view.select(other)


def offer_prompt_menu(model: Model, parent: QWidget, step: Menu) -> None:
    """Offer at the cursor what can be done with a prompt."""
    PromptMenu(model, step.prompt, parent).show_at(QCursor.pos())
