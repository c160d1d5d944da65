"""The commands of the Help menu."""

from __future__ import annotations

from app.shell.commands import Command
from app.shell.words import QT_TRANSLATE_NOOP

HELP = (
    Command(
        "help.guide",
        QT_TRANSLATE_NOOP("Commands", "&Guide"),
        ("Shift+F1",),
        lambda s: s.dialogs.show_guide(),
    ),
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
        "help.tour",
        QT_TRANSLATE_NOOP("Commands", "Show the &tour"),
        (),
        lambda s: s.dialogs.start_tour(),
    ),
    Command(
        "help.about",
        QT_TRANSLATE_NOOP("Commands", "&About Wisp"),
        (),
        lambda s: s.dialogs.show_about(),
    ),
)
