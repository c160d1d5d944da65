"""A table of project states: kept work, or backups."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from app.shell import theme
from matting_core.document.summary import ProjectSummary

_SUMMARY = Qt.ItemDataRole.UserRole
_CLIP, _SAVED, _SINCE, _OBJECTS, _PROMPTS = range(5)
_WIDTHS = {_SAVED: 160, _SINCE: 160, _OBJECTS: 72, _PROMPTS: 80}
_NUMBERS = (_OBJECTS, _PROMPTS)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_TIME = "HH:mm:ss"
_NONE = "–"


class StatesTable(QTreeWidget):
    """Table of states, a line each, the newest first; a damaged one says so."""

    chosen = Signal()
    """Another state is chosen, or none."""
    opened = Signal()
    """A state was double-clicked."""

    def __init__(self, saved: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("States of the project"))
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        titles = [self.tr("Project"), saved, self.tr("Unsaved since")]
        self.setHeaderLabels([*titles, self.tr("Objects"), self.tr("Prompts")])
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_CLIP, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            header.resizeSection(column, width)
        for column in range(self.columnCount()):
            self.headerItem().setTextAlignment(column, _RIGHT if column in _NUMBERS else _LEFT)
        self.currentItemChanged.connect(self._on_current_changed)
        self.itemDoubleClicked.connect(self.opened)

    @property
    def chosen_state(self) -> ProjectSummary | None:
        """The chosen state."""
        item = self.currentItem()
        found = None if item is None else item.data(_CLIP, _SUMMARY)
        return found if isinstance(found, ProjectSummary) else None

    @property
    def selected_states(self) -> tuple[ProjectSummary, ...]:
        """All states that are selected, from the top."""
        items = [self.topLevelItem(row) for row in range(self.topLevelItemCount())]
        found = [item.data(_CLIP, _SUMMARY) for item in items if item and item.isSelected()]
        return tuple(state for state in found if isinstance(state, ProjectSummary))

    def show_states(self, states: Sequence[ProjectSummary]) -> None:
        """Show these and choose the first."""
        self.clear()
        for state in states:
            self.addTopLevelItem(self._item(state))
        first = self.topLevelItem(0)
        if first is not None:
            self.setCurrentItem(first)
        self.chosen.emit()

    def _item(self, state: ProjectSummary) -> QTreeWidgetItem:
        since = _NONE if state.since is None else when(state.since)
        item = QTreeWidgetItem(
            [name_of(state), when(state.saved), since, str(state.objects), str(state.prompts)]
        )
        item.setData(_CLIP, _SUMMARY, state)
        for column in _NUMBERS:
            item.setTextAlignment(column, _RIGHT)
        if state.trouble:
            item.setText(_CLIP, self.tr("{name} (damaged)").format(name=state.path.name))
            for column in range(self.columnCount()):
                item.setForeground(column, QColor(theme.QUIET))
            for column in _NUMBERS:
                item.setText(column, _NONE)
        item.setToolTip(_CLIP, state.trouble or str(state.file or state.path))
        return item

    @Slot(QTreeWidgetItem, QTreeWidgetItem)
    def _on_current_changed(self, _item: object, _before: object) -> None:
        self.chosen.emit()


def when(seconds: float) -> str:
    """A time as the user's system writes it, to the second."""
    time, locale = QDateTime.fromSecsSinceEpoch(int(seconds)), QLocale()
    return f"{locale.toString(time.date(), QLocale.FormatType.ShortFormat)} {time.toString(_TIME)}"


def name_of(state: ProjectSummary) -> str:
    """What a state is of: its file and clip, as far as there are any."""
    file = "" if state.file is None else state.file.name
    names = dict.fromkeys(name for name in (file, state.clip or state.path.stem) if name)
    return " · ".join(names)
