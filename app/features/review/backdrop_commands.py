"""The commands of View > Colour: what is behind the objects there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from app.features.review.backdrop_choice import BackdropChoice
from app.model.look import PRESETS, Backdrop
from app.shell.commands import Command
from app.shell.conditions import Condition, Topic, has_clip
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


def next_preset(owner: BackdropChoice) -> None:
    """Go to the next of the colours that are in the menu."""
    backdrops = [Backdrop(color) for color in PRESETS.values()]
    now = owner.model.view.look.backdrop
    number = backdrops.index(now) + 1 if now in backdrops else 0
    owner.choose(backdrops[number % len(backdrops)])


def _presets() -> Iterator[Command[BackdropChoice]]:
    for name, color in PRESETS.items():
        backdrop = Backdrop(color)
        yield Command(
            f"view.backdrop_{name}",
            _NAMES[name],
            (),
            partial(BackdropChoice.choose, backdrop=backdrop),
            enabled_when=has_clip,
            checked_when=Condition(partial(_is_chosen, backdrop=backdrop), Topic.VIEW),
            submenu=_SUBMENU,
        )


def _is_chosen(owner: BackdropChoice, backdrop: Backdrop) -> bool:
    return owner.model.view.look.backdrop == backdrop


def _is_image(owner: BackdropChoice) -> bool:
    return bool(owner.model.view.look.backdrop.image)


BACKDROPS: tuple[Command[BackdropChoice], ...] = (
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
        BackdropChoice.ask_color,
        enabled_when=has_clip,
        submenu=_SUBMENU,
    ),
    Command(
        "view.backdrop_image",
        QT_TRANSLATE_NOOP("Commands", "Background image…"),
        ("Ctrl+Shift+F7",),
        BackdropChoice.ask_image,
        enabled_when=has_clip,
        checked_when=Condition(_is_image, Topic.VIEW),
        submenu=_SUBMENU,
    ),
)
