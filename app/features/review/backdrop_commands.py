"""The commands of View > Colour: what is behind the objects there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from app.editor import Editor
from app.model.look import PRESETS, Backdrop
from app.model.view import ViewMode
from app.shell.commands import Command, Shell, has_clip
from app.shell.words import QT_TRANSLATE_NOOP

_SUBMENU = QT_TRANSLATE_NOOP("Commands", "Colour or &image")
_NAMES = {
    "black": QT_TRANSLATE_NOOP("Commands", "Black background"),
    "gray": QT_TRANSLATE_NOOP("Commands", "Mid grey background"),
    "white": QT_TRANSLATE_NOOP("Commands", "White background"),
    "red": QT_TRANSLATE_NOOP("Commands", "Red background"),
    "green": QT_TRANSLATE_NOOP("Commands", "Green background"),
    "blue": QT_TRANSLATE_NOOP("Commands", "Blue background"),
    "magenta": QT_TRANSLATE_NOOP("Commands", "Magenta background"),
}


def choose(shell: Shell, backdrop: Backdrop) -> None:
    """Put something else behind the objects, and look at it."""
    view = shell.editor.view
    view.set_look(replace(view.look, backdrop=backdrop))
    view.set_mode(ViewMode.BACKDROP)


def next_preset(shell: Shell) -> None:
    """Go to the next of the colours that are in the menu."""
    backdrops = [Backdrop(color) for color in PRESETS.values()]
    now = shell.editor.view.look.backdrop
    number = backdrops.index(now) + 1 if now in backdrops else 0
    choose(shell, backdrops[number % len(backdrops)])


def _presets() -> Iterator[Command]:
    for name, color in PRESETS.items():
        backdrop = Backdrop(color)
        yield Command(
            f"view.backdrop_{name}",
            _NAMES[name],
            (),
            partial(choose, backdrop=backdrop),
            enabled_when=has_clip,
            checked_when=partial(_chosen, backdrop=backdrop),
            submenu=_SUBMENU,
        )


def _chosen(editor: Editor, backdrop: Backdrop) -> bool:
    return editor.view.look.backdrop == backdrop


BACKDROPS = (
    *_presets(),
    Command(
        "view.backdrop_next",
        QT_TRANSLATE_NOOP("Commands", "Next background colour"),
        ("Shift+F7",),
        next_preset,
        enabled_when=has_clip,
        separated=True,
        submenu=_SUBMENU,
    ),
    Command(
        "view.backdrop_color",
        QT_TRANSLATE_NOOP("Commands", "Another background colour…"),
        ("Ctrl+F7",),
        lambda s: s.ask_backdrop_color(),
        enabled_when=has_clip,
        submenu=_SUBMENU,
    ),
    Command(
        "view.backdrop_image",
        QT_TRANSLATE_NOOP("Commands", "Background image…"),
        ("Ctrl+Shift+F7",),
        lambda s: s.ask_backdrop_image(),
        enabled_when=has_clip,
        checked_when=lambda editor: bool(editor.view.look.backdrop.image),
        submenu=_SUBMENU,
    ),
)
