"""Cancelling: Esc stops the innermost thing that goes on."""

from __future__ import annotations

from typing import Protocol

from app.shell.commands import Command
from app.shell.conditions import Topic, condition
from app.shell.words import QT_TRANSLATE_NOOP


class Cancellable(Protocol):
    """Owner of the command that cancels."""

    @property
    def busy(self) -> bool:
        """Whether there is anything to cancel."""
        ...

    def cancel(self) -> None:
        """Stop the innermost thing."""
        ...


@condition(
    Topic.TASKS | Topic.PLAYBACK | Topic.TOOL,
    QT_TRANSLATE_NOOP("Commands", "Nothing runs that could be cancelled."),
)
def busy(owner: Cancellable) -> bool:
    """Whether there is anything to cancel."""
    return owner.busy


CANCEL: tuple[Command[Cancellable], ...] = (
    Command(
        "track.cancel",
        QT_TRANSLATE_NOOP("Commands", "&Cancel"),
        ("Esc",),
        lambda owner: owner.cancel(),
        enabled_when=busy,
    ),
)
