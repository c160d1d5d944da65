"""The commands of the Help menu."""

from __future__ import annotations

from app.features.help.dialogs import HelpDialogs
from app.shell.commands import Command
from app.shell.words import QT_TRANSLATE_NOOP

HELP: tuple[Command[HelpDialogs], ...] = (
    Command(
        "help.guide",
        QT_TRANSLATE_NOOP("Commands", "&Guide"),
        ("Shift+F1",),
        HelpDialogs.show_guide,
    ),
    Command(
        "help.palette",
        QT_TRANSLATE_NOOP("Commands", "&Command palette"),
        ("Ctrl+K",),
        HelpDialogs.show_palette,
    ),
    Command(
        "help.keys",
        QT_TRANSLATE_NOOP("Commands", "&Keys"),
        ("Ctrl+/",),
        HelpDialogs.show_keys,
    ),
    Command(
        "help.tour",
        QT_TRANSLATE_NOOP("Commands", "Show the &tour"),
        (),
        HelpDialogs.start_tour,
    ),
    Command(
        "help.about",
        QT_TRANSLATE_NOOP("Commands", "&About Wisp"),
        (),
        HelpDialogs.show_about,
    ),
)
