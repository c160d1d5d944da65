"""Panel of objects: eye, solo, lock, colour and name; the active one is highlighted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QSize, Qt, Slot
from PySide6.QtGui import QAction, QColor, QIcon, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QTreeWidgetItem, QVBoxLayout, QWidget

from app.features.objects import object_edits
from app.features.objects.object_list import COLOR, EYE, LOCK, NAME, ROW_HEIGHT, SOLO, ObjectList
from app.model.model import Model
from app.shell import theme
from app.shell.debounce import Debounce
from app.shell.keys.panel_cycle import MAIN
from app.shell.list_or_hint import ListOrHint
from matting_core.types import ObjectId

_ID = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class _Shown:
    """Row of the list."""

    id: ObjectId
    name: str
    color: str
    visible: bool
    locked: bool
    soloed: bool


class ObjectsPanel(QWidget):
    """Panel that shows the project's objects and edits them; it keeps no state of its own.

    Args:
        model: whose objects they are.
        buttons: commands below the list.
        offered: commands of a row's context menu; None for a line between them.
    """

    def __init__(
        self,
        model: Model,
        buttons: Sequence[QAction],
        offered: Sequence[QAction | QMenu | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._shown: dict[ObjectId, _Shown] = {}
        self._offered = offered
        self.list = ObjectList()
        self.list.setAccessibleName(self.tr("Objects"))
        self.list.setProperty(MAIN, True)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._on_menu_wanted)
        self.list.currentItemChanged.connect(self._on_current_changed)
        self.list.itemClicked.connect(self._on_clicked)
        self.list.itemDoubleClicked.connect(self._on_double_clicked)
        self.list.itemChanged.connect(self._on_item_changed)
        self.list.moved.connect(self._on_moved)
        hint = self.tr("Click the thing to cut out: the first click adds an object.")
        self._pages = ListOrHint(self.list, hint)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.GRID, theme.GRID, theme.GRID, theme.GRID)
        layout.addWidget(self._pages, 1)
        layout.addLayout(_row(buttons))
        signals = model.view.active_changed, model.objects.solo_changed
        self._redraw = Debounce(self._on_redraw, self).after(model.document.changed, *signals)
        self._redraw.start()

    @Slot()
    def _on_redraw(self) -> None:
        objects, active = self._model.project.objects, self._model.view.active
        soloed = self._model.objects.soloed
        shown = {
            obj.id: _Shown(obj.id, obj.name, obj.color, obj.visible, obj.locked, obj.id in soloed)
            for obj in objects
        }
        self.list.blockSignals(True)
        if list(shown.values()) != list(self._shown.values()) or self._has_refused_name():
            self._shown = shown
            self.list.clear()
            for number, each in enumerate(shown.values(), start=1):
                self.list.addTopLevelItem(self._item(each, number))
        for row, object_id in enumerate(shown):
            item = self.list.topLevelItem(row)
            if object_id == active and item is not None:
                self.list.setCurrentItem(item, NAME)
        self.list.blockSignals(False)
        self._pages.show_content(bool(objects))

    def rename(self, object_id: ObjectId) -> None:
        """Let the user edit an object's name in its row."""
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.list.rename(list(self._shown).index(object_id))

    def _has_refused_name(self) -> bool:
        """Whether a row has a name that its object has not: it was refused."""
        rows = (self.list.topLevelItem(row) for row in range(self.list.topLevelItemCount()))
        return any(item.text(NAME) != self._shown[_id_of(item)].name for item in rows if item)

    def _item(self, obj: _Shown, number: int) -> QTreeWidgetItem:
        item = QTreeWidgetItem([obj.name, "", "", "", ""])
        item.setData(NAME, _ID, obj.id)
        color = theme.TEXT if obj.visible else theme.QUIET
        item.setForeground(NAME, QColor(color))
        item.setIcon(EYE, theme.icon("eye" if obj.visible else "eye-slash", color))
        item.setIcon(SOLO, theme.icon("target", theme.ACCENT if obj.soloed else theme.DISABLED))
        lock = ("lock-simple", theme.LOCKED) if obj.locked else ("lock-simple-open", theme.DISABLED)
        item.setIcon(LOCK, theme.icon(*lock))
        item.setIcon(COLOR, _swatch(obj.color))
        flags = item.flags() & ~Qt.ItemFlag.ItemIsDropEnabled
        item.setFlags(flags if obj.locked else flags | Qt.ItemFlag.ItemIsEditable)
        item.setSizeHint(NAME, QSize(0, ROW_HEIGHT))
        self._describe(item, obj, number)
        return item

    def _describe(self, item: QTreeWidgetItem, obj: _Shown, number: int) -> None:
        about = self.tr("{name} (key {number}); double-click or F2 renames, a drag moves")
        item.setToolTip(NAME, about.format(name=obj.name, number=number))
        item.setToolTip(EYE, self.tr("Hide (H)") if obj.visible else self.tr("Show (H)"))
        solo = self.tr("Show others too (S)") if obj.soloed else self.tr("Solo: show it alone (S)")
        item.setToolTip(SOLO, solo)
        lock = (
            self.tr("Unlock (Shift+L)")
            if obj.locked
            else self.tr("Lock: keep it as it is (Shift+L)")
        )
        item.setToolTip(LOCK, lock)
        item.setToolTip(COLOR, self.tr("Colour on screen; click to change"))

    @Slot(QTreeWidgetItem, QTreeWidgetItem)
    def _on_current_changed(self, item: QTreeWidgetItem | None, _before: object) -> None:
        if item is not None:
            self._model.view.set_active(_id_of(item))

    @Slot(QTreeWidgetItem, int)
    def _on_clicked(self, item: QTreeWidgetItem, column: int) -> None:
        model, obj = self._model, self._model.project.find(_id_of(item))
        if column == EYE:
            object_edits.toggle_visible(model, obj)
        elif column == SOLO:
            model.objects.toggle_solo(obj.id)
        elif column == LOCK:
            object_edits.toggle_locked(model, obj)
        elif column == COLOR:
            object_edits.ask_color(model, obj.id, self)

    @Slot(QTreeWidgetItem, int)
    def _on_double_clicked(self, item: QTreeWidgetItem, column: int) -> None:
        if column == NAME:
            self.list.rename(self.list.indexOfTopLevelItem(item))

    @Slot(QTreeWidgetItem, int)
    def _on_item_changed(self, item: QTreeWidgetItem, _column: int) -> None:
        if item.text(NAME) != self._shown[_id_of(item)].name:
            object_edits.rename(self._model, _id_of(item), item.text(NAME))
            self._redraw.start()  # also where the name was refused

    @Slot(int, int)
    def _on_moved(self, row: int, to: int) -> None:
        object_edits.move(self._model, list(self._shown)[row], to)

    @Slot(QPoint)
    def _on_menu_wanted(self, place: QPoint) -> None:
        if self.list.itemAt(place) is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for each in self._offered:
            if each is None:
                menu.addSeparator()
            elif isinstance(each, QMenu):
                menu.addMenu(each)
            else:
                menu.addAction(each)
        menu.popup(self.list.viewport().mapToGlobal(place))


def _id_of(item: QTreeWidgetItem) -> ObjectId:
    return ObjectId(item.data(NAME, _ID))


def _row(actions: Sequence[QAction]) -> QHBoxLayout:
    row = QHBoxLayout()
    for action in actions:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(button)
    row.addStretch(1)
    return row


def _swatch(color: str) -> QIcon:
    pixmap = QPixmap(28, 28)
    pixmap.fill(QColor(color))
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon
