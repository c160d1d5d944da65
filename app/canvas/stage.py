"""The middle of the window: message bar, canvas with its captions, and the empty state."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCursor, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.canvas.chips.bar import Chips
from app.canvas.pictures.picture import Picture
from app.canvas.tools.gestures import (
    Gesture,
    Menu,
    Pan,
    Pointer,
    Rubber,
    Step,
    ToolContext,
    inside,
)
from app.canvas.tools.host import ToolRunner, pointer_at
from app.canvas.tools.shapes import SHAPE_ROLES
from app.canvas.view import Canvas
from app.editor import Editor
from app.features.files.missing_clip import MissingClip
from app.features.objects.prompt_menu import PromptMenu
from app.features.painting.board import PaintBoard
from app.features.painting.tool_options import ToolOptions
from app.model.results import Status
from app.model.tool_names import ToolName
from app.shell import theme
from app.shell.message_bar import MessageBar
from matting_core.document.prompts import Label, PointPrompt

_POINTERS: Mapping[Pointer, Qt.CursorShape] = {
    "arrow": Qt.CursorShape.ArrowCursor,
    "point": Qt.CursorShape.PointingHandCursor,
    "move": Qt.CursorShape.SizeAllCursor,
    "across": Qt.CursorShape.SizeHorCursor,
    "down": Qt.CursorShape.SizeVerCursor,
    "falling": Qt.CursorShape.SizeFDiagCursor,
    "rising": Qt.CursorShape.SizeBDiagCursor,
    "cross": Qt.CursorShape.CrossCursor,
    "none": Qt.CursorShape.BlankCursor,
}


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
        self._hovered = False
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
        self.options = ToolOptions(editor.view, self.canvas)
        self.chips = Chips(self.canvas, editor.view, self.messages, self.options, self)
        self._marks = QTimer(self, singleShot=True, interval=0)
        self._marks.timeout.connect(self._on_marks)
        self.board = PaintBoard(editor, self.canvas, self)
        self._connect()
        self._on_tool_changed()

    @property
    def picture(self) -> Picture | None:
        """What is on screen now."""
        return self._picture

    @property
    def caption(self) -> str:
        """What the chip under the picture says."""
        return self.chips.caption.text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep messages over the canvas's top: the picture must not jump under a click."""
        super().resizeEvent(event)
        self._place_messages()

    def _connect(self) -> None:
        editor = self._editor
        editor.messenger.posted.connect(self.messages.show_message)
        editor.messenger.settled.connect(self.messages.settle)
        editor.loader.loaded.connect(self._on_loaded)
        editor.coverage.changed.connect(self._on_coverage_changed)
        editor.document.changed.connect(self._on_changed)
        editor.files.clip_searched.connect(self._on_clip_searched)
        self.missing.stand_in_wanted.connect(editor.files.use_stand_in)
        editor.view.active_changed.connect(self._marks.start)
        editor.view.selection_changed.connect(self._marks.start)
        editor.view.prompts_changed.connect(self._marks.start)
        editor.view.tool_changed.connect(self._on_tool_changed)
        editor.hover.shown.connect(self._on_glimpse)
        editor.objects.shape_changed.connect(self._marks.start)
        editor.objects.solo_changed.connect(self._marks.start)
        self.canvas.gestured.connect(self._on_gesture)
        self.canvas.left.connect(self._on_left)
        self.canvas.fit_wanted.connect(self._on_fit_wanted)
        self.canvas.closing.connect(self._on_closing)
        self.canvas.dropping.connect(self._on_dropping)
        editor.outline_dropped.connect(self._on_dropping)

    def _context(self, picture: Picture) -> ToolContext | None:
        clip = self._editor.project.clip
        if clip is None:
            return None
        frame, objects = picture.request.frame, self._editor.objects
        active = self._editor.active
        if active is not None and not objects.shows(active):
            active = None  # nobody can take hold of what is not seen
        brush, last = self._editor.view.brush, self.board.last(frame)
        return ToolContext(frame, clip.size, active, brush, last, objects.shape, objects.drawing)

    def _do(self, step: Step) -> None:
        match step:
            case Rubber(xyxy):
                active = self._editor.active
                self.canvas.marks.show_rubber(xyxy, active.color if active else theme.ACCENT)
            case Pan(dxy):
                self.canvas.pan_by(dxy)
            case Menu(prompt):
                PromptMenu(self._editor.model, prompt, self).show_at(QCursor.pos())
            case _:
                self._editor.take(step)
                self.board.do(step)

    def _show_page(self) -> None:
        project, lost = self._editor.project, self._editor.files.lost
        if lost.trouble is not None:
            self.missing.show_search(lost, sum(len(obj.prompts) for obj in project))
            self._pages.setCurrentWidget(self.missing)
        else:
            has_clip = project.clip is not None
            self._pages.setCurrentWidget(self.canvas if has_clip else self.empty)

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
        before = self._picture
        if before is not None and before.request.frame != picture.request.frame:
            self._drop_outline()
        self._picture = picture
        self.canvas.show_picture(picture.rgb)
        self.chips.show_picture(picture, self._statuses(picture))
        self.board.show_picture(picture)
        self._on_marks()

    def _statuses(self, picture: Picture) -> set[Status]:
        """What is known of the mattes that are seen."""
        shown = (layer.object_id for layer in picture.request.layers if layer.shown)
        all_of = (self._editor.coverage.statuses(each) for each in shown)
        frame = picture.request.frame
        return {Status(int(each[frame])) for each in all_of if frame < len(each)}

    @Slot()
    def _on_coverage_changed(self) -> None:
        if self._picture is not None:
            self.chips.show_statuses(self._picture, self._statuses(self._picture))

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
        objects, frame = self._editor.objects, self._picture.request.frame
        there = view.marks_prompts(self._picture.request.mode, hovered=self._hovered)
        marked = [obj for obj in self._editor.project if there and objects.shows(obj)]
        shown = [(obj, obj.id == view.active) for obj in marked]
        self.canvas.marks.show_prompts(shown, frame, view.selected)
        self._show_shapes(frame)

    def _show_shapes(self, frame: int) -> None:
        """Shapes are there while they can be drawn; else they would be in the picture's way."""
        objects, active = self._editor.objects, self._editor.active
        role = SHAPE_ROLES.get(self._editor.view.tool)
        marks = self.canvas.shape_marks
        marks.clear()
        if role is None:
            return
        if active is not None:
            marks.show(active.finishing.shapes, frame, objects.shape, objects.point)
        marks.show_drawing(objects.drawing, role)

    @Slot(object)
    def _on_gesture(self, gesture: Gesture) -> None:
        if self._picture is None:
            return
        context = self._context(self._picture)
        if context is None:
            return
        self._hover(True)
        if gesture.kind == "hover":
            self._point(pointer_at(self._editor.view.tool, context, gesture))
            self._ask(context, gesture)
        else:
            self._editor.hover.drop()
        self.board.point(gesture)
        if gesture.kind == "press" and self._refuses():
            return
        if gesture.kind == "press":
            # A prompt belongs to the frame that is seen, even if the playhead is ahead of it.
            self._editor.transport.stop()
            self._editor.transport.seek(context.frame)
        gesture = self.chips.comparison.homed(gesture)
        for step in self._runner.feed(self._editor.view.tool, context, gesture):
            self._do(step)
        self._editor.outlining = self._runner.waiting

    def _refuses(self) -> bool:
        """Say so if the tool would draw on an object that is not shown."""
        active = self._editor.active
        tool, objects = self._editor.view.tool, self._editor.objects
        if tool is ToolName.SELECT or active is None or objects.shows(active):
            return False
        text = (
            self.tr("{name} is hidden while others are soloed; show it too (S).")
            if active.visible
            else self.tr("{name} is hidden; show it (H).")
        )
        self._editor.messenger.tell(text.format(name=active.name))
        return True

    def _hover(self, hovered: bool) -> None:
        """Note whether the hand is over the canvas: it says which marks are there."""
        if hovered != self._hovered:
            self._hovered = hovered
            self._marks.start()

    def _ask(self, context: ToolContext, gesture: Gesture) -> None:
        """With Shift held, the point tool shows what a click would give."""
        hover, tool = self._editor.hover, self._editor.view.tool
        asking = tool is ToolName.POINT and gesture.shift and inside(gesture.xy, context.size)
        asking = asking and context.obj == self._editor.active
        if asking:
            label = Label.BACKGROUND if gesture.control else Label.FOREGROUND
            prompt = PointPrompt(context.frame, gesture.xy, label)
            hover.ask(self._editor.project, context.obj, prompt)
        else:
            hover.drop()

    @Slot(object)
    def _on_glimpse(self, mask: npt.NDArray[np.bool_] | None) -> None:
        active = self._editor.active
        self.canvas.marks.show_glimpse(mask, active.color if active else theme.ACCENT)

    @Slot()
    def _on_left(self) -> None:
        self._hover(False)

    @Slot()
    def _on_fit_wanted(self) -> None:
        if self._editor.view.tool is ToolName.SELECT:
            self.canvas.fit()

    @Slot()
    def _on_closing(self) -> None:
        self._on_gesture(Gesture("close", (0, 0)))

    @Slot()
    def _on_dropping(self) -> None:
        self._runner.drop()
        self._editor.outlining = False
        self.board.drop()

    @Slot()
    def _on_tool_changed(self) -> None:
        self._runner.drop()
        self._editor.outlining = False
        self._editor.hover.drop()
        self._editor.objects.set_drawing(())
        self._marks.start()
        self.canvas.marks.show_rubber(None, theme.ACCENT)
        self._point("arrow" if self._editor.view.tool is ToolName.SELECT else "cross")

    def _drop_outline(self) -> None:
        """Forget corners that were set on another frame; a drag goes on."""
        if self._runner.waiting:
            self._on_dropping()

    def _point(self, pointer: Pointer) -> None:
        shape = _POINTERS[pointer]
        if self.canvas.cursor().shape() != shape:
            self.canvas.setCursor(QCursor(shape))
