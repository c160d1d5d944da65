"""What the user does on the canvas: gestures go to the tool, on the frame that is seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QCursor

from app.canvas.overlay import DocumentOverlay
from app.canvas.pictures.picture import Picture
from app.canvas.tools.base import Bound
from app.canvas.tools.gestures import Gesture, Pointer, ToolContext
from app.canvas.tools.host import ToolHost
from app.canvas.view import Canvas
from app.model.model import Model
from app.model.tool_names import ToolName
from app.shell.messages import Messenger

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


class CanvasController(QObject):
    """Gestures on the canvas, fed to the chosen tool on the frame that is seen.

    Args:
        model: what is worked on.
        canvas: where the gestures are made.
        tools: runs the tool.
        overlay: shows prompts while the hand is there.
        place: gives a gesture its place in the frame, where two pictures lie side by side.
        messenger: says why a tool cannot be used.
        parent: the Qt parent.
    """

    def __init__(
        self,
        model: Model,
        canvas: Canvas,
        tools: ToolHost,
        overlay: DocumentOverlay,
        place: Callable[[Gesture], Gesture],
        messenger: Messenger,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._canvas = canvas
        self._tools = tools
        self._overlay = overlay
        self._place = place
        self._messenger = messenger
        self._frame: int | None = None
        canvas.gestured.connect(self._on_gesture)
        canvas.left.connect(self._on_left)
        canvas.fit_wanted.connect(self._on_fit_wanted)
        canvas.closing.connect(self._on_closing)
        canvas.dropping.connect(tools.cancel)
        model.view.tool_changed.connect(self._on_tool_changed)
        self._on_tool_changed()

    @Slot(object)
    def show_picture(self, picture: Picture) -> None:
        """Work on the frame that is seen now."""
        if self._frame is not None and self._frame != picture.request.frame:
            self._tools.leave(Bound.FRAME)
        self._frame = picture.request.frame

    def _context(self) -> ToolContext | None:
        if self._frame is None:
            return None
        active = self._model.active
        if active is not None and not self._model.objects.shows(active):
            active = None  # nobody can take hold of what is not seen
        return self._tools.context(self._frame, active)

    @Slot(object)
    def _on_gesture(self, gesture: Gesture) -> None:
        context = self._context()
        if context is None:
            return
        self._overlay.set_hovered(True)
        if gesture.kind == "hover":
            self._point(self._tools.tool.cursor(context, gesture))
        if gesture.kind == "press":
            if self._refuses():
                return
            # A prompt belongs to the frame that is seen, even if the playhead is ahead of it.
            self._model.playback.stop()
            self._model.playback.seek(context.frame)
        self._tools.feed(context, self._place(gesture))

    def _refuses(self) -> bool:
        """Say so if the tool would draw on an object that is not shown."""
        active, view = self._model.active, self._model.view
        if view.tool is ToolName.SELECT or active is None or self._model.objects.shows(active):
            return False
        text = (
            self.tr("{name} is hidden while others are soloed; show it too (S).")
            if active.visible
            else self.tr("{name} is hidden; show it (H).")
        )
        self._messenger.tell(text.format(name=active.name))
        return True

    def _point(self, pointer: Pointer) -> None:
        shape = _POINTERS[pointer]
        if self._canvas.cursor().shape() != shape:
            self._canvas.setCursor(QCursor(shape))

    @Slot()
    def _on_left(self) -> None:
        self._overlay.set_hovered(False)

    @Slot()
    def _on_fit_wanted(self) -> None:
        if self._model.view.tool is ToolName.SELECT:
            self._canvas.fit()

    @Slot()
    def _on_closing(self) -> None:
        context = self._context()
        if context is not None:
            self._tools.finish(context)

    @Slot()
    def _on_tool_changed(self) -> None:
        self._point(self._tools.tool.resting)
