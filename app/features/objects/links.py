"""Keeps the panel of objects showing what the editor holds, and passes its wishes on."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from app.editor import Editor
from app.features.objects.commands import ask_color, lock_edit, visibility_edit
from app.features.objects.panel import ObjectsPanel
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document import edits
from matting_core.types import ObjectId


class ObjectLinks(QObject):
    """Redraws the panel once for any number of changes in one turn of the event loop."""

    def __init__(self, editor: Editor, panel: ObjectsPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._panel = panel
        self._redraw = QTimer(self, singleShot=True, interval=0)
        self._redraw.timeout.connect(self._on_redraw)
        for signal in (
            editor.document.changed,
            editor.view.active_changed,
            editor.objects.solo_changed,
        ):
            signal.connect(self._redraw.start)
        panel.chosen.connect(editor.view.set_active)
        panel.renamed.connect(self._on_renamed)
        panel.visibility_wanted.connect(self._on_visibility_wanted)
        panel.solo_wanted.connect(editor.objects.toggle_solo)
        panel.lock_wanted.connect(self._on_lock_wanted)
        panel.color_wanted.connect(self._on_color_wanted)
        panel.move_wanted.connect(self._on_move_wanted)
        self._redraw.start()

    @Slot()
    def _on_redraw(self) -> None:
        editor = self._editor
        objects, active = editor.project.objects, editor.view.active
        self._panel.show_objects(objects, active, editor.objects.soloed)

    @Slot(object, str)
    def _on_renamed(self, object_id: ObjectId, name: str) -> None:
        self._editor.model.push(
            QT_TRANSLATE_NOOP("Commands", "Rename object"),
            lambda p: edits.rename_object(p, object_id, name),
        )
        self._redraw.start()

    @Slot(object)
    def _on_visibility_wanted(self, object_id: ObjectId) -> None:
        self._editor.model.push(*visibility_edit(self._editor.project.find(object_id)))

    @Slot(object)
    def _on_lock_wanted(self, object_id: ObjectId) -> None:
        self._editor.model.push(*lock_edit(self._editor.project.find(object_id)))

    @Slot(object)
    def _on_color_wanted(self, object_id: ObjectId) -> None:
        ask_color(self._editor.model, object_id, self._panel)

    @Slot(object, int)
    def _on_move_wanted(self, object_id: ObjectId, to: int) -> None:
        self._editor.model.push(
            QT_TRANSLATE_NOOP("Commands", "Move object"),
            lambda p: edits.move_object(p, object_id, to),
        )
