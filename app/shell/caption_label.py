"""A small sign on the canvas."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


def caption_label(parent: QWidget) -> QLabel:
    """A line of text on a dark ground, which the mouse does not notice."""
    label = QLabel(parent)
    label.setProperty("caption", True)
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return label
