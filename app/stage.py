"""The middle of the window: message bar, canvas with its captions, and the empty state."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCursor, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app import theme
from app.canvas import Canvas
from app.editor import Editor
from app.message_bar import MessageBar
from app.missing_clip import MissingClip
from app.pictures import Picture
from app.tools import ToolRunner
from app.tools.gestures import Change, Gesture, Pan, Rubber, Select, Step, ToolContext
from app.view_state import ToolName, ViewMode

_CURSORS = {
    ToolName.SELECT: Qt.CursorShape.ArrowCursor,
    ToolName.POINT: Qt.CursorShape.CrossCursor,
    ToolName.BOX: Qt.CursorShape.CrossCursor,
}
_NEEDS_MATTE = frozenset({ViewMode.ALPHA, ViewMode.ROI, ViewMode.TRIMAP, ViewMode.CHECKER})


class EmptyState(QWidget):
    """What is there before a clip is: it says what to do."""

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
    """Shows the editor's picture, and makes changes of what the user does on it."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._runner = ToolRunner()
        self._picture: Picture | None = None
        self.canvas = Canvas()
        self.empty = EmptyState()
        self.missing = MissingClip()
        self.messages = MessageBar(self)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.canvas)
        self._pages.addWidget(self.missing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._pages, 1)
        self.messages.resized.connect(self._place_messages)
        self._caption = _chip(self.canvas)
        self._zoom = _chip(self.canvas)
        self.canvas.installEventFilter(self)
        self._marks = QTimer(self, singleShot=True, interval=0)
        self._marks.timeout.connect(self._on_marks)
        self._connect()
        self._on_tool_changed()

    @property
    def picture(self) -> Picture | None:
        """What is on screen now."""
        return self._picture

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the captions in the canvas's corners."""
        if watched is self.canvas and event.type() == QEvent.Type.Resize:
            self._place_captions()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep messages over the canvas's top: the picture must not jump under a click."""
        super().resizeEvent(event)
        self._place_messages()

    def _connect(self) -> None:
        editor = self._editor
        editor.messenger.posted.connect(self.messages.show_message)
        editor.loader.loaded.connect(self._on_loaded)
        editor.document.changed.connect(self._on_changed)
        editor.files.clip_searched.connect(self._on_clip_searched)
        self.missing.stand_in_wanted.connect(editor.files.use_stand_in)
        editor.view.active_changed.connect(self._marks.start)
        editor.view.selection_changed.connect(self._marks.start)
        editor.view.tool_changed.connect(self._on_tool_changed)
        self.canvas.gestured.connect(self._on_gesture)
        self.canvas.fit_wanted.connect(self._on_fit_wanted)
        self.canvas.zoomed.connect(self._on_zoomed)

    def _context(self, picture: Picture) -> ToolContext | None:
        clip = self._editor.project.clip
        if clip is None:
            return None
        return ToolContext(picture.request.frame, clip.size, self._editor.active)

    def _do(self, step: Step) -> None:
        match step:
            case Change():
                self._editor.apply(step)
            case Rubber(xyxy):
                active = self._editor.active
                self.canvas.show_rubber(xyxy, active.color if active else theme.ACCENT)
            case Pan(dxy):
                self.canvas.pan_by(dxy)
            case Select(prompt):
                self._editor.view.select(prompt)

    def _describe(self, picture: Picture) -> str:
        names = {
            ViewMode.SOURCE: self.tr("Source (F1)"),
            ViewMode.OVERLAY: self.tr("Overlay (F2)"),
            ViewMode.ALPHA: self.tr("Alpha (F3)"),
            ViewMode.ROI: self.tr("ROI (F4)"),
            ViewMode.TRIMAP: self.tr("Trimap (F5)"),
            ViewMode.CHECKER: self.tr("Checker (F6)"),
        }
        name = names[picture.request.mode]
        if picture.stale:
            return name + self.tr(" · stale: track again (Ctrl+T)")
        if not picture.mattes and picture.request.mode in _NEEDS_MATTE:
            return name + self.tr(" · no matte here: click the object, or track it (Ctrl+T)")
        return name

    def _show_page(self) -> None:
        project, lost = self._editor.project, self._editor.files.lost
        if lost.trouble is not None:
            self.missing.show_search(lost, sum(len(obj.prompts) for obj in project))
            self._pages.setCurrentWidget(self.missing)
        else:
            has_clip = project.clip is not None
            self._pages.setCurrentWidget(self.canvas if has_clip else self.empty)

    def _place_captions(self) -> None:
        for chip in (self._caption, self._zoom):
            chip.adjustSize()
        bottom = self.canvas.height() - self._caption.height() - theme.GRID
        self._caption.move(theme.GRID, bottom)
        self._zoom.move(self.canvas.width() - self._zoom.width() - theme.GRID, bottom)

    @Slot()
    def _place_messages(self) -> None:
        wrapped = self.messages.heightForWidth(self.width())
        height = wrapped if wrapped > 0 else self.messages.sizeHint().height()
        self.messages.setGeometry(0, 0, self.width(), height)
        self.messages.raise_()

    @Slot(object)
    def _on_loaded(self, picture: Picture) -> None:
        clip = self._editor.project.clip
        if clip is None or picture.request.path != clip.path:
            return
        self._picture = picture
        self.canvas.show_picture(picture.rgb)
        self._caption.setText(self._describe(picture))
        self._place_captions()
        self._on_marks()

    @Slot(object)
    def _on_changed(self, _changes: object) -> None:
        self._show_page()
        self._marks.start()

    @Slot()
    def _on_clip_searched(self) -> None:
        self._show_page()

    @Slot()
    def _on_marks(self) -> None:
        if self._picture is None:
            return
        view = self._editor.view
        shown = [(obj, obj.id == view.active) for obj in self._editor.project if obj.visible]
        self.canvas.show_prompts(shown, self._picture.request.frame, view.selected)

    @Slot(object)
    def _on_gesture(self, gesture: Gesture) -> None:
        if self._picture is None:
            return
        context = self._context(self._picture)
        if context is None:
            return
        if gesture.kind == "press":
            # A prompt belongs to the frame that is seen, even if the playhead is ahead of it.
            self._editor.transport.stop()
            self._editor.transport.seek(context.frame)
        for step in self._runner.feed(self._editor.view.tool, context, gesture):
            self._do(step)

    @Slot()
    def _on_fit_wanted(self) -> None:
        if self._editor.view.tool is ToolName.SELECT:
            self.canvas.fit()

    @Slot(float)
    def _on_zoomed(self, zoom: float) -> None:
        self._zoom.setText(self.tr("{percent:.0f} %").format(percent=zoom * 100))
        self._place_captions()

    @Slot()
    def _on_tool_changed(self) -> None:
        self._runner.drop()
        self.canvas.show_rubber(None, theme.ACCENT)
        self.canvas.setCursor(QCursor(_CURSORS[self._editor.view.tool]))


def _chip(parent: QWidget) -> QLabel:
    chip = QLabel(parent)
    chip.setProperty("chip", True)
    chip.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return chip
