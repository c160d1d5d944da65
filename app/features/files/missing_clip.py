"""What is there instead of the canvas while a project's clip cannot be shown."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.features.files.clip_search import ClipSearch
from app.features.files.project_files import ProjectFiles
from app.model.model import Model
from app.shell import theme

_WIDTH = 560


class MissingClip(QWidget):
    """Page that says which clip is missing and why, and what can be done."""

    find_wanted = Signal()

    def __init__(self, files: ProjectFiles, model: Model, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._files = files
        self._model = model
        picture = QLabel()
        picture.setPixmap(theme.icon("link-break", theme.LINE).pixmap(64, 64))
        heading = QLabel(self.tr("The clip is missing"))
        self.trouble = self._text()
        self.trouble.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.kept = self._text()
        self.kept.setProperty("quiet", True)
        self.find_clip = QPushButton(self.tr("Find the clip…"))
        self.find_clip.setObjectName("find_clip")
        self.find_clip.setDefault(True)
        self.find_clip.clicked.connect(self.find_wanted)
        self.stand_in = QPushButton(self.tr("Use it anyway"))
        self.stand_in.clicked.connect(files.use_stand_in)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GRID)
        buttons.addStretch(1)
        buttons.addWidget(self.find_clip)
        buttons.addWidget(self.stand_in)
        buttons.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(theme.GRID)
        column.addStretch(1)
        for label in (picture, heading, self.trouble, self.kept):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)  # an aligned item would get no height for its wrapped lines
        column.addLayout(buttons)
        column.addStretch(1)
        layout = QHBoxLayout(self)
        layout.addStretch(1)
        layout.addLayout(column)
        layout.addStretch(1)
        model.document.changed.connect(self._on_searched)
        files.clip_searched.connect(self._on_searched)

    @Slot()
    def _on_searched(self) -> None:
        if self._files.lost.trouble is not None:
            prompts = sum(len(obj.prompts) for obj in self._model.project)
            self.show_search(self._files.lost, prompts)

    def show_search(self, search: ClipSearch, prompts: int) -> None:
        """Say why the clip cannot be shown.

        Args:
            search: what was found.
            prompts: how many the project has.
        """
        self.trouble.setText(str(search.trouble or ""))
        text = self.tr("Objects and prompts are not lost; prompts: {count}.")
        self.kept.setText(text.format(count=prompts))
        self.stand_in.setVisible(search.stand_in is not None)
        if search.stand_in is not None:
            self.stand_in.setToolTip(search.stand_in.path)

    def _text(self) -> QLabel:
        label = QLabel()
        label.setWordWrap(True)
        label.setFixedWidth(_WIDTH)
        return label
