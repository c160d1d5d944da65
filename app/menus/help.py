"""The commands of the Help menu."""

from __future__ import annotations

from app.actions import Command
from app.words import QT_TRANSLATE_NOOP

HELP = (
    Command(
        "help.palette",
        QT_TRANSLATE_NOOP("Commands", "&Command palette"),
        ("Ctrl+K",),
        lambda s: s.dialogs.show_palette(),
    ),
    Command(
        "help.keys",
        QT_TRANSLATE_NOOP("Commands", "&Keys"),
        ("Ctrl+/",),
        lambda s: s.dialogs.show_keys(),
    ),
    Command(
        "help.about",
        QT_TRANSLATE_NOOP("Commands", "&About Wisp"),
        (),
        lambda s: s.dialogs.show_about(),
    ),
)
