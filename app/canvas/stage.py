"""The middle of the window: message bar, canvas with what lies over it, and its stand-ins."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.canvas.controls.bar import CanvasControls
from app.canvas.pictures.picture import Picture
from app.canvas.view import Canvas
from app.model.model import Model
from app.shell import theme
from app.shell.message_bar import MessageBar
from app.shell.messages import Messenger
from matting_core.results.status import Status


class EmptyState(QWidget):
    """Page that is there before a clip is: it says what to do."""

    demo_wanted = Signal()
    clip_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        picture = QLabel()
        picture.setPixmap(theme.icon("film-strip", theme.LINE).pixmap(64, 64))
        text = QLabel(self.tr("Drop a clip, or open the demo."))
        hint = QLabel(self.tr("Video files, folders of stills and .wisp projects"))
        hint.setProperty("quiet", True)
        demo = QPushButton(self.tr("Open the demo"))
        demo.setObjectName("open_demo")
        demo.setDefault(True)
        demo.clicked.connect(self.demo_wanted)
        clip = QPushButton(self.tr("Open a clip… (Ctrl+O)"))
        clip.clicked.connect(self.clip_wanted)
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.GRID)
        layout.addStretch(1)
        for widget in (picture, text, hint, demo, clip):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)


class Stage(QWidget):
    """Pages of the window's middle: the canvas, or what stands in for it.

    Args:
        model: what is shown.
        canvas: shows the picture.
        options: row over the canvas with the options of the tool.
        missing: page for a clip that cannot be shown.
        messenger: whose messages lie over the top.
        parent: the Qt parent.
    """

    shown = Signal(object)
    """Carries the `Picture` that is on screen now."""

    def __init__(
        self,
        model: Model,
        canvas: Canvas,
        options: QWidget,
        missing: QWidget,
        messenger: Messenger,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._picture: Picture | None = None
        self.canvas = canvas
        self.options = options
        self.missing = missing
        self.empty = EmptyState()
        self.messages = MessageBar(self)
        self._pages = QStackedWidget()
        for page in (self.empty, canvas, missing):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._pages, 1)
        self.messages.resized.connect(self._place_messages)
        self.controls = CanvasControls(canvas, model.view, self.messages, options, self)
        messenger.posted.connect(self.messages.show_message)
        messenger.settled.connect(self.messages.settle)
        model.results.changed.connect(self._on_results_changed)
        model.document.changed.connect(self._show_page)
        model.results_reread.connect(self._show_page)

    @property
    def picture(self) -> Picture | None:
        """What is on screen now."""
        return self._picture

    @property
    def caption(self) -> str:
        """What the caption under the picture says."""
        return self.controls.caption.text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep messages over the canvas's top: the picture must not jump under a click."""
        super().resizeEvent(event)
        self._place_messages()

    @Slot(object)
    def show_picture(self, picture: Picture) -> None:
        """Show a picture, unless it is of a clip that is not open any more."""
        clip = self._model.project.clip
        if clip is None or picture.request.path != clip.path:
            return
        self._picture = picture
        self.canvas.show_picture(picture.rgb)
        self.controls.show_picture(picture, self._statuses(picture))
        self.shown.emit(picture)

    def _statuses(self, picture: Picture) -> set[Status]:
        """What is known of the mattes that are seen."""
        shown = (layer.object_id for layer in picture.request.layers if layer.shown)
        all_of = (self._model.results.statuses(each) for each in shown)
        frame = picture.request.frame
        return {Status(int(each[frame])) for each in all_of if frame < len(each)}

    @Slot()
    def _show_page(self) -> None:
        if self._model.document.clip_missing:
            self._pages.setCurrentWidget(self.missing)
        else:
            has_clip = self._model.project.clip is not None
            self._pages.setCurrentWidget(self.canvas if has_clip else self.empty)

    @Slot()
    def _place_messages(self) -> None:
        wrapped = self.messages.heightForWidth(self.width())
        height = wrapped if wrapped > 0 else self.messages.sizeHint().height()
        self.messages.setGeometry(0, 0, self.width(), height)
        self.messages.raise_()

    @Slot()
    def _on_results_changed(self) -> None:
        if self._picture is not None:
            self.controls.show_statuses(self._picture, self._statuses(self._picture))
