"""All commands in the order of the menus, and the owner of each group in one window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from app.canvas import commands as canvas
from app.canvas.commands import CanvasCommands
from app.features.export.commands import EXPORT, ExportCommands
from app.features.files.commands import COLLECT, FILE
from app.features.files.dialogs import FileDialogs
from app.features.finishing.commands import FINISHING
from app.features.help.commands import HELP
from app.features.help.dialogs import HelpDialogs
from app.features.models.commands import MODELS, ModelCommands
from app.features.objects.commands import OBJECT, OBJECT_NUMBERS, TEXT, ObjectCommands
from app.features.preferences.commands import PREFERENCES, Preferences
from app.features.review.backdrop_choice import BackdropChoice
from app.features.review.backdrop_commands import BACKDROPS
from app.features.review.commands import VIEW
from app.features.review.comparisons import COMPARISONS, SUBMENU
from app.features.review.levels import LEVELS
from app.features.review.playback import PLAYBACK, RANGE
from app.features.review.versions import VERSIONS, EarlierVersions
from app.features.tracking.commands import DOUBT, RUNNING, TRACK
from app.features.tracking.tracking import Tracking
from app.shell.cancel import CANCEL, Cancellable
from app.shell.commands import Command, OwnedCommand, own
from app.shell.menu_commands import LAYOUT, QUIT, UNDO, PanelOwner

OwnerT = TypeVar("OwnerT")


@dataclass(frozen=True, slots=True)
class Owners:
    """Owners of the commands in one window."""

    window: PanelOwner
    files: FileDialogs
    export: ExportCommands
    canvas: CanvasCommands
    objects: ObjectCommands
    models: ModelCommands
    preferences: Preferences
    backdrops: BackdropChoice
    versions: EarlierVersions
    tracking: Tracking
    cancel: Cancellable
    help: HelpDialogs


@dataclass(frozen=True, slots=True)
class _Group(Generic[OwnerT]):
    commands: tuple[Command[OwnerT], ...]
    owner: Callable[[Owners], OwnerT]

    def own(self, owners: Owners) -> tuple[OwnedCommand, ...]:
        return own(self.commands, self.owner(owners))


_GROUPS: tuple[_Group[Any], ...] = (
    _Group(FILE, lambda owners: owners.files),
    _Group(EXPORT, lambda owners: owners.export),
    _Group(COLLECT, lambda owners: owners.files),
    _Group(QUIT, lambda owners: owners.window),
    _Group(UNDO, lambda owners: owners.canvas),
    _Group(canvas.DELETE, lambda owners: owners.canvas),
    _Group(canvas.TOOLS, lambda owners: owners.canvas),
    _Group(TEXT, lambda owners: owners.objects),
    _Group(canvas.BRUSHES, lambda owners: owners.canvas),
    _Group(MODELS, lambda owners: owners.models),
    _Group(PREFERENCES, lambda owners: owners.preferences),
    _Group(VIEW, lambda owners: owners.canvas),
    _Group(BACKDROPS, lambda owners: owners.backdrops),
    _Group(LEVELS, lambda owners: owners.canvas),
    _Group(COMPARISONS, lambda owners: owners.canvas),
    _Group(canvas.wipe(SUBMENU), lambda owners: owners.canvas),
    _Group(canvas.ZOOM, lambda owners: owners.canvas),
    _Group(LAYOUT, lambda owners: owners.window),
    _Group(OBJECT, lambda owners: owners.objects),
    _Group(FINISHING, lambda owners: owners.objects),
    _Group(canvas.SHAPES, lambda owners: owners.canvas),
    _Group(OBJECT_NUMBERS, lambda owners: owners.objects),
    _Group(TRACK, lambda owners: owners.tracking),
    _Group(VERSIONS, lambda owners: owners.versions),
    _Group(RUNNING, lambda owners: owners.tracking),
    _Group(CANCEL, lambda owners: owners.cancel),
    _Group(PLAYBACK, lambda owners: owners.canvas),
    _Group(DOUBT, lambda owners: owners.canvas),
    _Group(RANGE, lambda owners: owners.canvas),
    _Group(HELP, lambda owners: owners.help),
)


def all_commands() -> tuple[Command[Any], ...]:
    """All commands, in the order of their menus."""
    return tuple(command for group in _GROUPS for command in group.commands)


def own_commands(owners: Owners) -> Iterator[OwnedCommand]:
    """Give all commands their owners, in the order of their menus."""
    for group in _GROUPS:
        yield from group.own(owners)
