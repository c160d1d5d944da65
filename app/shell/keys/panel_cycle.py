"""Going round the parts of the window with the keyboard: canvas, panels, timeline, tools."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QToolBar, QWidget

from app.shell.visible import seen_rect

Step = Literal[-1, 1]
MAIN = "main_control"
"""The property of the control for which a part is there."""


def parts(window: QMainWindow) -> list[QWidget]:
    """The open parts: the middle, the docks from above to below, the tool bars.

    Docks behind the tab of another are among them, in an order that does not depend on which is
    in front.
    """
    docks = [dock for dock in window.findChildren(QDockWidget) if dock.isVisible()]
    docks.sort(key=lambda dock: _order(window, dock))
    bars = [bar for bar in window.findChildren(QToolBar) if _is_visible(bar)]
    middle = window.centralWidget()
    return [*([middle] if middle is not None else []), *docks, *bars]


def focus_next(window: QMainWindow, step: Step) -> QWidget | None:
    """Give the focus to the next or previous part that can have it; returns who has got it."""
    focused = QApplication.focusWidget()
    around = parts(window)
    here = [at for at, part in enumerate(around) if _holds(part, focused)]
    start = here[0] if here else (-1 if step == 1 else 0)
    for offset in range(1, len(around) + 1):
        part = around[(start + step * offset) % len(around)]
        if isinstance(part, QDockWidget) and not _is_visible(part):
            part.raise_()
        target = _target(part)
        if target is not None:
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return target
    return None


def _target(part: QWidget) -> QWidget | None:
    """The control of a part that gets the focus: the main one, else the first.

    What closes a panel is in its title, and only comes where there is nothing else.
    """
    if _takes_focus(part):
        return part
    found = [each for each in part.findChildren(QWidget) if _takes_focus(each)]
    main = [each for each in found if each.property(MAIN)]
    title = part.titleBarWidget() if isinstance(part, QDockWidget) else None
    inner = [each for each in found if title is None or not title.isAncestorOf(each)]
    return next(iter([*main, *inner, *found]), None)


def _takes_focus(widget: QWidget) -> bool:
    tab = bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)
    return tab and widget.isEnabled() and widget.isVisible() and widget.focusProxy() is None


def _holds(part: QWidget, widget: QWidget | None) -> bool:
    return widget is not None and (part is widget or part.isAncestorOf(widget))


def _order(window: QMainWindow, dock: QDockWidget) -> tuple[bool, int, int, str]:
    """Where a dock comes; one behind a tab lies outside the window, so the one in front says."""
    group = [dock, *window.tabifiedDockWidgets(dock)]
    front = next((each for each in group if _is_visible(each)), dock)
    below = window.dockWidgetArea(dock) == Qt.DockWidgetArea.BottomDockWidgetArea
    return below, front.y(), front.x(), dock.objectName()


def _is_visible(widget: QWidget) -> bool:
    return not seen_rect(widget).isEmpty()
