"""Commands about the window itself, at the end of the Edit and View menus."""

from __future__ import annotations

from app.actions import Command
from app.words import QT_TRANSLATE_NOOP

EDIT_END = (
    Command(
        "edit.preferences",
        QT_TRANSLATE_NOOP("Commands", "&Preferences…"),
        ("Ctrl+,",),
        lambda s: s.dialogs.show_preferences(),
    ),
)
VIEW_END = (
    Command(
        "view.reset_layout",
        QT_TRANSLATE_NOOP("Commands", "Reset layout"),
        (),
        lambda s: s.reset_layout(),
        separated=True,
    ),
)
