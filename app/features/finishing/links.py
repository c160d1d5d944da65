"""Keeps the panel Matte showing the active object's finishing, and passes its wishes on."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from app.editor import Editor
from app.features.finishing.panel import FinishingPanel
from app.model.change import Change
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document import finishing_edits
from matting_core.document.finishing import Parameter
from matting_core.document.shapes import Shape


class FinishingLinks(QObject):
    """Redraws the panel once for any number of changes in one turn of the event loop."""

    def __init__(
        self, editor: Editor, panel: FinishingPanel, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._panel = panel
        self._redraw = QTimer(self, singleShot=True, interval=0)
        self._redraw.timeout.connect(self._on_redraw)
        for signal in (
            editor.document.changed,
            editor.view.active_changed,
            editor.view.playhead_moved,
            editor.objects.shape_changed,
        ):
            signal.connect(self._redraw.start)
        panel.edited.connect(self._on_edited)
        panel.key_wanted.connect(self._on_key_wanted)
        panel.reset_wanted.connect(self._on_reset_wanted)
        panel.shapes.chosen.connect(editor.objects.select_shape)
        panel.shapes.changed.connect(self._on_shape_changed)
        panel.shapes.removed.connect(self._on_shape_removed)
        panel.shapes.key_wanted.connect(self._on_shape_key_wanted)
        self._redraw.start()

    def _note(self) -> str:
        """Why the finishing cannot be changed on this frame."""
        obj, frame = self._editor.active, self._editor.view.frame
        if obj is None:
            return self.tr("Click the thing to cut out first; its matte is finished here.")
        if obj.locked:
            return self.tr("{name} is locked; unlock it to change it.").format(name=obj.name)
        if obj.lock_on(frame) is not None:
            return self.tr("This frame is locked; unlock it to change it.")
        if obj.refuses_changes(frame):
            return self.tr("{name} is not on this frame.").format(name=obj.name)
        return ""

    @Slot()
    def _on_redraw(self) -> None:
        obj, frame = self._editor.active, self._editor.view.frame
        finishing = obj.finishing_on(frame) if obj is not None else None
        self._panel.show_finishing(finishing, frame, self._editor.objects.shape, self._note())

    @Slot(object, float, object)
    def _on_edited(self, parameter: Parameter, value: float, drag: int | None) -> None:
        obj, frame = self._editor.active, self._editor.view.frame
        auto_key = self._editor.objects.auto_key
        if obj is not None:
            self._editor.model.make(
                Change(
                    QT_TRANSLATE_NOOP("Commands", "Finish matte"),
                    lambda p: finishing_edits.set_parameter(
                        p, obj.id, parameter, frame, value, auto_key=auto_key
                    ),
                    drag=drag,
                )
            )
        self._redraw.start()

    @Slot(object)
    def _on_key_wanted(self, parameter: Parameter) -> None:
        obj, frame = self._editor.active, self._editor.view.frame
        if obj is None:
            return
        text = (
            QT_TRANSLATE_NOOP("Commands", "Remove keyframe")
            if frame in obj.finishing[parameter].frames
            else QT_TRANSLATE_NOOP("Commands", "Set keyframe")
        )
        self._editor.model.push(
            text, lambda p: finishing_edits.toggle_key(p, obj.id, parameter, frame)
        )

    @Slot(object)
    def _on_reset_wanted(self, parameter: Parameter) -> None:
        obj = self._editor.active
        if obj is not None:
            self._editor.model.push(
                QT_TRANSLATE_NOOP("Commands", "Reset matte"),
                lambda p: finishing_edits.reset_parameter(p, obj.id, parameter),
            )

    @Slot(object)
    def _on_shape_changed(self, shape: Shape) -> None:
        obj = self._editor.active
        if obj is not None:
            self._editor.model.push(
                QT_TRANSLATE_NOOP("Commands", "Change shape"),
                lambda p: finishing_edits.change_shape(p, obj.id, shape),
            )

    @Slot(int)
    def _on_shape_key_wanted(self, shape_id: int) -> None:
        obj, frame = self._editor.active, self._editor.view.frame
        if obj is None:
            return
        text = (
            QT_TRANSLATE_NOOP("Commands", "Remove keyframe")
            if frame in obj.finishing.find_shape(shape_id).frames
            else QT_TRANSLATE_NOOP("Commands", "Set keyframe")
        )
        self._editor.model.push(
            text, lambda p: finishing_edits.toggle_shape_key(p, obj.id, shape_id, frame)
        )

    @Slot(int)
    def _on_shape_removed(self, shape_id: int) -> None:
        obj = self._editor.active
        if obj is not None:
            self._editor.model.push(
                QT_TRANSLATE_NOOP("Commands", "Remove shape"),
                lambda p: finishing_edits.remove_shape(p, obj.id, shape_id),
            )
