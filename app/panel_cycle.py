"""Going round the parts of the window with the keyboard: canvas, panels, timeline, tools."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QToolBar, QWidget

from app.visible import seen_rect

Step = Literal[-1, 1]


def parts(window: QMainWindow) -> list[QWidget]:
    """The parts that are on screen: the middle, the docks from above to below, the tool bars."""
    docks = [dock for dock in window.findChildren(QDockWidget) if _seen(dock)]
    below = Qt.DockWidgetArea.BottomDockWidgetArea
    docks.sort(key=lambda dock: (window.dockWidgetArea(dock) == below, dock.y(), dock.x()))
    bars = [bar for bar in window.findChildren(QToolBar) if _seen(bar)]
    middle = window.centralWidget()
    return [*([middle] if middle is not None else []), *docks, *bars]


def focus_next(window: QMainWindow, step: Step) -> QWidget | None:
    """Give the focus to the next or previous part that can have it; returns who has got it."""
    focused = QApplication.focusWidget()
    around = parts(window)
    here = [at for at, part in enumerate(around) if _holds(part, focused)]
    start = here[0] if here else (-1 if step == 1 else 0)
    for offset in range(1, len(around) + 1):
        target = _target(around[(start + step * offset) % len(around)])
        if target is not None:
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return target
    return None


def _target(part: QWidget) -> QWidget | None:
    """The control of a part that gets the focus: the main one, else the first."""
    if _takes_focus(part):
        return part
    found = [each for each in part.findChildren(QWidget) if _takes_focus(each)]
    main = [each for each in found if each.property("main_control")]
    return next(iter([*main, *found]), None)


def _takes_focus(widget: QWidget) -> bool:
    tab = bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)
    return tab and widget.isEnabled() and _seen(widget) and widget.focusProxy() is None


def _holds(part: QWidget, widget: QWidget | None) -> bool:
    return widget is not None and (part is widget or part.isAncestorOf(widget))


def _seen(widget: QWidget) -> bool:
    return not seen_rect(widget).isEmpty()
