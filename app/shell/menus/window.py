"""Commands about the window itself, at the end of the Edit and View menus."""

from __future__ import annotations

from app.shell.commands import Command
from app.shell.words import QT_TRANSLATE_NOOP

EDIT_END = (
    Command(
        "edit.preferences",
        QT_TRANSLATE_NOOP("Commands", "&Preferences…"),
        ("Ctrl+,",),
        lambda s: s.dialogs.show_preferences(),
    ),
)
PANELS = QT_TRANSLATE_NOOP("Commands", "&Panels")
"""The submenu that also has a switch for each panel."""

VIEW_END = (
    Command(
        "view.next_panel",
        QT_TRANSLATE_NOOP("Commands", "Next panel"),
        ("Ctrl+Tab",),
        lambda s: s.focus_panel(1),
        separated=True,
        submenu=PANELS,
    ),
    Command(
        "view.previous_panel",
        QT_TRANSLATE_NOOP("Commands", "Previous panel"),
        ("Ctrl+Shift+Tab",),
        lambda s: s.focus_panel(-1),
        submenu=PANELS,
    ),
    Command(
        "view.reset_layout",
        QT_TRANSLATE_NOOP("Commands", "Reset layout"),
        (),
        lambda s: s.reset_layout(),
        submenu=PANELS,
    ),
)
