"""The window around the work: docks, geometry, and files that are dropped on it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar, QTabWidget, QWidget

from app.shell.bars import dock_title
from app.shell.keys.panel_cycle import Step, focus_next
from app.shell.settings import UserSettings

_SIZE = (1440, 900)
_PANEL_WIDTH = 260


class PanelWindow(QMainWindow):
    """Window of panels around a middle, laid out as the user left it.

    Args:
        settings: remembers the layout.
        heights: pixels of panels at first, by name.
        parent: the Qt parent.
    """

    dropped = Signal(str)
    """Carries the path of a file or folder that was dropped on the window."""

    def __init__(
        self, settings: UserSettings, heights: dict[str, int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._heights = heights
        self.setAcceptDrops(True)

    def focus_panel(self, step: Step) -> None:
        """Move the keyboard's focus to the next or previous part of the window."""
        focus_next(self, step)

    def reset_layout(self) -> None:
        """Put the panels back where they were at first."""
        self.restoreState(self._first_state)
        self._size_docks()

    def add_panel(self, name: str, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> None:
        """Add a panel that can be moved and closed."""
        dock = QDockWidget(title)
        dock.setObjectName(name)
        widget.setProperty("panel", True)
        widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        dock.setWidget(widget)
        dock.setTitleBarWidget(dock_title(title, dock.toggleViewAction()))
        features = QDockWidget.DockWidgetFeature
        dock.setFeatures(features.DockWidgetClosable | features.DockWidgetMovable)
        self.addDockWidget(area, dock)

    def hide_titles(self, *names: str) -> None:
        """Leave panels without a title bar: a tab has their title, or they need none."""
        for name in names:
            self.panel(name).setTitleBarWidget(QWidget())

    def tabify(self, one: str, other: str) -> None:
        """Put two panels in one place; the second is on top."""
        first, second = self.panel(one), self.panel(other)
        self.setTabPosition(Qt.DockWidgetArea.RightDockWidgetArea, QTabWidget.TabPosition.North)
        self.hide_titles(one, other)
        self.tabifyDockWidget(first, second)
        second.raise_()

    def panel(self, name: str) -> QDockWidget:
        """The dock of a panel."""
        return next(dock for dock in self.findChildren(QDockWidget) if dock.objectName() == name)

    def name_tabs(self) -> None:
        """Give the tab bars, which Qt makes when it lays docks out, a name for screen readers."""
        for bar in self.findChildren(QTabBar):
            bar.setAccessibleName(self.tr("Panels"))

    def restore_layout(self) -> None:
        """Take up the layout of the last run; all panels have been added."""
        geometry, state = self._settings.geometry()
        self.resize(*_SIZE)
        self._first_state = self.saveState()
        self._size_docks()
        if not geometry.isEmpty():
            self.restoreGeometry(geometry)
            self.restoreState(state)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand on what was dropped."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.dropped.emit(files[0])

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the layout for the next run."""
        self._settings.set_geometry(self.saveGeometry(), self.saveState())
        self.hide()
        event.accept()

    def _size_docks(self) -> None:
        docks = self.findChildren(QDockWidget)
        self.resizeDocks(docks, [_PANEL_WIDTH] * len(docks), Qt.Orientation.Horizontal)
        panels = [self.panel(name) for name in self._heights]
        self.resizeDocks(panels, list(self._heights.values()), Qt.Orientation.Vertical)
