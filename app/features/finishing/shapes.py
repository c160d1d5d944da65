"""Shapes of the active object: type, inverted, curved, feather, on or off, delete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.model.model import Model
from app.shell import theme
from app.shell.words import QT_TRANSLATE_NOOP
from matting_core.document import finishing_edits
from matting_core.document.shapes import MOST_FEATHER, Shape, ShapeRole

_ID = Qt.ItemDataRole.UserRole
_ROW_HEIGHT = 29
_MOST_ROWS = 4


class ShapesSection(QWidget):
    """List of the active object's shapes, and the details of the selected one, which it edits.

    Args:
        model: whose shapes they are.
        buttons: the tools that draw shapes.
    """

    def __init__(
        self, model: Model, buttons: Sequence[QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._shapes: dict[int, Shape] = {}
        self._selected: int | None = None
        self._shown: tuple[object, ...] | None = None
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Shapes"))
        self.hint = QLabel(self.tr("None. Garbage (G) removes, holdout (Ctrl+G) keeps."))
        self.hint.setWordWrap(True)
        self.hint.setProperty("quiet", True)
        self.role = QComboBox()
        self.role.addItem(self.tr("Garbage: removes"), ShapeRole.GARBAGE.value)
        self.role.addItem(self.tr("Holdout: keeps"), ShapeRole.HOLDOUT.value)
        self.role.setAccessibleName(self.tr("Type of shape"))
        self.role.setToolTip(self.tr("What the shape does inside"))
        self.inverted = QCheckBox(self.tr("Invert"))
        self.inverted.setToolTip(self.tr("Outside instead of inside"))
        self.curved = QCheckBox(self.tr("Curved"))
        self.curved.setToolTip(self.tr("A smooth curve through the points"))
        self.feather = QDoubleSpinBox()
        self.feather.setRange(0, MOST_FEATHER)
        self.feather.setDecimals(1)
        self.feather.setSuffix(" px")
        self.feather.setKeyboardTracking(False)
        theme.indent_number(self.feather)
        self.feather.setAccessibleName(self.tr("Feather of the shape"))
        self.feather.setToolTip(self.tr("How softly the shape ends"))
        self.details = QWidget()
        self._lay_out(buttons)
        self._connect()

    def show_shapes(self, shapes: Sequence[Shape], selected: int | None, frame: int) -> None:
        """Show these shapes as they are on a frame."""
        shown = tuple(shapes), selected, None if selected is None else frame
        if shown == self._shown:
            return
        self._shown = shown
        self._shapes = {shape.id: shape for shape in shapes}
        self._selected = selected
        self.list.blockSignals(True)
        self.list.clear()
        for each in shapes:
            item = self._item(each)
            self.list.addItem(item)
            if each.id == selected:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self.list.setFixedHeight(min(len(shapes), _MOST_ROWS) * _ROW_HEIGHT)
        self.list.setVisible(bool(shapes))
        self.hint.setVisible(not shapes)
        shape = self._shapes.get(selected) if selected is not None else None
        self.details.setVisible(shape is not None)
        if shape is not None:
            self._show_details(shape)
            self._show_key(shape, frame)

    def _item(self, shape: Shape) -> QListWidgetItem:
        names = {
            ShapeRole.GARBAGE: self.tr("Garbage {number}"),
            ShapeRole.HOLDOUT: self.tr("Holdout {number}"),
        }
        text = names[shape.role].format(number=shape.id)
        if shape.inverted:
            text += self.tr(", inverted")
        item = QListWidgetItem(text)
        item.setData(_ID, shape.id)
        item.setCheckState(Qt.CheckState.Checked if shape.enabled else Qt.CheckState.Unchecked)
        item.setToolTip(self.tr("Tick: on or off"))
        return item

    def _show_details(self, shape: Shape) -> None:
        widgets = (self.role, self.inverted, self.curved, self.feather)
        for widget in widgets:
            widget.blockSignals(True)
        self.role.setCurrentIndex(self.role.findData(shape.role.value))
        self.inverted.setChecked(shape.inverted)
        self.curved.setChecked(shape.curved)
        self.feather.setValue(shape.feather)
        for widget in widgets:
            widget.blockSignals(False)

    def _show_key(self, shape: Shape, frame: int) -> None:
        here, several = frame in shape.frames, len(shape.keys) > 1
        color = theme.ACCENT if several else theme.QUIET
        self.diamond.setIcon(theme.filled_icon("diamond") if here else theme.icon("diamond", color))
        self.diamond.setEnabled(several or not here)
        if not here:
            self.diamond.setToolTip(self.tr("Set a keyframe here"))
        elif several:
            self.diamond.setToolTip(self.tr("Remove the keyframe here"))
        else:
            self.diamond.setToolTip(self.tr("Its only keyframe; go to another frame to set one."))

    def _lay_out(self, buttons: Sequence[QAction]) -> None:
        self.diamond = QToolButton()
        self.diamond.setAccessibleName(self.tr("Keyframe of the shape"))
        self.diamond.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.remove = QToolButton()
        self.remove.setIcon(theme.icon("trash"))
        self.remove.setToolTip(self.tr("Remove the shape (Del with a shape tool)"))
        self.remove.setAccessibleName(self.tr("Remove the shape"))
        self.remove.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        grid = QGridLayout(self.details)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.role, 0, 0, 1, 2)
        grid.addWidget(self.diamond, 0, 2)
        grid.addWidget(self.remove, 0, 3)
        grid.addWidget(QLabel(self.tr("Feather")), 1, 0)
        grid.addWidget(self.feather, 1, 1, 1, 3)
        ticks = QHBoxLayout()
        for tick in (self.inverted, self.curved):
            ticks.addWidget(tick)
        ticks.addStretch(1)
        grid.addLayout(ticks, 2, 0, 1, 4)
        heading = QLabel(self.tr("Shapes"))
        heading.setProperty("heading", True)
        head = QHBoxLayout()
        head.addWidget(heading, 1)
        for action in buttons:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            head.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        for widget in (self.hint, self.list, self.details):
            layout.addWidget(widget)

    def _connect(self) -> None:
        self.list.currentItemChanged.connect(self._on_current_changed)
        self.list.itemChanged.connect(self._on_item_changed)
        self.role.currentIndexChanged.connect(self._on_details_changed)
        self.inverted.toggled.connect(self._on_details_changed)
        self.curved.toggled.connect(self._on_details_changed)
        self.feather.valueChanged.connect(self._on_details_changed)
        self.remove.clicked.connect(self._on_remove)
        self.diamond.clicked.connect(self._on_key)

    @Slot(QListWidgetItem, QListWidgetItem)
    def _on_current_changed(self, item: QListWidgetItem | None, _before: object) -> None:
        if item is not None:
            self._model.objects.select_shape(item.data(_ID))

    @Slot(QListWidgetItem)
    def _on_item_changed(self, item: QListWidgetItem) -> None:
        enabled = item.checkState() == Qt.CheckState.Checked
        self._change(replace(self._shapes[item.data(_ID)], enabled=enabled))

    @Slot()
    def _on_details_changed(self) -> None:
        if self._selected in self._shapes:
            self._change(
                replace(
                    self._shapes[self._selected],
                    role=ShapeRole(self.role.currentData()),
                    inverted=self.inverted.isChecked(),
                    curved=self.curved.isChecked(),
                    feather=self.feather.value(),
                )
            )

    @Slot()
    def _on_key(self) -> None:
        obj, shape, frame = self._model.active, self._selected, self._model.view.frame
        if obj is not None and shape is not None:
            self._model.push(
                key_text(frame in obj.finishing.find_shape(shape).frames),
                lambda p: finishing_edits.toggle_shape_key(p, obj.id, shape, frame),
            )

    @Slot()
    def _on_remove(self) -> None:
        obj, shape = self._model.active, self._selected
        if obj is not None and shape is not None:
            self._model.push(
                QT_TRANSLATE_NOOP("Commands", "Remove shape"),
                lambda p: finishing_edits.remove_shape(p, obj.id, shape),
            )

    def _change(self, shape: Shape) -> None:
        obj = self._model.active
        if obj is not None:
            self._model.push(
                QT_TRANSLATE_NOOP("Commands", "Change shape"),
                lambda p: finishing_edits.change_shape(p, obj.id, shape),
            )


def key_text(there: bool) -> str:
    """What a click on a diamond is called in the list of steps, where a keyframe is or is not."""
    if there:
        return QT_TRANSLATE_NOOP("Commands", "Remove keyframe")
    return QT_TRANSLATE_NOOP("Commands", "Set keyframe")
