"""The commands of View > Compare."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.editor import Editor
from app.model.look import Against, Comparison
from app.shell.commands import Command, Shell, has_clip
from app.shell.conditions import any_versions, wiping
from app.shell.words import QT_TRANSLATE_NOOP

_PART = 0.05
_SUBMENU = QT_TRANSLATE_NOOP("Commands", "Co&mpare")


def compare(shell: Shell, comparison: Comparison) -> None:
    """Begin a comparison, or end it."""
    view = shell.editor.view
    view.set_look(view.look.compared(comparison))


def compare_with(shell: Shell, against: Against) -> None:
    """Choose what to compare with; a wipe begins if nothing is compared yet."""
    view = shell.editor.view
    how = view.look.comparison or Comparison.WIPE
    view.set_look(replace(view.look, comparison=how, against=against))


def _how(comparison: Comparison, text: str, key: str) -> Command:
    return Command(
        f"view.compare_{comparison.value}",
        text,
        (key,),
        lambda s: compare(s, comparison),
        enabled_when=has_clip,
        checked_when=lambda editor: editor.view.look.comparison is comparison,
        submenu=_SUBMENU,
    )


def _with(
    against: Against, text: str, key: str, test: Callable[[Editor], bool], *, separated: bool
) -> Command:
    def on(editor: Editor) -> bool:
        look = editor.view.look
        return look.comparison is not None and look.against is against and test(editor)

    return Command(
        f"view.compare_{against.value}",
        text,
        (key,),
        lambda s: compare_with(s, against),
        enabled_when=test,
        checked_when=on,
        separated=separated,
        submenu=_SUBMENU,
    )


def _move(what: str, text: str, key: str, part: float, *, separated: bool) -> Command:
    return Command(
        f"view.wipe_{what}",
        text,
        (key,),
        lambda s: s.move_wipe(part),
        enabled_when=wiping,
        separated=separated,
        submenu=_SUBMENU,
    )


COMPARISONS = (
    _how(Comparison.WIPE, QT_TRANSLATE_NOOP("Commands", "Wipe"), "W"),
    _how(Comparison.BESIDE, QT_TRANSLATE_NOOP("Commands", "Side by side"), "Shift+W"),
    _with(
        Against.SOURCE,
        QT_TRANSLATE_NOOP("Commands", "Compare with the source"),
        "Alt+1",
        has_clip,
        separated=True,
    ),
    _with(
        Against.EARLIER,
        QT_TRANSLATE_NOOP("Commands", "Compare with the earlier version"),
        "Alt+2",
        any_versions,
        separated=False,
    ),
    _move(
        "left",
        QT_TRANSLATE_NOOP("Commands", "Line of the wipe to the left"),
        "Alt+Left",
        -_PART,
        separated=True,
    ),
    _move(
        "right",
        QT_TRANSLATE_NOOP("Commands", "Line of the wipe to the right"),
        "Alt+Right",
        _PART,
        separated=False,
    ),
)
