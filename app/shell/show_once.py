"""Dialogs that are shown once: asked for again, the one on screen comes to the front."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QWidget

DialogT = TypeVar("DialogT", bound=QWidget)


def show_once(window: QWidget, kind: type[DialogT], make: Callable[[], DialogT]) -> DialogT:
    """Show the dialog of a kind that is on screen over a window, or else a new one."""
    shown = [each for each in window.findChildren(kind) if each.isVisible()]
    dialog = shown[0] if shown else make()
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
    return dialog
