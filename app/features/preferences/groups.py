"""Two parts of the preferences: what new projects start with, and the cache."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, SignalInstance, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
)

from app.shell import theme
from app.shell.settings import CACHE_GIGABYTES, ModelPart, UserSettings
from matting_core.models.files.overview import ModelEntry, ModelKind
from matting_core.types import DeviceChoice, Quality

_NUMBER_WIDTH = 15 * theme.GRID


class NewProjects(QObject):
    """Tracker, head, quality and device that new projects start with."""

    def __init__(
        self, user: UserSettings, models: Sequence[ModelEntry], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._user = user
        self.boxes: dict[ModelPart, QComboBox] = {
            "tracker": self._models(models, ModelKind.TRACKER),
            "head": self._models(models, ModelKind.HEAD),
            "quality": QComboBox(),
        }
        quality = self.boxes["quality"]
        quality.addItem(self.tr("As in the project before"), "")
        quality.addItem(self.tr("Fast (512 px)"), Quality.FAST.value)
        quality.addItem(self.tr("Full (1024 px)"), Quality.FULL.value)
        self.device = QComboBox()
        for choice, text in (
            (DeviceChoice.AUTO, self.tr("The fastest there is")),
            (DeviceChoice.CPU, self.tr("Processor (CPU)")),
            (DeviceChoice.CUDA, self.tr("NVIDIA graphics card (CUDA)")),
            (DeviceChoice.MPS, self.tr("Apple graphics (MPS)")),
        ):
            self.device.addItem(text, choice)
        self.device.setToolTip(self.tr("Where the models run; counts from the next start"))
        for part, box in self.boxes.items():
            box.setCurrentIndex(max(box.findData(self._user.model(part)), 0))
            box.activated.connect(lambda _at, part=part, box=box: self._on_chosen(part, box))
        self.device.setCurrentIndex(self.device.findData(self._user.device))
        self.device.activated.connect(self._on_device)

    def _models(self, models: Sequence[ModelEntry], kind: ModelKind) -> QComboBox:
        """All models of a kind that are there."""
        box = QComboBox()
        box.addItem(self.tr("As in the project before"), "")
        for row in models:
            if row.kind is kind and row.usable:
                box.addItem(row.title, row.id)
        return box

    def fill(self, form: QFormLayout) -> None:
        """Put the controls into a form."""
        later = QLabel(self.tr("The device counts from the next start of Wisp."))
        later.setProperty("quiet", True)
        form.addRow(self.tr("Trac&ker"), self.boxes["tracker"])
        form.addRow(self.tr("&Matte"), self.boxes["head"])
        form.addRow(self.tr("&Quality"), self.boxes["quality"])
        form.addRow(self.tr("&Device"), self.device)
        form.addRow("", later)

    def _on_chosen(self, part: ModelPart, box: QComboBox) -> None:
        self._user.set_model(part, str(box.currentData()))

    @Slot(int)
    def _on_device(self, _at: int) -> None:
        self._user.device = DeviceChoice(self.device.currentData())


class Cache(Protocol):
    """Cache of mattes on disk."""

    cleared: SignalInstance
    """Carries how many bytes were freed."""
    grown: SignalInstance
    """Another matte was stored."""

    @property
    def size(self) -> int:
        """Bytes on disk."""
        ...

    def limit(self, limit: int) -> None:
        """Keep at most so many bytes."""
        ...

    def clear(self) -> None:
        """Delete what can be made again."""
        ...


class CacheGroup(QObject):
    """Controls of the cache: how large it may be, where it is, and a button that empties it."""

    def __init__(
        self,
        user: UserSettings,
        cache: Cache,
        in_use: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._user, self._cache, self._in_use = user, cache, in_use
        self.size_limit = QSpinBox()
        self.size_limit.setRange(CACHE_GIGABYTES[0], CACHE_GIGABYTES[-1])
        self.size_limit.setSuffix(self.tr(" GB"))
        self.size_limit.setKeyboardTracking(False)
        theme.indent_number(self.size_limit)
        self.size_limit.setFixedWidth(_NUMBER_WIDTH)
        self.size_limit.setValue(self._user.cache_gigabytes)
        self.size_limit.setToolTip(self.tr("What was used longest ago goes first"))
        self.folder = QLineEdit()
        self.folder.setReadOnly(True)
        self.folder.setPlaceholderText(self.tr("the system's place"))
        self.browse = QPushButton(self.tr("Bro&wse…"))
        self.usual = QPushButton(self.tr("Usua&l place"))
        self.clear = QPushButton()
        self.clear.setToolTip(self.tr("Deletes mattes that can be computed again, nothing else"))
        self.news = QLabel(self.tr("Another folder counts from the next start of Wisp."))
        self.news.setProperty("quiet", True)
        self.news.setWordWrap(True)
        self._show()
        self.size_limit.valueChanged.connect(self._on_size)
        self.browse.clicked.connect(self._on_browse)
        self.usual.clicked.connect(lambda: self._choose(None))
        self.clear.clicked.connect(self._on_clear)
        cache.cleared.connect(self._on_cleared)
        cache.grown.connect(self._show)

    def fill(self, form: QFormLayout) -> None:
        """Put the controls into a form."""
        place = QHBoxLayout()
        for widget in (self.folder, self.browse, self.usual):
            place.addWidget(widget)
        emptying = QHBoxLayout()
        emptying.addWidget(self.clear)
        emptying.addStretch(1)
        for button in (self.browse, self.usual, self.clear):
            button.setAutoDefault(False)
        form.addRow(self.tr("At mo&st"), self.size_limit)
        label = QLabel(self.tr("&Folder"))
        label.setBuddy(self.folder)
        form.addRow(label, place)
        form.addRow("", emptying)
        form.addRow("", self.news)

    @Slot()
    def _show(self) -> None:
        folder = self._user.cache_folder
        self.folder.setText(str(folder) if folder is not None else "")
        self.usual.setEnabled(folder is not None)
        text = self.tr("&Clear cache (frees {size})")
        self.clear.setText(text.format(size=self._size_text(self._cache.size)))
        self.clear.setEnabled(True)

    def _size_text(self, size: int) -> str:
        if size < 1e9:
            return self.tr("{size:.0f} MB").format(size=size / 1e6)
        return self.tr("{size:.1f} GB").format(size=size / 1e9)

    def _choose(self, folder: Path | None) -> None:
        self._user.cache_folder = folder
        self._show()

    @Slot(int)
    def _on_size(self, size: int) -> None:
        self._user.cache_gigabytes = size
        self._cache.limit(size << 30)

    @Slot()
    def _on_browse(self) -> None:
        chooser = QFileDialog(self.browse.window(), self.tr("Keep mattes in"), self.folder.text())
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.fileSelected.connect(lambda name: self._choose(Path(name)))
        chooser.open()

    @Slot()
    def _on_clear(self) -> None:
        if self._in_use():
            self.news.setText(
                self.tr("A track or an export needs the mattes; cancel it (Esc) first.")
            )
            return
        self.clear.setEnabled(False)
        self._cache.clear()

    @Slot(object)
    def _on_cleared(self, freed: int) -> None:
        text = self.tr("{size} freed; track again to have the mattes back.")
        self.news.setText(text.format(size=self._size_text(freed)))
        self._show()
