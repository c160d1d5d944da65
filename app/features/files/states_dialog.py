"""Lists of project states that can be opened: unsaved work, and backups of a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.features.files.states_table import StatesTable
from app.shell import theme
from app.shell.list_or_hint import ListOrHint
from matting_core.document.summary import ProjectSummary

_SIZE = (720, 360)


class StatesDialog(QDialog):
    """Dialog of a table of states, one of which can be opened; stays beside the window."""

    open_wanted = Signal(object)
    """Carries the `ProjectSummary` of the state to open."""

    def __init__(self, table: StatesTable, about: str, hint: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.table = table
        self.open_state = QPushButton()
        self.open_state.setDefault(True)
        self.open_state.clicked.connect(self._on_open)
        close = QPushButton(self.tr("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        self._pages = ListOrHint(table, hint)
        self.about = QLabel(about)
        self.about.setWordWrap(True)
        self.about.setProperty("quiet", True)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(theme.GRID)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.open_state)
        self.buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * theme.GRID,) * 4)
        layout.setSpacing(2 * theme.GRID)
        layout.addWidget(self.about)
        layout.addWidget(self._pages, 1)
        layout.addLayout(self.buttons)
        table.chosen.connect(self._on_chosen)
        table.opened.connect(self._on_open)
        self.resize(*_SIZE)
        self._on_chosen()

    @Slot(object)
    def show_states(self, states: Sequence[ProjectSummary]) -> None:
        """Show these."""
        self.table.show_states(states)
        self._pages.show_content(bool(states))
        self.about.setVisible(bool(states))

    @Slot()
    def _on_chosen(self) -> None:
        state = self.table.chosen_state
        self.open_state.setEnabled(state is not None and not state.trouble)

    @Slot()
    def _on_open(self) -> None:
        state = self.table.chosen_state
        if state is not None and not state.trouble:
            self.open_wanted.emit(state)
            self.accept()


class UnsavedDialog(StatesDialog):
    """Dialog of the unsaved work that was kept: each can be restored or thrown away."""

    discard_wanted = Signal(object)
    """Carries the `ProjectSummary` of what is not wanted any more."""

    def __init__(self, parent: QWidget) -> None:
        self.discard: QPushButton | None = None
        super().__init__(
            StatesTable(self.tr("Kept")),
            self.tr("Wisp kept this work when it was not saved. It stays until you decide."),
            self.tr("No unsaved work is waiting: all is saved, or in the window."),
            parent,
        )
        self.setObjectName("unsaved_dialog")
        self.table.setSelectionMode(StatesTable.SelectionMode.ExtendedSelection)
        self.setWindowTitle(self.tr("Unsaved work"))
        self.open_state.setText(self.tr("Restore"))
        self.open_state.setToolTip(self.tr("Opens it; what is open now is kept too"))
        self.discard = QPushButton(self.tr("Throw away"))
        self.discard.setToolTip(self.tr("Deletes all that is selected for good"))
        self.discard.setAutoDefault(False)
        self.discard.clicked.connect(self._on_discard)
        self.buttons.insertWidget(0, self.discard)
        self._on_chosen()

    @Slot()
    def _on_chosen(self) -> None:
        super()._on_chosen()
        if self.discard is not None:
            self.discard.setEnabled(self.table.chosen_state is not None)

    @Slot()
    def _on_discard(self) -> None:
        for state in self.table.selected_states:
            self.discard_wanted.emit(state)


class BackupsDialog(StatesDialog):
    """Dialog of the backups of the project's file."""

    def __init__(self, file: Path, parent: QWidget) -> None:
        text = self.tr("Each save of {name} kept the state before it; opening one saves nothing.")
        super().__init__(
            StatesTable(self.tr("Saved")),
            text.format(name=file.name),
            self.tr("There are no backups yet: the next save makes the first."),
            parent,
        )
        self.setObjectName("backups_dialog")
        self.setWindowTitle(self.tr("Revert to a backup"))
        self.open_state.setText(self.tr("Open"))
        self.open_state.setToolTip(self.tr("Opens it as unsaved work; what is open now is kept"))
        self.table.hideColumn(2)
