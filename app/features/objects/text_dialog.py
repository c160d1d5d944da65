"""Asks what the object on a frame is called."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget

from app.canvas.tools.gestures import ToolContext
from app.canvas.tools.naming import text_change
from matting_core.document.prompts import LONGEST_TEXT, TextPrompt


class TextDialog(QInputDialog):
    """Dialog of one line, with what was said on this frame before; goes when it is closed."""

    named = Signal(object)
    """Carries the `Change` to make."""

    def __init__(self, context: ToolContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.setObjectName("text_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Text"))
        self.setLabelText(self.tr("&What is the object on this frame called?"))
        self.setOkButtonText(self.tr("Find it"))
        line = self._line()
        line.setMaxLength(LONGEST_TEXT)
        line.setPlaceholderText(self.tr("for instance: the brown dog"))
        self.setTextValue(_said_before(context))
        self.textValueSelected.connect(self._on_selected)
        self.resize(420, self.sizeHint().height())

    def _line(self) -> QLineEdit:
        """Qt makes the line when it is first asked for its kind of input."""
        self.setInputMode(QInputDialog.InputMode.TextInput)
        self.setTextEchoMode(QLineEdit.EchoMode.Normal)
        return self.findChildren(QLineEdit)[0]

    @Slot(str)
    def _on_selected(self, text: str) -> None:
        if text.strip():
            self.named.emit(text_change(self._context, text))


def _said_before(context: ToolContext) -> str:
    here = () if context.obj is None else context.obj.prompts_on(context.frame)
    texts = [prompt.text for prompt in here if isinstance(prompt, TextPrompt)]
    return texts[-1] if texts else ""
