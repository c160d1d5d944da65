"""The active object's prompts on the frame that is shown."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QWidget,
)

from app.shell import theme
from app.shell.keys.panel_cycle import MAIN
from app.shell.placeholder import Hinted
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
    """Lists prompts; choosing one selects it, so that Delete removes just that one."""

    chosen = Signal(object)

    def __init__(self, delete: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Prompts on this frame"))
        self.list.setProperty(MAIN, True)
        self.list.currentItemChanged.connect(self._on_current_changed)
        self.list.itemClicked.connect(self._on_clicked)
        hint = self.tr(
            "None. Left click adds foreground, right click background; "
            "the box tool (B) draws a box."
        )
        self._pages = Hinted(self.list, hint)
        self._delete = QToolButton()
        self._delete.setDefaultAction(delete)
        layout = QHBoxLayout(self)  # beside the list: below it, it would cost the others a row
        layout.setContentsMargins(theme.GRID, 4, theme.GRID, 4)
        layout.setSpacing(4)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._delete, 0, Qt.AlignmentFlag.AlignTop)

    def show_prompts(self, prompts: tuple[Prompt, ...], selected: Prompt | None) -> None:
        """Show these prompts."""
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
            self.chosen.emit(item.data(_PROMPT))

    @Slot(QListWidgetItem)
    def _on_clicked(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(_PROMPT))  # also where the row was the current one already
