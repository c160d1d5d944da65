"""The commands of View > Gain and gamma."""

from __future__ import annotations

from dataclasses import replace

from app.canvas.pictures.compose import LEVELLED
from app.model.look import Levels
from app.shell.commands import Command
from app.shell.conditions import HasModel, Topic, condition
from app.shell.words import QT_TRANSLATE_NOOP

_SUBMENU = QT_TRANSLATE_NOOP("Commands", "&Gain and gamma")
_STEP = 2


def move(owner: HasModel, gain_steps: int, gamma_steps: int) -> None:
    """Raise or lower gain or gamma."""
    view = owner.model.view
    levels = view.look.levels.moved(gain_steps, gamma_steps)
    view.set_look(replace(view.look, levels=levels))


def reset(owner: HasModel) -> None:
    """Show mattes as they are."""
    view = owner.model.view
    view.set_look(replace(view.look, levels=Levels()))


@condition(
    Topic.DOCUMENT | Topic.VIEW,
    QT_TRANSLATE_NOOP("Commands", "Open a clip and look at its mattes first, such as alpha (F3)."),
)
def shows_matte(owner: HasModel) -> bool:
    """Whether the view is one of mattes."""
    return owner.model.project.clip is not None and owner.model.view.mode in LEVELLED


@condition(Topic.VIEW, QT_TRANSLATE_NOOP("Commands", "Gain and gamma are as they were at first."))
def changed(owner: HasModel) -> bool:
    """Whether there is something to take back."""
    return owner.model.view.look.levels != Levels()


def _moving(
    what: str, text: str, key: str, gain_steps: int, gamma_steps: int = 0
) -> Command[HasModel]:
    return Command(
        f"view.{what}",
        text,
        (key,),
        lambda owner: move(owner, gain_steps, gamma_steps),
        enabled_when=shows_matte,
        submenu=_SUBMENU,
    )


LEVELS: tuple[Command[HasModel], ...] = (
    _moving("gain_up", QT_TRANSLATE_NOOP("Commands", "More gain"), "Shift+Up", _STEP),
    _moving("gain_down", QT_TRANSLATE_NOOP("Commands", "Less gain"), "Shift+Down", -_STEP),
    _moving("gamma_up", QT_TRANSLATE_NOOP("Commands", "More gamma"), "Ctrl+Up", 0, _STEP),
    _moving("gamma_down", QT_TRANSLATE_NOOP("Commands", "Less gamma"), "Ctrl+Down", 0, -_STEP),
    Command(
        "view.levels_reset",
        QT_TRANSLATE_NOOP("Commands", "Reset gain and gamma"),
        ("Shift+G",),
        reset,
        enabled_when=changed,
        separated=True,
        submenu=_SUBMENU,
    ),
)
