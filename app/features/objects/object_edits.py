"""Edits of one object that its row in the panel and the Object menu both make."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QWidget

from app.model.model import Model
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document import edits
from matting_core.document.project import MatteObject
from matting_core.types import ObjectId


def toggle_visible(model: Model, obj: MatteObject) -> None:
    """Show or hide an object."""
    model.push(
        QT_TRANSLATE_NOOP("Commands", "Hide object")
        if obj.visible
        else QT_TRANSLATE_NOOP("Commands", "Show object"),
        lambda p: edits.set_visible(p, obj.id, not obj.visible),
    )


def toggle_locked(model: Model, obj: MatteObject) -> None:
    """Lock or unlock an object."""
    model.push(
        QT_TRANSLATE_NOOP("Commands", "Unlock object")
        if obj.locked
        else QT_TRANSLATE_NOOP("Commands", "Lock object"),
        lambda p: edits.set_locked(p, obj.id, not obj.locked),
    )


def rename(model: Model, object_id: ObjectId, name: str) -> None:
    """Give an object another name."""
    model.push(
        QT_TRANSLATE_NOOP("Commands", "Rename object"),
        lambda p: edits.rename_object(p, object_id, name),
    )


def move(model: Model, object_id: ObjectId, to: int) -> None:
    """Put an object at a place of the list, from 0."""
    model.push(
        QT_TRANSLATE_NOOP("Commands", "Move object"),
        lambda p: edits.move_object(p, object_id, to),
    )


def set_color(model: Model, object_id: ObjectId, color: str) -> None:
    """Give an object another colour on screen, as #rrggbb."""
    model.push(
        QT_TRANSLATE_NOOP("Commands", "Change colour"),
        lambda p: edits.set_color(p, object_id, color),
    )


def ask_color(model: Model, object_id: ObjectId, parent: QWidget) -> None:
    """Let the user choose any colour for an object; the usual ones are in the Object menu."""
    obj = model.project.find(object_id)
    dialog = QColorDialog(QColor(obj.color), parent)
    dialog.setObjectName("object_color")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
    dialog.setWindowTitle(dialog.tr("Colour of {name}").format(name=obj.name))
    dialog.colorSelected.connect(lambda color: set_color(model, object_id, color.name()))
    dialog.open()
