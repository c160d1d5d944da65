"""Panel of the active object's prompts on the playhead's frame."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QWidget,
)

from app.model.model import Model
from app.shell import theme
from app.shell.debounce import Debounce
from app.shell.keys.panel_cycle import MAIN
from app.shell.list_or_hint import ListOrHint
from matting_core.document.prompts import (
    BoxPrompt,
    Label,
    MaskPrompt,
    PointPrompt,
    Prompt,
    TextPrompt,
)

_PROMPT = Qt.ItemDataRole.UserRole


class PromptsPanel(QWidget):
    """List of prompts; choosing one selects it, so that Delete removes just that one.

    Args:
        model: whose prompts they are.
        delete: the command that removes the selected one.
    """

    def __init__(self, model: Model, delete: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._shown: tuple[tuple[Prompt, ...], Prompt | None] | None = None
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Prompts on this frame"))
        self.list.setProperty(MAIN, True)
        self.list.currentItemChanged.connect(self._on_current_changed)
        self.list.itemClicked.connect(self._on_clicked)
        hint = self.tr("None. Left click adds foreground, right click background; B draws a box.")
        self._pages = ListOrHint(self.list, hint)
        self._delete = QToolButton()
        self._delete.setDefaultAction(delete)
        layout = QHBoxLayout(self)  # beside the list: below it, it would cost the others a row
        layout.setContentsMargins(theme.GRID, 4, theme.GRID, 4)
        layout.setSpacing(4)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._delete, 0, Qt.AlignmentFlag.AlignTop)
        view = model.view
        signals = view.active_changed, view.selection_changed, view.playhead_moved
        redraw = Debounce(self._on_redraw, self).after(model.document.changed, *signals)
        redraw.start()

    @Slot()
    def _on_redraw(self) -> None:
        obj, selected = self._model.active, self._model.view.selected
        prompts = obj.prompts_on(self._model.view.frame) if obj is not None else ()
        if (prompts, selected) == self._shown:
            return
        self._shown = prompts, selected
        self.list.blockSignals(True)
        self.list.clear()
        for prompt in prompts:
            item = QListWidgetItem(*self._entry(prompt))
            item.setData(_PROMPT, prompt)
            self.list.addItem(item)
            if prompt == selected:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self._pages.show_content(bool(prompts))
        self._delete.setVisible(bool(prompts))

    def _entry(self, prompt: Prompt) -> tuple[QIcon, str]:
        match prompt:
            case PointPrompt(_, (x, y), Label.FOREGROUND):
                icon = theme.icon("plus-circle", theme.FOREGROUND_PROMPT)
                return icon, self.tr("Foreground {x:.0f}, {y:.0f} px").format(x=x, y=y)
            case PointPrompt(_, (x, y), _):
                icon = theme.icon("minus-circle", theme.BACKGROUND_PROMPT)
                return icon, self.tr("Background {x:.0f}, {y:.0f} px").format(x=x, y=y)
            case BoxPrompt(_, (x0, y0, x1, y1)):
                text = self.tr("Box {w:.0f} × {h:.0f} px").format(w=x1 - x0, h=y1 - y0)
                return theme.icon("bounding-box"), text
            case MaskPrompt():
                return theme.icon("selection"), self.tr("Mask")
            case TextPrompt(_, text):
                return theme.icon("text-t"), self.tr("“{text}”").format(text=text)

    @Slot(QListWidgetItem, QListWidgetItem)
    def _on_current_changed(self, item: QListWidgetItem | None, _before: object) -> None:
        if item is not None:
            self._model.view.select(item.data(_PROMPT))

    @Slot(QListWidgetItem)
    def _on_clicked(self, item: QListWidgetItem) -> None:
        self._on_current_changed(item, None)  # also where the row was the current one already
