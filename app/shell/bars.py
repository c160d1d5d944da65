"""Menus and tool bars, built from the table of commands."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QHelpEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QMenuBar,
    QToolBar,
    QToolButton,
    QWidget,
)

from app.shell import theme
from app.shell.commands import MENUS, CommandTable
from app.shell.settings import UserSettings
from app.shell.words import QT_TRANSLATE_NOOP, translate

_TOOLS = (
    ("edit.tool_select",),
    ("edit.tool_point", "edit.tool_box", "edit.text"),
    ("edit.tool_brush", "edit.tool_eraser", "edit.tool_lasso", "edit.tool_refine"),
    ("edit.tool_garbage", "edit.tool_holdout"),
    ("edit.undo", "edit.redo", "view.fit"),
)
_TRANSPORT = ("playback.back", "playback.play", "playback.on")
_TRACK = "track.both"
_CLOSE = QT_TRANSLATE_NOOP("Commands", "Close {title}")
_AGAIN = QT_TRANSLATE_NOOP("Commands", "Close {title}; View > Panels has it again")
_VIEWS = (
    "view.source",
    "view.overlay",
    "view.alpha",
    "view.roi",
    "view.trimap",
    "view.checker",
    "view.backdrop",
    "view.foreground",
    "view.difference",
)


class RecentMenu(QObject):
    """Submenu of the files that were opened last."""

    chosen = Signal(object)
    """Carries a `Path`."""

    def __init__(self, menu: QMenu, settings: UserSettings, parent: QObject) -> None:
        super().__init__(parent)
        self._menu = menu
        self._settings = settings
        settings.recent_changed.connect(self.fill)
        self.fill()

    @Slot()
    def fill(self) -> None:
        """List the files as they are now."""
        self._menu.clear()
        for number, path in enumerate(self._settings.recent, start=1):
            action = self._menu.addAction(f"&{number}  {path.name.replace('&', '&&')}")
            action.setToolTip(str(path))
            action.triggered.connect(lambda _on=False, path=path: self.chosen.emit(Path(path)))
        if self._settings.recent:
            self._menu.addSeparator()
            clear = self._menu.addAction(self.tr("&Clear this list"))
            clear.triggered.connect(self._settings.clear_recent)
        self._menu.setEnabled(bool(self._settings.recent))


class _Reasons(QObject):
    """Filter of a menu's tooltips: those of what cannot be chosen, which say why, and no others."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the tooltips of what can be chosen: they repeat what the menu says."""
        if not isinstance(watched, QMenu) or not isinstance(event, QHelpEvent):
            return False
        action = watched.actionAt(event.pos())
        return action is None or action.isEnabled()


def fill_menus(bar: QMenuBar, actions: CommandTable) -> dict[str, QMenu]:
    """Put every command in its menu."""
    menus = {key: bar.addMenu(translate(text)) for key, text in MENUS.items()}
    inner: dict[str, QMenu] = {}
    for command in actions.commands:
        menu = menus[command.menu]
        if command.submenu:
            if command.submenu not in inner:
                if command.separated:
                    menu.addSeparator()
                inner[command.submenu] = menu.addMenu(translate(command.submenu))
                inner[command.submenu].setObjectName(command.submenu)
            menu = inner[command.submenu]
        if command.separated:
            menu.addSeparator()
        menu.addAction(actions[command.id])
    reasons = _Reasons(bar)
    for menu in (*menus.values(), *inner.values()):
        menu.setToolTipsVisible(True)
        menu.installEventFilter(reasons)
    return menus


def tool_bar(title: str, actions: CommandTable) -> QToolBar:
    """The canvas tools, for the left edge of the window."""
    bar = QToolBar(title)
    bar.setObjectName("tools")
    bar.setMovable(False)
    bar.setOrientation(Qt.Orientation.Vertical)
    for group in _TOOLS:
        if group is not _TOOLS[0]:
            bar.addSeparator()
        for command_id in group:
            bar.addAction(actions[command_id])
    for button in bar.findChildren(QToolButton):
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return bar


def transport_bar(actions: CommandTable) -> QWidget:
    """Playing, tracking and the views, for the top of the timeline."""
    bar = QWidget()
    row = QHBoxLayout(bar)
    row.setContentsMargins(theme.GRID, 4, theme.GRID, 4)
    row.setSpacing(4)
    for command_id in _TRANSPORT:
        row.addWidget(_button(actions, command_id, Qt.ToolButtonStyle.ToolButtonIconOnly))
    row.addWidget(_line())
    track = _button(actions, _TRACK, Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    track.setProperty("primary", True)
    row.addWidget(track)
    row.addStretch(1)
    for command_id in _VIEWS:
        row.addWidget(_button(actions, command_id, Qt.ToolButtonStyle.ToolButtonTextOnly))
    return bar


def _button(actions: CommandTable, command_id: str, style: Qt.ToolButtonStyle) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(actions[command_id])
    button.setToolButtonStyle(style)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def dock_title(title: str, close: QAction) -> QWidget:
    """A dock's title with a button, of the size that a finger or a hurried hand needs."""
    bar = QWidget()
    bar.setProperty("panel", True)
    bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    heading = QLabel(title)
    heading.setProperty("heading", True)
    button = QToolButton()
    button.setIcon(theme.icon("x", theme.QUIET))
    button.setAccessibleName(translate(_CLOSE).format(title=title))
    button.setToolTip(translate(_AGAIN).format(title=title))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(close.trigger)
    row = QHBoxLayout(bar)
    row.setContentsMargins(theme.GRID, 2, 2, 2)
    row.addWidget(heading, 1)
    row.addWidget(button)
    return bar


def _line() -> QFrame:
    line = QFrame()
    line.setFixedSize(1, 20)
    line.setStyleSheet(f"background: {theme.LINE};")
    return line
