"""The commands of the Help menu."""

from __future__ import annotations

from app.actions import Command
from app.words import QT_TRANSLATE_NOOP

HELP = (
    Command(
        "help.keys", QT_TRANSLATE_NOOP("Commands", "&Keys"), ("Ctrl+/",), lambda s: s.show_keys()
    ),
    Command(
        "help.about", QT_TRANSLATE_NOOP("Commands", "&About Wisp"), (), lambda s: s.show_about()
    ),
)
