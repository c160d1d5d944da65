"""A licence's terms as a label shows them, with a link to its text."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from matting_core.models.terms import TERMS


def terms_of(licence: str) -> str:
    """What a licence asks for, and a link to its text, as rich text; empty if that is not known."""
    terms = TERMS.get(licence)
    if terms is None:
        return ""
    address = escape(terms.address)
    return f'{escape(" ".join(terms.points))} <a href="{address}">{address}</a>'


def open_links(label: QLabel) -> None:
    """Let a label's text be selected, and its links open in the browser, by mouse and by keys."""
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.LinksAccessibleByMouse
        | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
    )
    label.setOpenExternalLinks(True)
