"""Words on screen that are written down as data and translate when they are shown."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Mark `text` for lupdate, which looks for this very name; PySide's own is typed `object`."""
    return text


def strip_marks(text: str) -> str:
    """A menu's words without the mark of their key and without the dots."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")


def translate(text: str) -> str:
    """The words of a command or an undo step in the user's language."""
    return QCoreApplication.translate("Commands", text)
