"""Where on its window a widget is seen."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget


def seen_rect(widget: QWidget) -> QRect:
    """What is seen of a widget, in its window's coordinates; empty if it is hidden.

    Other than `visibleRegion`, children that cover the widget count as a part of it.
    """
    if not widget.isVisible():
        return QRect()
    rect, at = widget.rect(), widget
    while not at.isWindow() and (above := at.parentWidget()) is not None:
        rect = rect.translated(at.pos()).intersected(above.rect())
        at = above
    return rect
