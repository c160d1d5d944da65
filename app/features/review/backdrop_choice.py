"""Choosing what the Colour view puts behind the objects: any colour, or an image file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QFileDialog, QWidget

from app.model.look import Backdrop
from app.model.model import Model
from app.model.view import ViewMode
from app.shell.settings import UserSettings
from matting_core.media.stills import IMAGE_SUFFIXES


class BackdropChoice(QObject):
    """Dialogs that choose a background; the canvas follows while a colour is being chosen."""

    def __init__(self, model: Model, settings: UserSettings, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.model = model
        self._settings = settings
        self._before = model.view.look.backdrop

    def ask_color(self) -> None:
        """Let the user choose a colour."""
        self._before = self.model.view.look.backdrop
        dialog = QColorDialog(QColor(*self._before.color), self._window)
        dialog.setObjectName("backdrop_color")
        dialog.setWindowTitle(self.tr("Background colour"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.currentColorChanged.connect(self._on_color)
        dialog.colorSelected.connect(self._on_color)
        dialog.rejected.connect(self._on_rejected)
        self.model.view.set_mode(ViewMode.BACKDROP)
        dialog.open()

    def ask_image(self) -> None:
        """Let the user choose an image file."""
        title, folder = self.tr("Background image"), self._settings.folder("backdrop")
        patterns = " ".join(f"*{suffix}" for suffix in sorted(IMAGE_SUFFIXES))
        kinds = self.tr("Images") + f" ({patterns})"
        chooser = QFileDialog(self._window, title, folder, kinds)
        chooser.setObjectName("backdrop_image")
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.fileSelected.connect(self.choose_image)
        chooser.open()

    @Slot(str)
    def choose_image(self, name: str) -> None:
        """Put an image behind the objects."""
        self._settings.set_folder("backdrop", Path(name).parent)
        self.choose(Backdrop(image=name))

    @Slot(QColor)
    def _on_color(self, color: QColor) -> None:
        self.choose(Backdrop((color.red(), color.green(), color.blue())))

    @Slot()
    def _on_rejected(self) -> None:
        self.choose(self._before)

    def choose(self, backdrop: Backdrop) -> None:
        """Put something else behind the objects, and look at it."""
        view = self.model.view
        view.set_look(replace(view.look, backdrop=backdrop))
        view.set_mode(ViewMode.BACKDROP)
