"""A small sign on the canvas."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


def chip(parent: QWidget) -> QLabel:
    """A line of text on a dark ground, which the mouse does not notice."""
    label = QLabel(parent)
    label.setProperty("chip", True)
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return label
