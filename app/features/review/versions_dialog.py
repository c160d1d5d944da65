"""Earlier versions of the tracked mattes: a list to go back from."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.model.versions import Version, Versions
from app.shell import theme

_SIZE = (460, 320)


class VersionsDialog(QDialog):
    """Dialog of the versions, the latest first; stays open beside the work.

    Args:
        versions: of the document.
        parent: over which it is shown.
    """

    wanted = Signal(object)
    """Carries the `Version` to go back to."""

    def __init__(self, versions: Versions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._versions = versions
        self.setObjectName("versions_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Earlier versions"))
        self.resize(*_SIZE)
        hint = QLabel(
            self.tr(
                "A version is kept when a project is opened and whenever a track starts, until the "
                "clip is closed. Going back to one leaves locked frames as they are, and can be "
                "undone (Ctrl+Z)."
            )
        )
        hint.setProperty("quiet", True)
        hint.setWordWrap(True)
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Versions"))
        self._list.currentRowChanged.connect(self._on_chosen)
        self._list.itemActivated.connect(self._on_wanted)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._back = buttons.addButton(
            self.tr("&Go back to it"), QDialogButtonBox.ButtonRole.ActionRole
        )
        self._back.setObjectName("go_back")
        self._back.clicked.connect(self._on_wanted)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * theme.GRID,) * 4)
        layout.setSpacing(theme.GRID)
        layout.addWidget(hint)
        layout.addWidget(self._list, 1)
        layout.addWidget(buttons)
        versions.changed.connect(self._fill)
        self._fill()

    @property
    def chosen(self) -> Version | None:
        """The version that is marked in the list."""
        item = self._list.currentItem()
        found: Version | None = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        return found

    @Slot()
    def _fill(self) -> None:
        self._list.clear()
        for version in reversed(self._versions.kept):
            item = QListWidgetItem(self._describe(version))
            item.setData(Qt.ItemDataRole.UserRole, version)
            self._list.addItem(item)
        self._on_chosen()

    def _describe(self, version: Version) -> str:
        time = QLocale().toString(version.time.time(), QLocale.FormatType.ShortFormat)
        settings = version.project.settings
        prompts = sum(len(obj.prompts) for obj in version.project)
        text = self.tr("Version {number} · {time} · prompts: {prompts} · {tracker}, {head}")
        return text.format(
            number=version.number,
            time=time,
            prompts=prompts,
            tracker=settings.tracker,
            head=settings.head,
        )

    @Slot()
    def _on_chosen(self) -> None:
        self._back.setEnabled(self.chosen is not None)

    @Slot()
    def _on_wanted(self) -> None:
        if self.chosen is not None:
            self.wanted.emit(self.chosen)
