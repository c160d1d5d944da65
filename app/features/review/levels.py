"""The commands of View > Gain and gamma."""

from __future__ import annotations

from dataclasses import replace

from app.canvas.pictures.compose import LEVELLED
from app.editor import Editor
from app.model.look import Levels
from app.shell.commands import REASONS, Command, Shell
from app.shell.words import QT_TRANSLATE_NOOP

_SUBMENU = QT_TRANSLATE_NOOP("Commands", "&Gain and gamma")
_STEP = 2


def move(shell: Shell, gain_steps: int, gamma_steps: int) -> None:
    """Raise or lower gain or gamma."""
    view = shell.editor.view
    levels = view.look.levels.moved(gain_steps, gamma_steps)
    view.set_look(replace(view.look, levels=levels))


def reset(shell: Shell) -> None:
    """Show mattes as they are."""
    view = shell.editor.view
    view.set_look(replace(view.look, levels=Levels()))


def shows_matte(editor: Editor) -> bool:
    """Whether the view is one of mattes."""
    return editor.project.clip is not None and editor.view.mode in LEVELLED


def changed(editor: Editor) -> bool:
    """Whether there is something to take back."""
    return editor.view.look.levels != Levels()


REASONS.update(
    {
        shows_matte: QT_TRANSLATE_NOOP(
            "Commands", "Open a clip and look at its mattes first, such as alpha (F3)."
        ),
        changed: QT_TRANSLATE_NOOP("Commands", "Gain and gamma are as they were at first."),
    }
)


def _moving(what: str, text: str, key: str, gain_steps: int, gamma_steps: int = 0) -> Command:
    return Command(
        f"view.{what}",
        text,
        (key,),
        lambda s: move(s, gain_steps, gamma_steps),
        enabled_when=shows_matte,
        submenu=_SUBMENU,
    )


LEVELS = (
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
