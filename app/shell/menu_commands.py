"""Commands of the window itself: undo and redo, panels and quitting."""

from __future__ import annotations

from typing import Protocol

from app.shell.commands import Command
from app.shell.conditions import HasModel, Topic, condition
from app.shell.keys.panel_cycle import Step
from app.shell.words import QT_TRANSLATE_NOOP

PANELS = QT_TRANSLATE_NOOP("Commands", "&Panels")
"""The submenu that also has a switch for each panel."""


class PanelOwner(Protocol):
    """Owner of the commands about panels and quitting."""

    def focus_panel(self, step: Step) -> None:
        """Move the keyboard's focus to the next or previous part of the window."""
        ...

    def reset_layout(self) -> None:
        """Put the panels back where they were at first."""
        ...

    def close(self) -> bool:
        """Close the window."""
        ...


@condition(Topic.UNDO, QT_TRANSLATE_NOOP("Commands", "There is nothing to undo."))
def can_undo(owner: HasModel) -> bool:
    """Whether there is a step to undo."""
    return owner.model.document.stack.canUndo()


@condition(Topic.UNDO, QT_TRANSLATE_NOOP("Commands", "There is nothing to redo."))
def can_redo(owner: HasModel) -> bool:
    """Whether there is a step to redo."""
    return owner.model.document.stack.canRedo()


UNDO: tuple[Command[HasModel], ...] = (
    Command(
        "edit.undo",
        QT_TRANSLATE_NOOP("Commands", "&Undo"),
        ("Ctrl+Z",),
        lambda owner: owner.model.document.stack.undo(),
        enabled_when=can_undo,
        icon="arrow-counter-clockwise",
    ),
    Command(
        "edit.redo",
        QT_TRANSLATE_NOOP("Commands", "&Redo"),
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        lambda owner: owner.model.document.stack.redo(),
        enabled_when=can_redo,
        icon="arrow-clockwise",
    ),
)

QUIT: tuple[Command[PanelOwner], ...] = (
    Command(
        "file.quit",
        QT_TRANSLATE_NOOP("Commands", "&Quit"),
        ("Ctrl+Q",),
        lambda owner: owner.close(),
        separated=True,
    ),
)

LAYOUT: tuple[Command[PanelOwner], ...] = (
    Command(
        "view.next_panel",
        QT_TRANSLATE_NOOP("Commands", "Next panel"),
        ("Ctrl+Tab",),
        lambda owner: owner.focus_panel(1),
        separated=True,
        submenu=PANELS,
    ),
    Command(
        "view.previous_panel",
        QT_TRANSLATE_NOOP("Commands", "Previous panel"),
        ("Ctrl+Shift+Tab",),
        lambda owner: owner.focus_panel(-1),
        submenu=PANELS,
    ),
    Command(
        "view.reset_layout",
        QT_TRANSLATE_NOOP("Commands", "Reset layout"),
        (),
        lambda owner: owner.reset_layout(),
        submenu=PANELS,
    ),
)
