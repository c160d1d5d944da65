"""The list of objects: colour, name, eye; the active one is highlighted."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.panels.hinted import Hinted
from matting_core.document.project import MatteObject
from matting_core.types import ObjectId

_NAME, _EYE = 0, 1
_EYE_WIDTH = 36
_ID = Qt.ItemDataRole.UserRole


class ObjectsPanel(QWidget):
    """Shows the project's objects and asks for changes; it keeps no state of its own."""

    chosen = Signal(object)
    renamed = Signal(object, str)
    visibility_wanted = Signal(object, bool)

    def __init__(self, add: QAction, remove: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: dict[ObjectId, MatteObject] = {}
        self.list = QTreeWidget()
        self._set_up_list()
        hint = self.tr("Click the thing to cut out: the first click adds an object.")
        self._pages = Hinted(self.list, hint)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, theme.GRID)
        layout.addWidget(self._pages, 1)
        layout.addLayout(_buttons(add, remove))

    def show_objects(self, objects: tuple[MatteObject, ...], active: ObjectId | None) -> None:
        """Show these objects."""
        self.list.blockSignals(True)
        self.list.clear()
        self._shown = {obj.id: obj for obj in objects}
        for number, obj in enumerate(objects, start=1):
            item = self._item(obj, number)
            self.list.addTopLevelItem(item)
            if obj.id == active:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self._pages.show_content(bool(objects))

    def _set_up_list(self) -> None:
        self.list.setAccessibleName(self.tr("Objects"))
        self.list.setColumnCount(2)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setIndentation(0)
        self.list.setIconSize(QSize(16, 16))
        self.list.setEditTriggers(QTreeWidget.EditTrigger.NoEditTriggers)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(_EYE_WIDTH)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_EYE, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(_EYE, _EYE_WIDTH)
        self.list.currentItemChanged.connect(self._on_current_changed)
        self.list.itemClicked.connect(self._on_clicked)
        self.list.itemDoubleClicked.connect(self._on_double_clicked)
        self.list.itemChanged.connect(self._on_item_changed)

    def _item(self, obj: MatteObject, number: int) -> QTreeWidgetItem:
        item = QTreeWidgetItem([obj.name, ""])
        item.setData(_NAME, _ID, obj.id)
        item.setIcon(_NAME, _swatch(obj.color))
        color = theme.TEXT if obj.visible else theme.QUIET
        item.setIcon(_EYE, theme.icon("eye" if obj.visible else "eye-slash", color))
        item.setForeground(_NAME, QColor(color))
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        item.setSizeHint(_NAME, QSize(0, 28))
        about = self.tr("{name} (key {number}); double-click to rename")
        item.setToolTip(_NAME, about.format(name=obj.name, number=number))
        item.setToolTip(_EYE, self.tr("Hide (H)") if obj.visible else self.tr("Show (H)"))
        return item

    @Slot(QTreeWidgetItem, QTreeWidgetItem)
    def _on_current_changed(self, item: QTreeWidgetItem | None, _before: object) -> None:
        if item is not None:
            self.chosen.emit(_id_of(item))

    @Slot(QTreeWidgetItem, int)
    def _on_clicked(self, item: QTreeWidgetItem, column: int) -> None:
        if column == _EYE:
            self.visibility_wanted.emit(_id_of(item), not self._shown[_id_of(item)].visible)

    @Slot(QTreeWidgetItem, int)
    def _on_double_clicked(self, item: QTreeWidgetItem, column: int) -> None:
        if column == _NAME:
            self.list.editItem(item, _NAME)

    @Slot(QTreeWidgetItem, int)
    def _on_item_changed(self, item: QTreeWidgetItem, _column: int) -> None:
        if item.text(_NAME) != self._shown[_id_of(item)].name:
            self.renamed.emit(_id_of(item), item.text(_NAME))


def _id_of(item: QTreeWidgetItem) -> ObjectId:
    return ObjectId(item.data(_NAME, _ID))


def _buttons(add: QAction, remove: QAction) -> QHBoxLayout:
    row = QHBoxLayout()
    for action in (add, remove):
        button = QToolButton()
        button.setDefaultAction(action)
        row.addWidget(button)
    row.addStretch(1)
    return row


def _swatch(color: str) -> QIcon:
    pixmap = QPixmap(28, 28)
    pixmap.fill(QColor(color))
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon
