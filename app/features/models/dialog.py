"""Which models there are, and getting, checking, trying and removing them."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from shlex import quote

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.features.models.controller import ModelFiles
from app.features.models.licence_dialog import LicenceDialog
from app.features.models.removal import RemovalDialog
from app.features.models.table import ModelsTable
from app.features.models.terms import open_links, terms_of
from app.shell import theme
from app.shell.list_or_hint import ListOrHint
from app.shell.settings import UserSettings
from matting_core.jobs import Progress
from matting_core.models.files.importing import ImportResult
from matting_core.models.files.overview import ModelEntry, ModelKind, ModelState
from matting_core.models.licences import is_accepted

_SIZE = (1160, 640)
_BAR_WIDTH = 220


class ModelsDialog(QDialog):
    """Dialog of the models and what can be done with them; the window stays usable meanwhile.

    Args:
        models: does the work.
        user: knows where files were last chosen.
        used: whether the open project uses the model of an id.
        parent: over which it is shown.
    """

    def __init__(
        self,
        models: ModelFiles,
        user: UserSettings,
        used: Callable[[str], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._used = used
        self.setObjectName("models_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Models"))
        self._models, self._user = models, user
        self.table = ModelsTable()
        self._pages = ListOrHint(
            self.table, self.tr("No models were found: get a whole copy of Wisp.")
        )
        self.about = self._text(lines=3)
        open_links(self.about)
        self.news = self._text(lines=2)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(_BAR_WIDTH)
        self._make_buttons()
        self._lay_out()
        self.resize(*_SIZE)
        self.table.chosen.connect(self._on_chosen)
        models.changed.connect(self._on_changed)
        models.progressed.connect(self._on_progressed)
        models.said.connect(self._on_said)
        models.imported.connect(self._on_imported)
        self._on_changed()

    def choose(self, key: str) -> None:
        """Choose the model of this "kind:id", or of this id."""
        self.table.choose(key)

    def _text(self, lines: int) -> QLabel:
        label = QLabel()
        label.setWordWrap(True)
        label.setProperty("quiet", True)
        label.setMinimumHeight(lines * label.fontMetrics().lineSpacing())  # so that nothing jumps
        label.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        return label

    def _make_buttons(self) -> None:
        self.download = self._button(self.tr("&Download"), self._on_download)
        self.import_file = self._button(self.tr("&Import file…"), self._on_import)
        self.verify = self._button(self.tr("&Verify"), self._on_verify)
        self.probe = self._button(self.tr("&Probe"), self._on_probe)
        self.remove = self._button(self.tr("&Remove…"), self._on_remove)
        self.cancel = self._button(self.tr("Cancel"), self._models.cancel)
        self.import_file.setToolTip(
            self.tr("A SAM 2.1, SAM2Matting or SAM 3 file: .pt or .safetensors")
        )
        self.verify.setToolTip(self.tr("Compares the files with their hashes"))
        self.probe.setToolTip(
            self.tr("Runs it for about 5 seconds to measure speed and memory here")
        )
        self.remove.setToolTip(self.tr("Deletes its files; what is a part of Wisp stays"))
        self.cancel.setToolTip(self.tr("A download goes on from there the next time"))

    def _button(self, text: str, act: object) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    def _lay_out(self) -> None:
        running = QHBoxLayout()
        running.addWidget(self.news, 1)
        running.addWidget(self.bar)
        running.addWidget(self.cancel)
        close = self._button(self.tr("Close"), self.close)
        row = QHBoxLayout()
        for button in (self.download, self.import_file, self.verify, self.probe, self.remove):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * theme.GRID,) * 4)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.about)
        layout.addLayout(running)
        layout.addLayout(row)

    def _describe(self, row: ModelEntry) -> str:
        parts = [self.tr("{title}: {origin}.").format(title=row.title, origin=row.origin)]
        if row.non_commercial:
            parts.append(self.tr("Not for commercial use."))
        if row.needs:
            advice = self.tr("Install what it needs with: pip install {packages}")
            parts.append(advice.format(packages=" ".join(map(quote, row.needs))))
        if row.state is ModelState.DAMAGED:
            parts.append(self._repair_text(row))
        elif row.state is ModelState.MISSING and row.address is None:
            parts.append(self.tr("Get its file from its authors, then import it."))
        elif row.state is ModelState.MISSING:
            advice = self.tr("Download it, or fetch {address} elsewhere and import it.")
            parts.append(advice.format(address=row.address))
        terms = dict.fromkeys(terms_of(entry.licence) for entry in row.weights)
        return " ".join((*(escape(part, quote=False) for part in parts), *terms))

    def _repair_text(self, row: ModelEntry) -> str:
        if row.offered:
            return self.tr("Its file is damaged: download it again.")
        if row.removable:
            return self.tr("Its file is damaged: get it from its authors and import it again.")
        return self.tr("Its file is damaged: get a whole copy of Wisp.")

    @Slot()
    def _on_changed(self) -> None:
        rows = self._models.rows()
        self.table.show_rows(rows)
        self._pages.show_content(bool(rows))
        busy = self._models.job is not None
        self.bar.setVisible(busy)
        self.cancel.setVisible(busy)
        if self._models.job is not None:
            self.bar.setMaximum(0)
            self._on_said(f"{self._models.job.title}…", False)

    @Slot()
    def _on_chosen(self) -> None:
        row, free = self.table.row, self._models.job is None
        there = row is not None and row.state is not ModelState.MISSING
        runs = row is not None and row.kind is not ModelKind.WEIGHTS
        self.download.setEnabled(free and row is not None and bool(row.offered))
        self.import_file.setEnabled(free)
        self.verify.setEnabled(free and there and row is not None and bool(row.weights))
        self.probe.setEnabled(free and runs and row is not None and row.usable)
        self.remove.setEnabled(free and row is not None and bool(row.removable))
        resumed = row is not None and bool(row.fetched)
        self.download.setText(self.tr("Resume &download") if resumed else self.tr("&Download"))
        self.about.setText(self._describe(row) if row is not None else "")

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        self.bar.setMaximum(progress.total)
        self.bar.setValue(progress.done)
        if self._models.job is not None:
            self.news.setText(_so_far(self._models.job.title, progress))

    @Slot(str, bool)
    def _on_said(self, text: str, failed: bool) -> None:
        self.news.setText(text)
        self.news.setStyleSheet(f"color: {theme.LOST};" if failed else "")

    @Slot(object)
    def _on_imported(self, found: ImportResult) -> None:
        if found.non_commercial is None or is_accepted(found.ids):
            return
        dialog = LicenceDialog(found.title, found.non_commercial, found.ids, self)
        dialog.rejected.connect(lambda: self._models.discard(found.ids))
        dialog.open()

    @Slot()
    def _on_download(self) -> None:
        if self.table.row is not None:
            self._models.download(self.table.row)

    @Slot()
    def _on_verify(self) -> None:
        if self.table.row is not None:
            self._models.verify(self.table.row)

    @Slot()
    def _on_probe(self) -> None:
        if self.table.row is not None:
            self._models.probe(self.table.row)

    @Slot()
    def _on_remove(self) -> None:
        row = self.table.row
        if row is None:
            return
        dialog = RemovalDialog(row, used=self._used(row.id), parent=self)
        dialog.accepted.connect(lambda: self._models.remove(row))
        dialog.open()

    @Slot()
    def _on_import(self) -> None:
        chooser = QFileDialog(self, self.tr("Import a model"), self._user.folder("models"))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setNameFilter(self.tr("Checkpoints (*.pt *.pth *.safetensors)"))
        chooser.fileSelected.connect(self._on_import_chosen)
        chooser.open()

    @Slot(str)
    def _on_import_chosen(self, name: str) -> None:
        path = Path(name)
        self._user.set_folder("models", path.parent)
        self._models.import_file(path)


def _so_far(title: str, progress: Progress) -> str:
    return f"{title}: {progress.done}/{progress.total}" if progress.total else f"{title}…"
